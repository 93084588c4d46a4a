import type { SampleColumn } from '../../../protocol/messages';
import { type Bins, binsOf } from '../bins';
import type { Column } from '../columns';
import type { Crossfilter } from '../crossfilter';
import { columnKey } from '../filters';

/** Columns that are open from the beginning. */
const OPEN_AT_FIRST = 8;
/** Each open column takes one of the 32 filters of a table. */
export const MOST_OPEN = 20;

/** Which columns come first, and are opened by themselves. */
const IMPORTANCE = ['media', 'label', 'split', 'score', 'set', 'number', 'text', 'x', 'y', 'id'] as const;
const CLOSED_AT_FIRST: ReadonlySet<string> = new Set(['x', 'y', 'id']);

/** The columns in the order in which they are listed. One that comes later is put behind the others, so that none moves. */
export function listed(before: readonly string[], columns: readonly SampleColumn[]): string[] {
  const names = new Set(columns.map(({ name }) => name));
  const known = new Set(before);
  const added = columns
    .filter(({ name, role }) => !known.has(name) && role !== 'id')
    .sort((a, b) => IMPORTANCE.indexOf(a.role) - IMPORTANCE.indexOf(b.role));
  return [...before.filter(name => names.has(name)), ...added.map(({ name }) => name)];
}

/** The columns that are open: those that were, and important ones that are new as long as few are open. */
export function opened(
  before: ReadonlySet<string>,
  listedBefore: readonly string[],
  columns: readonly SampleColumn[],
  order: readonly string[],
): ReadonlySet<string> {
  const known = new Map(columns.map(column => [column.name, column]));
  const seen = new Set(listedBefore);
  const open = new Set([...before].filter(name => known.has(name)));
  for (const name of order) {
    const { role = 'id', type = 'text' } = known.get(name) ?? {};
    if (!seen.has(name) && open.size < OPEN_AT_FIRST && type !== 'text' && !CLOSED_AT_FIRST.has(role)) {
      open.add(name);
    }
  }
  return open;
}

/** The bins of a column of sets: in none, in one. */
const SET_BINS = 2;

/** How a column is cut for its histogram; null for free texts. */
export function facetBins(column: Column): Bins | null {
  if (column.role === 'set' && (column.kind === 'float' || column.kind === 'int')) {
    const codes = new Uint8Array(column.values.length);
    for (let row = 0; row < codes.length; row++) {
      codes[row] = (column.values[row] ?? NaN) >= 0 ? 1 : 0;
    }
    return { codes, size: SET_BINS, low: 0, high: SET_BINS };
  }
  return binsOf(column);
}

/** The histograms of the open columns whose values are here. */
export class FacetHistograms {
  private readonly shown = new Map<string, { readonly column: Column; readonly bins: Bins }>();

  constructor(private readonly crossfilter: Crossfilter) {}

  bins(name: string): Bins | null {
    return this.shown.get(name)?.bins ?? null;
  }

  /** Shows the histograms of these columns, and no others. */
  show(columns: ReadonlyMap<string, Column>): void {
    for (const [name, { column }] of [...this.shown]) {
      if (columns.get(name) !== column) {
        this.crossfilter.hide(name, columnKey(name));
        this.shown.delete(name);
      }
    }
    for (const [name, column] of columns) {
      const bins = this.shown.has(name) ? null : facetBins(column);
      if (bins !== null) {
        this.crossfilter.show(name, bins, columnKey(name));
        this.shown.set(name, { column, bins });
      }
    }
  }
}
