import type { Signal } from '@preact/signals';
import type { Clock } from '../../../store/shared/clock';

/** Seconds from one try to the next; the last is used from then on. */
const WAITS = [5, 10, 20, 30] as const;
const LONGEST = 30;

/** Tries to get a lost connection back, ever more seldom, for as long as it is lost. JupyterLab itself gives up. */
export class Retry {
  private tries = 0;
  private cancel: (() => void) | null = null;

  constructor(
    private readonly clock: Clock,
    /** Told when the next try comes; null while none is due. */
    private readonly at: Signal<number | null>,
    private readonly again: () => void,
  ) {}

  begin(): void {
    if (this.cancel === null) {
      this.schedule();
    }
  }

  /** Tries at once, and counts from there. */
  now(): void {
    this.end();
    this.schedule();
    this.again();
  }

  end(): void {
    this.cancel?.();
    this.cancel = null;
    this.tries = 0;
    this.at.value = null;
  }

  private schedule(): void {
    const wait = 1000 * (WAITS[this.tries] ?? LONGEST);
    this.at.value = this.clock.now() + wait;
    this.cancel = this.clock.after(wait, () => {
      this.tries++;
      this.schedule();
      this.again();
    });
  }
}
