import type { SampleColumn } from '../../../protocol/messages';
import type { Filter } from '../filters';
import type { Projection } from './projections';

/** The column by which points are coloured: the one that was chosen, else the first that tells something. */
export function colourOf(
  columns: readonly SampleColumn[],
  /** Null for one colour; undefined when nothing was chosen. */
  chosen: string | null | undefined,
): string | null {
  if (chosen === null || columns.some(({ name }) => name === chosen)) {
    return chosen ?? null;
  }
  const first = (role: SampleColumn['role']) => columns.find(column => column.role === role)?.name;
  return first('label') ?? first('split') ?? first('score') ?? null;
}

/** The columns that every view needs: ids, and the places on the map. */
export function alwaysNeeded(columns: readonly SampleColumn[], projection: Projection | null): string[] {
  const ids = columns.filter(({ role }) => role === 'id').map(({ name }) => name);
  return projection === null ? ids : [projection.x, projection.y, ...ids];
}

/** The columns whose values filters compare. */
export function filteredColumns(filters: Iterable<Filter>): string[] {
  return [...filters].flatMap(filter =>
    filter.type === 'range' || filter.type === 'values' ? [filter.column] : [],
  );
}
