import type { JSX } from 'preact';
import type { CategoryColumn } from '../../../store/dataset/columns';
import type { SelectionMode } from '../../../store/dataset/selection';
import { confusion, rowsOfPair } from '../../../store/dataset/view/confusion';
import type { DatasetView } from '../../../store/dataset/view/datasetView';
import { trans } from '../../../store/shared/trans';
import { useRoving } from '../../ui/roving';
import { count, percent } from '../../ui/words/format';

interface Props {
  view: DatasetView;
  label: CategoryColumn;
  other: CategoryColumn;
}

const MOST = 16;

/** How often each label meets each other value. A cell selects its samples; Shift adds them, Alt removes them. */
export function LabelMatrix({ view, label, other }: Props): JSX.Element {
  const { words, counts, agreeing, total, left } = confusion(label, other, view.passing.value, MOST);
  const roving = useRoving(words.length * words.length);
  const most = Math.max(1, ...counts.flatMap((line, i) => line.filter((_, j) => i !== j)));
  const choose = (one: string, two: string, event: MouseEvent) => {
    const mode: SelectionMode = event.shiftKey ? 'add' : event.altKey ? 'remove' : 'replace';
    view.select(rowsOfPair(label, one, other, two), mode, trans.__('select a pair of labels'));
  };
  return (
    <section class="dv-WordRow">
      <p class="dv-caption dv-num" data-testid="dv-agreeing">
        {total === 0
          ? trans.__('None of these samples has both.')
          : trans.__('%1 of %2 agree (%3)', count(agreeing), count(total), percent(agreeing / total))}
        {left > 0 && ` ${trans.__('%1 rarer labels are not shown.', count(left))}`}
      </p>
      {words.length > 0 && (
        <div class="dv-MatrixScroll">
          <table class="dv-LabelMatrix" data-testid="dv-matrix" onKeyDown={roving.onKeyDown}>
            <thead>
              <tr>
                <td />
                {words.map(word => (
                  <th key={word} scope="col" title={word}>
                    <span class="dv-ellipsis">{word}</span>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {words.map((one, i) => (
                <tr key={one}>
                  <th scope="row" title={one}>
                    <span class="dv-ellipsis">{one}</span>
                  </th>
                  {words.map((two, j) => {
                    const cell = counts[i]?.[j] ?? 0;
                    const place = i * words.length + j;
                    return (
                      <td key={two}>
                        <button
                          type="button"
                          class={one === two ? 'same' : ''}
                          style={{ '--dv-share': one === two ? 0 : cell / most }}
                          tabIndex={roving.tabIndex(place)}
                          aria-label={trans.__('%1 with %2: %3', one, two, count(cell))}
                          onFocus={() => {
                            roving.onFocus(place);
                          }}
                          onClick={event => {
                            choose(one, two, event);
                          }}
                        >
                          {cell === 0 ? '' : count(cell)}
                        </button>
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
