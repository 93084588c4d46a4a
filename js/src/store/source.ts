/** What a view can ask of whoever feeds the store. */
export interface Source {
  /** Asks the kernel to stop a run and keep what it has. */
  readonly cancel: (run: string) => void;
  /** Asks the kernel to let a run rest after its current batch. */
  readonly pause: (run: string) => void;
  /** Asks the kernel to go on with a paused run. */
  readonly resume: (run: string) => void;
  /** Interrupts whatever the kernel does; null where the host cannot. */
  readonly interrupt: (() => Promise<void>) | null;
}
