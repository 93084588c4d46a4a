import {
  type ReadonlySignal,
  type Signal,
  batch,
  computed,
  effect,
  signal,
  untracked,
} from '@preact/signals';
import { Bitset } from '../bitset';
import type { Column } from '../columns';
import { Crossfilter } from '../crossfilter';
import type { Ask, Dataset } from '../dataset';
import type { Filter } from '../filters';
import { type History, historyOf, record, redo, replace, undo } from '../history';
import { type SampleList, sampleList } from '../sampleList';
import { type SelectionMode, invertWithin, select } from '../selection';
import { tagged } from '../tags';
import { AppliedFilters } from './appliedFilters';
import { type DatasetState, initialState, withFilter, withoutFilter } from './datasetState';
import { DatasetExpression } from './datasetExpression';
import { FacetHistograms, MOST_OPEN, listed, opened } from './facets';
import { alwaysNeeded, colourOf, filteredColumns } from './needed';
import { Orders } from './orders';
import { type Projection, projectionsOf } from './projections';

export interface Sort {
  /** Null for the order of the table. */
  readonly column: string | null;
  readonly descending: boolean;
}

/** What the user does in one go, such as moving a brush: one step to undo. */
export type Gesture = symbol;

/** How one table of samples is looked at: filters, selection, tags, order, colours. Any number of pages may show it. */
export class DatasetView {
  readonly crossfilter: Crossfilter;
  readonly orders = new Orders();
  /** The columns as they are listed. */
  readonly listed = signal<readonly string[]>([]);
  /** The columns with a histogram; the table of samples shows them. */
  readonly open = signal<ReadonlySet<string>>(new Set());
  readonly sort = signal<Sort>({ column: null, descending: false });
  /** The row that the keyboard is at, and that is ringed on the map. */
  readonly current = signal<number | null>(null);
  /** The expression that filters, and what is typed. */
  readonly expression: DatasetExpression;
  private readonly extra = signal<ReadonlySet<string>>(new Set());
  private readonly history: Signal<History<DatasetState>>;
  private readonly changes = signal(0);
  private readonly asker = signal<Ask | null>(null);
  /** Null for one colour; undefined for the usual one. */
  readonly chosenColour = signal<string | null | undefined>(undefined);
  readonly chosenProjection = signal<string | null>(null);
  /** The selection that comes first in the list; ticks in the list itself do not move its rows. */
  private readonly leading: Signal<Bitset>;
  private readonly histograms: FacetHistograms;
  private readonly applied: AppliedFilters;
  private gesture: Gesture | null = null;

  constructor(readonly dataset: Dataset) {
    const state = initialState(dataset.rows);
    this.history = signal(historyOf(state));
    this.leading = signal(state.selection);
    this.crossfilter = new Crossfilter(dataset.rows);
    this.histograms = new FacetHistograms(this.crossfilter);
    this.applied = new AppliedFilters(
      this.crossfilter,
      this.orders,
      name => dataset.table.column(name),
      tag => tagged(this.history.peek().present.tags, tag),
    );
    const { description } = dataset;
    this.sort.value = { column: description?.sort_by ?? null, descending: description?.descending ?? false };
    effect(() => {
      if (dataset.revision.value >= 0) {
        untracked(() => {
          this.follow();
        });
      }
    });
    effect(() => {
      const ask = this.asker.value;
      const names = this.needed.value;
      if (ask !== null && dataset.revision.value >= 0) {
        untracked(() => {
          dataset.need(names, ask);
        });
      }
    });
    this.expression = new DatasetExpression(this);
  }

  get state(): DatasetState {
    return this.present.value;
  }

  get selection(): Bitset {
    return this.present.value.selection;
  }

  /** Goes up whenever filters or columns change, and with them counts. */
  get revision(): ReadonlySignal<number> {
    return this.changes;
  }

  /** The rows that pass all filters. */
  readonly passing = computed(() => (this.changes.value >= 0 ? this.crossfilter.passing() : new Bitset(0)));

  /** The rows in the order of the list. */
  readonly list = computed((): SampleList => {
    const { column: name, descending } = this.sort.value;
    const column = this.changes.value >= 0 && name !== null ? this.dataset.table.column(name) : null;
    const order = this.orders.sorted(column, descending, this.dataset.rows);
    return sampleList(order, this.crossfilter, this.leading.value);
  });

  readonly projections = computed((): readonly Projection[] => projectionsOf(this.dataset.columns));

  /** The map that is shown; null where there is none. */
  readonly projection = computed(
    (): Projection | null =>
      this.projections.value.find(({ name }) => name === this.chosenProjection.value) ??
      this.projections.value[0] ??
      null,
  );

  /** The column by which points are coloured; null for one colour. */
  readonly colourBy = computed((): string | null => {
    return colourOf(this.dataset.columns, this.chosenColour.value);
  });

  private readonly present = computed((): DatasetState => this.history.value.present);

