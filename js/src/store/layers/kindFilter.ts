import { type ReadonlySignal, batch, computed, signal } from '@preact/signals';

/** What is searched for among layers, and the kinds they are narrowed to; no kind means all of them. */
export class KindFilter {
  readonly text = signal('');
  readonly kinds = signal<ReadonlySet<string>>(new Set());
  /** How many layers there are of each kind, in order of first appearance. */
  readonly kindCounts: ReadonlySignal<ReadonlyMap<string, number>>;

  /** `all` gives the kind of every layer, empty where it has none. */
  constructor(all: () => readonly string[]) {
    this.kindCounts = computed(() => {
      const counts = new Map<string, number>();
      for (const kind of all().filter(name => name !== '')) {
        counts.set(kind, (counts.get(kind) ?? 0) + 1);
      }
      return counts;
    });
  }

  toggleKind(kind: string): void {
    const kinds = new Set(this.kinds.peek());
    if (!kinds.delete(kind)) {
      kinds.add(kind);
    }
    this.kinds.value = kinds;
  }

  get filtered(): boolean {
    return this.text.value !== '' || this.kinds.value.size > 0;
  }

  clearFilter(): void {
    batch(() => {
      this.text.value = '';
      this.kinds.value = new Set();
    });
  }
}
