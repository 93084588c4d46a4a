import { type ReadonlySignal, batch, signal } from '@preact/signals';
import { type Clock, browserClock } from '../shared/clock';
import type { RunCode } from './code';

/** What became of the code of a run. */
export interface Launched {
  /** The kernel's own words when it did not work; null when it did. */
  readonly problem: string | null;
  /** The id of the run that it started, where the kernel told it. */
  readonly run?: string | null;
}

/** Has the kernel execute the code of a run; calls `begun` when the kernel turns to it. */
export type Execute = (code: RunCode, begun: () => void) => Promise<Launched>;

/** A kernel that is free turns to a request well within this time. (Its status does not tell: see docs/kernels.md.) */
const BUSY_AFTER_MS = 300;

export type Phase =
  | 'ready'
  /** The kernel is busy with a cell. */
  | 'queued'
  | 'starting';

/** Starts runs in one kernel, one at a time. */
export class Launcher {
  readonly phase: ReadonlySignal<Phase>;
  /** Why the last start failed; null when it did not. */
  readonly problem: ReadonlySignal<string | null>;
  private readonly phaseNow = signal<Phase>('ready');
  private readonly problemNow = signal<string | null>(null);

  constructor(
    private readonly execute: Execute,
    private readonly clock: Clock = browserClock,
  ) {
    this.phase = this.phaseNow;
    this.problem = this.problemNow;
  }

  /** Starts a run and returns its id, if the kernel tells it; does nothing while another is being started. */
  async launch(code: RunCode): Promise<string | null> {
    if (this.phaseNow.peek() !== 'ready') {
      return null;
    }
    batch(() => {
      this.phaseNow.value = 'starting';
      this.problemNow.value = null;
    });
    const stopWaiting = this.clock.after(BUSY_AFTER_MS, () => {
      this.phaseNow.value = 'queued';
    });
    const { problem, run = null } = await this.execute(code, () => {
      stopWaiting();
      this.phaseNow.value = 'starting';
    });
    stopWaiting();
    batch(() => {
      this.phaseNow.value = 'ready';
      this.problemNow.value = problem;
    });
    return run;
  }
}
