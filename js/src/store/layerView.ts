import { type ReadonlySignal, batch, computed, signal } from '@preact/signals';
import { type Column, sortValue } from './columns';
import { KindFilter } from './kindFilter';
import { type LayerRow, kindOf } from './rows';

export type Direction = 'descending' | 'ascending';

export interface Sort {
  readonly column: string;
  readonly direction: Direction;
}

/** How one run's layer table is looked at: sorted, filtered, one row selected. Shared by all views of the run. */
export class LayerView extends KindFilter {
  readonly sort = signal<Sort | null>(null);
  readonly selected = signal<string | null>(null);

  /** Layers in the order of the last sorting; it stays when the numbers change, so that no row moves by itself. */
  private readonly order = signal<ReadonlyMap<string, number> | null>(null);

  /** The rows to show, in order. */
  readonly visible: ReadonlySignal<readonly LayerRow[]>;

  constructor(readonly rows: ReadonlySignal<readonly LayerRow[]>) {
    super(() => rows.value.map(kindOf));
    this.visible = computed(() => this.ordered().filter(row => this.matches(row)));
  }

  /** Goes on to the next of: descending, ascending, network order. */
  cycleSort(column: Column, state: (row: LayerRow) => string): void {
    const current = this.sort.peek();
    const again = current?.column === column.id;
    if (again && current.direction === 'ascending') {
      batch(() => {
        this.sort.value = null;
        this.order.value = null;
      });
      return;
    }
    const direction = again ? 'ascending' : 'descending';
    const sorted = [...this.rows.peek()].sort((a, b) =>
      compare(sortValue(a, column, state), sortValue(b, column, state), direction),
    );
    batch(() => {
      this.sort.value = { column: column.id, direction };
      this.order.value = new Map(sorted.map((row, place) => [row.name, place]));
    });
  }

  private ordered(): readonly LayerRow[] {
    const order = this.order.value;
    const rows = this.rows.value;
    if (order === null) {
      return rows;
    }
    const place = (row: LayerRow) => order.get(row.name) ?? rows.length;
    return [...rows].sort((a, b) => place(a) - place(b));
  }

  private matches(row: LayerRow): boolean {
    const kinds = this.kinds.value;
    const text = this.text.value.trim().toLowerCase();
    return row.name.toLowerCase().includes(text) && (kinds.size === 0 || kinds.has(kindOf(row)));
  }
}

/** Compares for sorting; what is absent comes last in both directions. */
function compare(a: string | number | null, b: string | number | null, direction: Direction): number {
  if (a === null || b === null) {
    return Number(a === null) - Number(b === null);
  }
  const rising =
    typeof a === 'number' && typeof b === 'number'
      ? a - b
      : String(a).localeCompare(String(b), 'en', { numeric: true });
  return direction === 'ascending' ? rising : -rising;
}
