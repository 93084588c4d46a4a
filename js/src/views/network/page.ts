import type { LayerRow } from '../../store/rows';
import { type LayerState, layerState } from '../../store/layerState';
import type { LayerView } from '../../store/layerView';
import type { RunRecord } from '../../store/state';
import type { Source } from '../../store/source';
import type { Store } from '../../store/store';

/** What the parts of a network page share. */
export interface Page {
  readonly store: Store;
  readonly source: Source;
  readonly record: RunRecord;
  readonly view: LayerView;
  /** Shown in a notebook output rather than in a tab of its own. */
  readonly inline: boolean;
  readonly onOpen: (() => void) | null;
}

export function stateOf(page: Page, row: LayerRow): LayerState {
  return layerState(row, page.record, page.store.link.value);
}
