import { type Bitset } from '../bitset';
import type { Column } from '../columns';
import type { Crossfilter } from '../crossfilter';
import { type Filter, inRange, placesOf, withValues } from '../filters';
import type { Orders } from './orders';

interface Applied {
  readonly filter: Filter;
  /** Whose values were filtered; null of filters that name rows. */
  readonly column: Column | null;
  /** The samples of a tag; null of other filters. */
  readonly tagged: Bitset | null;
}

/** Keeps a crossfilter in agreement with a set of filters, and touches only what has changed. */
export class AppliedFilters {
  private readonly applied = new Map<string, Applied>();

  constructor(
    private readonly crossfilter: Crossfilter,
    private readonly orders: Orders,
    private readonly columnOf: (name: string) => Column | null,
    private readonly rowsOfTag: (tag: string) => Bitset,
  ) {}

  /** Applies filters by key. One on a column whose values are not here yet takes effect once they are. */
  apply(filters: ReadonlyMap<string, Filter>): void {
    for (const key of [...this.applied.keys()]) {
      if (!filters.has(key)) {
        this.crossfilter.filter(key, null);
        this.applied.delete(key);
      }
    }
    for (const [key, filter] of filters) {
      const column =
        filter.type === 'range' || filter.type === 'values' ? this.columnOf(filter.column) : null;
      const before = this.applied.get(key);
      const tagged = filter.type === 'tag' ? this.rowsOfTag(filter.tag) : null;
      if (before?.filter !== filter || before.column !== column || before.tagged !== tagged) {
        this.applyOne(key, filter, column, tagged);
      }
    }
  }

  private applyOne(key: string, filter: Filter, column: Column | null, tagged: Bitset | null): void {
    switch (filter.type) {
      case 'rows':
      case 'expression':
        this.set(key, filter, null, filter.rows);
        return;
      case 'tag':
        if (tagged !== null) {
          this.set(key, filter, null, filter.has ? tagged : tagged.inverted(), tagged);
        }
        return;
      case 'values':
        if (column !== null) {
          this.set(key, filter, column, withValues(column, filter.values));
        }
        return;
      case 'range':
        if (column?.kind === 'float' || column?.kind === 'int') {
          this.brush(key, filter, column);
        }
    }
  }

  private brush(
    key: string,
    filter: Extract<Filter, { type: 'range' }>,
    column: Extract<Column, { kind: 'float' | 'int' }>,
  ): void {
    const { low, high } = filter;
    if (column.role === 'set') {
      this.set(key, filter, column, inRange(column.values, low, high));
      return;
    }
    const order = this.orders.of(column);
    this.crossfilter.brush(key, order, ...placesOf(column.values, order, low, high));
    this.applied.set(key, { filter, column, tagged: null });
  }

  private set(
    key: string,
    filter: Filter,
    column: Column | null,
    rows: Bitset,
    tagged: Bitset | null = null,
  ): void {
    this.crossfilter.filter(key, rows);
    this.applied.set(key, { filter, column, tagged });
  }
}
