import type { ReadonlySignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { DatasetView } from '../../../store/dataset/view/datasetView';
import { trans } from '../../../store/shared/trans';
import { cellText, columnTitle } from '../columnWords';
import { FirstMedia } from '../media/Media';
import { idText } from '../samples/sampleIds';

export interface Hovered {
  readonly row: number;
  /** In CSS pixels from the corner of the map. */
  readonly x: number;
  readonly y: number;
  /** In which half of the map: the card lies towards the other one. */
  readonly right: boolean;
  readonly below: boolean;
}

/** Columns that a card shows. */
const MOST = 7;

/** What is known of the sample under the pointer, as far as it is here. */
export function HoverCard({
  view,
  hovered,
}: {
  view: DatasetView;
  hovered: ReadonlySignal<Hovered | null>;
}): JSX.Element | null {
  const at = hovered.value;
  if (at === null) {
    return null;
  }
  const names = view.listed.value.filter(name => view.open.value.has(name)).slice(0, MOST);
  const x = at.right ? 'calc(-100% - 14px)' : '14px';
  const y = at.below ? 'calc(-100% - 10px)' : '14px';
  return (
    <div
      class="dv-HoverCard"
      style={{ left: `${at.x}px`, top: `${at.y}px`, transform: `translate(${x}, ${y})` }}
      aria-hidden="true"
    >
      <FirstMedia view={view} row={at.row} size="card" />
      <b>{trans.__('id %1', idText(view, at.row))}</b>
      <dl>
        {names.map(name => {
          const column = view.column(name);
          return column === null || column.kind === 'media' ? null : (
            <div key={name}>
              <dt>{columnTitle(name, view.dataset.columns)}</dt>
              <dd>{cellText(column, at.row)}</dd>
            </div>
          );
        })}
      </dl>
    </div>
  );
}