  private readonly needed = computed((): string[] => {
    const single = [this.colourBy.value, this.sort.value.column].filter(name => name !== null);
    return [
      ...new Set([
        ...alwaysNeeded(this.dataset.columns, this.projection.value),
        ...single,
        ...this.open.value,
        ...filteredColumns(this.present.value.filters.values()),
        ...this.extra.value,
      ]),
    ];
  });

  /** Lets the columns that are needed be asked for, until the returned function is called. */
  attach(ask: Ask): () => void {
    this.asker.value = ask;
    return () => {
      if (this.asker.peek() === ask) {
        this.asker.value = null;
      }
    };
  }

  /** Asks for the values of more columns, from now on. */
  need(names: readonly string[]): void {
    if (names.some(name => !this.extra.peek().has(name))) {
      this.extra.value = new Set([...this.extra.peek(), ...names]);
    }
  }

  /** The values of a column; null before they are here. Follows them where signals are followed. */
  column(name: string | null): Column | null {
    return name !== null && this.changes.value >= 0 ? this.dataset.table.column(name) : null;
  }

  /** How the rows fall into the bins of an open column; null before its values are here. */
  bins(name: string): ReturnType<FacetHistograms['bins']> {
    return this.changes.value >= 0 ? this.histograms.bins(name) : null;
  }

  setOpen(name: string, isOpen: boolean): void {
    const open = new Set(this.open.peek());
    if (isOpen && open.size < MOST_OPEN) {
      open.add(name);
    } else if (!isOpen) {
      open.delete(name);
    }
    this.open.value = open;
    this.follow();
  }

  setSort(sort: Sort): void {
    batch(() => {
      this.sort.value = sort;
      this.leading.value = this.selection;
    });
  }

  /** Adds a filter or replaces that of the same key. Steps of one gesture are undone together. */
  setFilter(filter: Filter, words: string, gesture: Gesture | null = null): void {
    this.change(withFilter(this.history.peek().present, filter), words, gesture);
  }

  /** Replaces a filter by the same one over newer values, which is no step of the user. */
  renewFilter(filter: Filter): void {
    this.go(replace(this.history.peek(), withFilter(this.history.peek().present, filter)));
  }

  removeFilter(key: string, words: string, gesture: Gesture | null = null): void {
    this.change(withoutFilter(this.history.peek().present, key), words, gesture);
  }

  clearFilters(words: string): void {
    const state = this.history.peek().present;
    if (state.filters.size > 0) {
      this.change({ ...state, filters: new Map() }, words);
    }
  }

  /**
   * Selects rows, of those that pass the filters.
   *
   * @param fromList the list does not put the selected rows first, since it moves under the pointer.
   */
  select(rows: Bitset, mode: SelectionMode, words: string, fromList = false): void {
    const state = this.history.peek().present;
    const selection = select(state.selection, rows.intersection(this.passing.peek()), mode);
    if (!selection.equals(state.selection)) {
      this.change({ ...state, selection }, words, null, fromList);
    }
  }

  clearSelection(words: string): void {
    this.select(new Bitset(this.dataset.rows), 'replace', words);
  }

  invertSelection(words: string): void {
    const state = this.history.peek().present;
    this.change({ ...state, selection: invertWithin(state.selection, this.passing.peek()) }, words);
  }

  /** Goes to another state as one step, for which undo has words. */
  change(state: DatasetState, words: string, gesture: Gesture | null = null, fromList = false): void {
    const history = this.history.peek();
    const follows = gesture !== null && gesture === this.gesture;
    this.gesture = gesture;
    this.go(follows ? replace(history, state) : record(history, state, words), fromList);
  }

  /** What undo takes back, in words; null when there is nothing. */
  get undoes(): string | null {
    return this.history.value.past.at(-1)?.words ?? null;
  }

  get redoes(): string | null {
    return this.history.value.future[0]?.words ?? null;
  }

  undo(): void {
    this.gesture = null;
    this.go(undo(this.history.peek()));
  }

  redo(): void {
    this.gesture = null;
    this.go(redo(this.history.peek()));
  }

  private go(history: History<DatasetState>, fromList = false): void {
    const before = this.history.peek();
    if (history === before) {
      return;
    }
    batch(() => {
      this.history.value = history;
      if (!fromList) {
        this.leading.value = history.present.selection;
      }
      if (
        history.present.filters !== before.present.filters ||
        history.present.tags !== before.present.tags
      ) {
        this.applied.apply(history.present.filters);
        this.changes.value++;
      }
    });
  }

  /** Follows the columns of the dataset, and the values that arrive. */
  private follow(): void {
    const { dataset } = this;
    batch(() => {
      const known = this.listed.peek();
      this.listed.value = listed(known, dataset.columns);
      this.open.value = opened(this.open.peek(), known, dataset.columns, this.listed.peek());
      const present = [...this.open.peek()].flatMap(name => {
        const column = dataset.table.column(name);
        return column === null ? [] : [[name, column] as const];
      });
      this.histograms.show(new Map(present));
      this.applied.apply(this.history.peek().present.filters);
      this.changes.value++;
    });
  }
}
