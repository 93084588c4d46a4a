import type { JSX } from 'preact';
import type { DatasetView } from '../../../store/dataset/view/datasetView';
import { trans } from '../../../store/shared/trans';
import { FirstMedia } from '../media/Media';
import { idText } from './sampleIds';

interface Props {
  view: DatasetView;
  rows: Iterable<number>;
  /** Beside the id, such as a score. */
  textOf?: (row: number) => string;
  show: (row: number) => void;
}

/** Samples by their ids; a click shows one large, the pointer rings it on the map. */
export function SampleChips({ view, rows, textOf, show }: Props): JSX.Element {
  return (
    <span class="dv-SampleChips">
      {Array.from(rows, row => (
        <button
          key={row}
          type="button"
          class={`dv-Chip${view.selection.has(row) ? ' on' : ''}`}
          title={trans.__('Show %1', idText(view, row))}
          onPointerEnter={() => {
            view.current.value = row;
          }}
          onClick={() => {
            show(row);
          }}
        >
          <FirstMedia view={view} row={row} size="chip" />
          <span class="dv-ellipsis">{idText(view, row)}</span>
          {textOf !== undefined && <span class="dv-count">{textOf(row)}</span>}
        </button>
      ))}
    </span>
  );
}
