import type { Column } from '../../store/layers/columns';
import { columnsOf } from '../../store/layers/columns';
import type { LayerRow } from '../../store/layers/rows';
import { type LayerState, layerState } from '../../store/layers/layerState';
import type { LayerView } from '../../store/layers/layerView';
import type { RunRecord } from '../../store/kernel/state';
import type { Exported } from '../../store/files/exported';
import type { Source } from '../../store/kernel/source';
import type { Store } from '../../store/kernel/store';

/** What the parts of a network page share. */
export interface Page {
  readonly store: Store;
  readonly source: Source;
  readonly record: RunRecord;
  readonly view: LayerView;
  /** Shown in a notebook output rather than in a tab of its own. */
  readonly inline: boolean;
  readonly onOpen: (() => void) | null;
  /** Writes the run as an HTML page; null where nobody can. */
  readonly exportPage: (() => Promise<Exported>) | null;
}

export function stateOf(page: Page, row: LayerRow): LayerState {
  return layerState(row, page.record, page.store.link.value);
}

/** All columns that the run has something for. */
export function possibleColumns({ record, view }: Page): Column[] {
  // A producer of plain arrays knows no kinds: then a column of them would be empty.
  return columnsOf(record.state?.introspections ?? []).filter(
    ({ field }) => field !== 'kind' || view.kindCounts.value.size > 0,
  );
}

/** The columns that were not chosen away. */
export function chosenColumns(page: Page): Column[] {
  const { value: chosen } = page.view.columns;
  return possibleColumns(page).filter(({ id }) => chosen.get(id) !== false);
}

/** Whether somebody at the other end answers what we ask for. */
export function isAnswering({ store, record }: Page): boolean {
  return (store.link.value === 'live' || store.link.value === 'file') && !record.lost;
}
