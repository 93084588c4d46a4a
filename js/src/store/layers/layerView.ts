import { type ReadonlySignal, batch, computed, signal } from '@preact/signals';
import { type Column, sortValue } from './columns';
import { KindFilter } from './kindFilter';
import { Marks } from './marks';
import { RecipeChoice } from './recipeChoice';
import { type LayerRow, hasDead, isComplete, isStable, kindOf } from './rows';

export type Direction = 'descending' | 'ascending';

export interface Sort {
  readonly column: string;
  readonly direction: Direction;
}

/** What rows can be narrowed to besides their name and kind. */
export const TRAITS = ['dead', 'unstable', 'incomplete'] as const;
export type Trait = (typeof TRAITS)[number];

const HAS_TRAIT: Readonly<Record<Trait, (row: LayerRow) => boolean>> = {
  dead: hasDead,
  unstable: row => isStable(row) === false,
  incomplete: row => !isComplete(row),
};

/** How one run's layer table is looked at: sorted, filtered, marked, one layer open. Shared by all views of the run. */
export class LayerView extends KindFilter {
  readonly sort = signal<Sort | null>(null);
  /** The row that the keyboard is at. */
  readonly current = signal<string | null>(null);
  /** Whether the details of the current row are shown. */
  readonly open = signal(false);
  readonly openLayer: ReadonlySignal<string | null>;
  readonly marks = new Marks();
  /** How many views show this now. */
  viewers = 0;
  /** Columns that were chosen, or chosen away, by their id; the others are there where they find room. */
  readonly columns = signal<ReadonlyMap<string, boolean>>(new Map());
  readonly traits = signal<ReadonlySet<Trait>>(new Set());
  /** How many rows have each trait. */
  readonly traitCounts: ReadonlySignal<Readonly<Record<Trait, number>>>;

  /** Layers in the order of the last sorting; it stays when the numbers change, so that no row moves by itself. */
  private readonly order = signal<ReadonlyMap<string, number> | null>(null);

  /** The rows to show, in order. */
  readonly visible: ReadonlySignal<readonly LayerRow[]>;
  /** The marked rows, or all that are shown when none is: what is copied. */
  readonly meant: ReadonlySignal<readonly LayerRow[]>;

  constructor(
    readonly rows: ReadonlySignal<readonly LayerRow[]>,
    readonly recipe: RecipeChoice = new RecipeChoice(),
  ) {
    super(() => rows.value.map(kindOf));
    this.openLayer = computed(() => (this.open.value ? this.current.value : null));
    this.traitCounts = computed(() => countTraits(rows.value));
    this.visible = computed(() => this.ordered().filter(row => this.matches(row)));
    this.meant = computed(() => {
      const { value: names } = this.marks.names;
      return names.size === 0 ? this.visible.value : this.ordered().filter(({ name }) => names.has(name));
    });
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

  /** Shows the details of a layer. */
  show(layer: string): void {
    batch(() => {
      this.current.value = layer;
      this.open.value = true;
    });
  }

  /** Shows the details of the row before or after the current one. */
  step(by: -1 | 1): void {
    const rows = this.visible.peek();
    const next = rows[rows.findIndex(({ name }) => name === this.current.peek()) + by];
    this.current.value = next?.name ?? this.current.peek();
  }

  chooseColumn(id: string, on: boolean): void {
    this.columns.value = new Map(this.columns.peek()).set(id, on);
  }

  toggleTrait(trait: Trait): void {
    const traits = new Set(this.traits.peek());
    if (!traits.delete(trait)) {
      traits.add(trait);
    }
    this.traits.value = traits;
  }

  override get filtered(): boolean {
    return super.filtered || this.traits.value.size > 0;
  }

  override clearFilter(): void {
    batch(() => {
      super.clearFilter();
      this.traits.value = new Set();
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
    return (
      row.name.toLowerCase().includes(text) &&
      (kinds.size === 0 || kinds.has(kindOf(row))) &&
      [...this.traits.value].every(trait => HAS_TRAIT[trait](row))
    );
  }
}

function countTraits(rows: readonly LayerRow[]): Record<Trait, number> {
  const counts = { dead: 0, unstable: 0, incomplete: 0 };
  for (const row of rows) {
    for (const trait of TRAITS) {
      counts[trait] += Number(HAS_TRAIT[trait](row));
    }
  }
  return counts;
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
