import type { Clock } from './clock';

/** Collects work and does it together, at most once in a period; the first at once. */
export class Pace<T> {
  private readonly waiting: T[] = [];
  private last = -Infinity;
  private cancel: (() => void) | null = null;

  constructor(
    private readonly clock: Clock,
    /** Milliseconds; asked anew each time. */
    private readonly period: () => number,
    private readonly work: (items: readonly T[]) => void,
  ) {}

  add(item: T): void {
    this.waiting.push(item);
    const wait = this.last + this.period() - this.clock.now();
    if (wait <= 0) {
      this.flush();
    } else {
      this.cancel ??= this.clock.after(wait, () => {
        this.flush();
      });
    }
  }

  flush(): void {
    this.cancel?.();
    this.cancel = null;
    this.last = this.clock.now();
    this.work(this.waiting.splice(0));
  }
}
