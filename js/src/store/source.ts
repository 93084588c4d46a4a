/** What a view can ask of whoever feeds the store. */
export interface Source {
  /** Asks the kernel to stop a run and keep what it has. */
  readonly cancel: (run: string) => void;
  /** Interrupts whatever the kernel does; null where the host cannot. */
  readonly interrupt: (() => Promise<void>) | null;
}
