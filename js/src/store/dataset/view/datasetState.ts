import { Bitset } from '../bitset';
import { type Filter, keyOf } from '../filters';
import { type Tags, noTags } from '../tags';

/** What undo brings back: what is filtered, selected and said of samples. Immutable. */
export interface DatasetState {
  /** By key. */
  readonly filters: ReadonlyMap<string, Filter>;
  readonly selection: Bitset;
  readonly tags: Tags;
  /** At most two columns. */
  readonly groupBy: readonly string[];
}

export function initialState(rows: number): DatasetState {
  return { filters: new Map(), selection: new Bitset(rows), tags: noTags(rows), groupBy: [] };
}

/** Adds a filter, or replaces that of the same key. */
export function withFilter(state: DatasetState, filter: Filter): DatasetState {
  return { ...state, filters: new Map(state.filters).set(keyOf(filter), filter) };
}

/** Takes the filter of a key away; the same state where there is none. */
export function withoutFilter(state: DatasetState, key: string): DatasetState {
  if (!state.filters.has(key)) {
    return state;
  }
  const filters = new Map(state.filters);
  filters.delete(key);
  return { ...state, filters };
}
