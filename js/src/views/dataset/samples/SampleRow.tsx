import type { JSX } from 'preact';
import { Bitset } from '../../../store/dataset/bitset';
import type { DatasetView } from '../../../store/dataset/view/datasetView';
import { trans } from '../../../store/shared/trans';
import { cellText, isNumeric } from '../columnWords';
import { Media } from '../media/Media';
import { idText } from './sampleIds';

interface Props {
  view: DatasetView;
  names: readonly string[];
  row: number;
  /** Its place in the list. */
  index: number;
  tabbable: boolean;
  onPoint: (place: number, extend: boolean) => void;
  onFocus: (place: number) => void;
  show: (row: number) => void;
}

/** Characters from which on a cell may be cut. */
const LONG = 24;

/** One sample: a tick, its id, the values of the open columns. */
export function SampleRow(props: Props): JSX.Element {
  const { view, names, row, index, tabbable, onPoint, onFocus, show } = props;
  const id = idText(view, row);
  const selected = view.selection.has(row);
  return (
    <div
      class={`dv-SampleRow${view.current.value === row ? ' current' : ''}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      data-place={index}
      data-id={id}
      tabIndex={tabbable ? 0 : -1}
      onFocus={() => {
        onFocus(index);
      }}
      onPointerDown={event => {
        if (event.shiftKey) {
          event.preventDefault(); // no text is marked
        }
      }}
      onClick={event => {
        onPoint(index, event.shiftKey);
      }}
      onDblClick={() => {
        show(row);
      }}
    >
      <span class="dv-SampleCell tick" role="gridcell">
        <input
          type="checkbox"
          checked={selected}
          tabIndex={-1}
          aria-label={trans.__('Select %1', id)}
          onClick={event => {
            event.stopPropagation();
          }}
          onChange={event => {
            event.currentTarget.closest<HTMLElement>('[role="row"]')?.focus();
            view.select(Bitset.ofRows(view.dataset.rows, [row]), 'toggle', trans.__('select a sample'), true);
          }}
        />
      </span>
      <span class="dv-SampleCell id dv-ellipsis" role="rowheader" title={id.length > LONG ? id : undefined}>
        {id}
      </span>
      {names.map(name => {
        const column = view.column(name);
        const text = column === null ? '' : cellText(column, row);
        if (column?.kind === 'media') {
          return (
            <span key={name} class="dv-SampleCell" role="gridcell">
              <Media view={view} name={name} row={row} size="row" />
            </span>
          );
        }
        return (
          <span
            key={name}
            class={`dv-SampleCell dv-ellipsis${isNumeric(column) ? ' dv-right' : ''}`}
            role="gridcell"
            dir="auto"
            title={text.length > LONG ? text : undefined}
          >
            {text}
          </span>
        );
      })}
    </div>
  );
}
