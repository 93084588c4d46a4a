import { Bitset } from './bitset';
import type { IdIndex } from './idIndex';

/** What a click, a lasso or a set does with the rows that it names. */
export type SelectionMode = 'replace' | 'add' | 'remove' | 'toggle';

export function select(selection: Bitset, rows: Bitset, mode: SelectionMode): Bitset {
  switch (mode) {
    case 'replace':
      return rows;
    case 'add':
      return selection.union(rows);
    case 'remove':
      return selection.minus(rows);
    case 'toggle':
      return selection.toggled(rows);
  }
}

/** The rows that are shown and not selected; selected ones that are hidden are not selected any more. */
export function invertWithin(selection: Bitset, shown: Bitset): Bitset {
  return shown.minus(selection);
}

/** What came of selecting by id. */
export interface SelectedIds {
  readonly rows: Bitset;
  /** Ids that no sample has. */
  readonly unknown: readonly string[];
}

/** Selects by id; where several samples have an id, all of them. */
export function selectIds(ids: Iterable<string>, index: IdIndex): SelectedIds {
  const rows: number[] = [];
  const unknown: string[] = [];
  for (const id of ids) {
    const found = index.rowsOf(id);
    rows.push(...found);
    if (found.length === 0) {
      unknown.push(id);
    }
  }
  return { rows: Bitset.ofRows(index.length, rows), unknown };
}

/** The ids of a selection, in the order of the table. */
export function idsOf(selection: Bitset, index: IdIndex): string[] {
  return Array.from(selection.rows(), row => index.idOf(row));
}
