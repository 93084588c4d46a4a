import type { Column } from '../columns';
import type { DuplicateSet } from '../duplicateSets';

/** A set of duplicates with the number that Python gave it. */
export interface NumberedSet extends DuplicateSet {
  readonly number: number;
}

const known = new WeakMap<Column, readonly NumberedSet[]>();

/** The sets of a column of set numbers, the largest first. Distances are not known here. O(rows), once for a column. */
export function setsOf(column: Column): readonly NumberedSet[] {
  const before = known.get(column);
  if (before !== undefined) {
    return before;
  }
  const members = new Map<number, number[]>();
  if (column.kind === 'float' || column.kind === 'int') {
    for (let row = 0; row < column.values.length; row++) {
      const number = column.values[row] ?? NaN;
      if (number >= 0) {
        const rows = members.get(number) ?? [];
        rows.push(row);
        members.set(number, rows);
      }
    }
  }
  const sets = [...members]
    .filter(([, rows]) => rows.length > 1)
    .map(([number, rows]) => ({ number, rows: Uint32Array.from(rows), nearest: NaN, farthest: NaN }))
    .sort((a, b) => b.rows.length - a.rows.length || a.number - b.number);
  known.set(column, sets);
  return sets;
}
