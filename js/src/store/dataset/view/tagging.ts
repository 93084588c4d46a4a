import { Bitset } from '../bitset';
import { keyOf } from '../filters';
import { EXCLUDED, exclude, include, tag, tagged, untag } from '../tags';
import { type DatasetState, withFilter, withoutFilter } from './datasetState';

const NOT_EXCLUDED = { type: 'tag', tag: EXCLUDED, has: false } as const;

/** Gives the selected samples a tag; takes it away where all have it. */
export function tagSelected(state: DatasetState, name: string): DatasetState {
  const all = state.selection.minus(tagged(state.tags, name.trim())).isEmpty;
  return { ...state, tags: (all ? untag : tag)(state.tags, name, state.selection) };
}

/** Sets the selected samples aside: nothing is deleted, and a filter hides them that can be removed. */
export function excludeSelected(state: DatasetState): DatasetState {
  const tags = exclude(state.tags, state.selection);
  return withFilter({ ...state, tags, selection: new Bitset(tags.length) }, NOT_EXCLUDED);
}

/** Takes the selected samples in again; once none is excluded the filter is gone too. */
export function includeSelected(state: DatasetState): DatasetState {
  const tags = include(state.tags, state.selection);
  const included = { ...state, tags };
  return tags.excluded.isEmpty ? withoutFilter(included, keyOf(NOT_EXCLUDED)) : included;
}
