import type { ColumnRequest, FocusRequest, SampleRequest } from '../../protocol/client';

/** What a view can ask of whoever feeds the store. */
export interface Source {
  /** Asks the kernel to stop a run and keep what it has. */
  readonly cancel: (run: string) => void;
  /** Asks the kernel to pause a run after its current batch. */
  readonly pause: (run: string) => void;
  /** Asks the kernel to go on with a paused run. */
  readonly resume: (run: string) => void;
  /** Asks the kernel for the numbers of an open layer and of a recipe strategy, from now on. */
  readonly focus: (run: string, focus: FocusRequest) => void;
  /** Asks the kernel for the next values of a column of samples. */
  readonly readColumn: (run: string, request: ColumnRequest) => void;
  /** Tells the kernel what is chosen among samples, and has it do something with them; left out where no kernel is. */
  readonly askSamples?: (run: string, request: SampleRequest) => void;
  /** Interrupts whatever the kernel does; null where the host cannot. */
  readonly interrupt: (() => Promise<void>) | null;
  /** Tries at once to get a lost connection back; null where the host cannot. */
  readonly reconnect: (() => void) | null;
}
