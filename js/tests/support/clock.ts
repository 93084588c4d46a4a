import type { Clock } from '../../src/store/shared/clock';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock that the test moves. Paints happen when the test says so. */
export class FakeClock implements Clock {
  private time = 0;
  private timers: Timer[] = [];
  private frames: (() => void)[] = [];

  now(): number {
    return this.time;
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer = { at: this.time + milliseconds, callback };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter(other => other !== timer);
    };
  }

  painted(callback: () => void): void {
    this.frames.push(callback);
  }

  advance(milliseconds: number): void {
    this.time += milliseconds;
    const due = this.timers.filter(({ at }) => at <= this.time);
    this.timers = this.timers.filter(({ at }) => at > this.time);
    for (const { callback } of due) {
      callback();
    }
  }

  paint(): void {
    for (const callback of this.frames.splice(0)) {
      callback();
    }
  }
}
