import type { JSX } from 'preact';
import { Bitset } from '../../../store/dataset/bitset';
import type { CategoryColumn } from '../../../store/dataset/columns';
import type { DatasetView } from '../../../store/dataset/view/datasetView';
import { extremes } from '../../../store/dataset/view/extremes';
import { tagSelected } from '../../../store/dataset/view/tagging';
import { trans } from '../../../store/shared/trans';
import { Button } from '../../ui/parts';
import { cellText } from '../columnWords';
import { FirstMedia } from '../media/Media';
import { idText } from '../samples/sampleIds';

interface Props {
  view: DatasetView;
  show: (row: number) => void;
  /** How many times likelier another label is. */
  score: string;
  label: CategoryColumn;
  suggested: CategoryColumn;
}

const MOST = 100;

/** The samples whose label another one is likelier than, the most suspect first. Labels are never rewritten. */
export function Suspects({ view, show, score, label, suggested }: Props): JSX.Element {
  const column = view.column(score);
  if (column === null) {
    return <p class="dv-muted">{trans.__('Loading…')}</p>;
  }
  const rows = extremes(view.orders.of(column), view.crossfilter, MOST, true).filter(
    row => cellText(suggested, row) !== '' && cellText(suggested, row) !== cellText(label, row),
  );
  const mark = () => {
    view.change(tagSelected(view.state, 'wrong label'), trans.__('tag samples as wrong label'));
  };
  return (
    <section class="dv-Suspects" data-testid="dv-suspects">
      <div class="dv-PaneBar">
        <span class="dv-caption">{trans.__('Most suspect first')}</span>
        <span class="dv-grow" />
        <Button
          look="plain"
          label={trans.__('Tag as wrong')}
          disabled={view.selection.isEmpty}
          title={trans.__('Gives the selected samples the tag “wrong label”; labels are never rewritten')}
          onClick={mark}
        />
      </div>
      {rows.length === 0 && <p class="dv-muted">{trans.__('No suspect labels among these samples.')}</p>}
      {rows.map(row => (
        <div
          key={row}
          class={`dv-Suspect${view.selection.has(row) ? ' on' : ''}`}
          data-id={idText(view, row)}
        >
          <input
            type="checkbox"
            checked={view.selection.has(row)}
            aria-label={trans.__('Select %1', idText(view, row))}
            onChange={() => {
              const one = Bitset.ofRows(view.dataset.rows, [row]);
              view.select(one, 'toggle', trans.__('select a sample'), true);
            }}
          />
          <FirstMedia view={view} row={row} size="chip" />
          <button
            type="button"
            class="dv-Suspect-id dv-ellipsis"
            onClick={() => {
              show(row);
            }}
          >
            {idText(view, row)}
          </button>
          <span class="dv-ellipsis">{cellText(label, row)}</span>
          <span class="dv-ellipsis">{trans.__('rather %1', cellText(suggested, row))}</span>
          <span class="dv-num">{trans.__('%1 times likelier', cellText(column, row))}</span>
        </div>
      ))}
    </section>
  );
}
