import { signal } from '@preact/signals';

const NONE: ReadonlySet<string> = new Set();

/** Which rows are marked, one by one or in ranges of the order in which they are shown. */
export class Marks {
  readonly names = signal(NONE);

  /** Where a range begins: the row that was marked last. */
  private anchor: string | null = null;
  /** What was marked before the range. */
  private before = NONE;

  has(name: string): boolean {
    return this.names.value.has(name);
  }

  toggle(name: string): void {
    this.set([name], !this.names.peek().has(name));
    this.anchor = name;
  }

  /** Marks what lies between the anchor and a row; doing so again moves the end of the range. */
  extend(order: readonly string[], from: string, to: string): void {
    if (this.anchor === null || !order.includes(this.anchor)) {
      this.anchor = from;
      this.before = this.names.peek();
    }
    const ends = [order.indexOf(this.anchor), order.indexOf(to)];
    this.names.value = new Set([...this.before, ...order.slice(Math.min(...ends), Math.max(...ends) + 1)]);
  }

  set(names: readonly string[], on: boolean): void {
    const next = new Set(this.names.peek());
    for (const name of names) {
      if (on) {
        next.add(name);
      } else {
        next.delete(name);
      }
    }
    this.names.value = next;
    this.before = next;
    this.anchor = null;
  }

  clear(): void {
    this.set([...this.names.peek()], false);
  }
}
