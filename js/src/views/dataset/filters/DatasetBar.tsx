import type { ComponentChildren, JSX, RefObject } from 'preact';
import { Icon } from '../../../render/icon';
import type { DatasetView } from '../../../store/dataset/view/datasetView';
import { trans } from '../../../store/shared/trans';
import { count } from '../../ui/words/format';
import { Button } from '../../ui/parts';
import { ExpressionField } from './ExpressionField';
import { filterWords } from './filterWords';

interface Props {
  view: DatasetView;
  /** Of the expression, to which `/` goes. */
  field: RefObject<HTMLInputElement | null>;
  children?: ComponentChildren;
}

/** The filters in force as chips, how many samples pass, undo and redo. */
export function DatasetBar({ view, field, children }: Props): JSX.Element {
  const filters = [...view.state.filters].filter(([, { type }]) => type !== 'expression');
  const { undoes, redoes } = view;
  return (
    <div class="dv-FilterBar dv-DatasetBar" role="group" aria-label={trans.__('Filters')}>
      {children}
      <ExpressionField view={view} field={field} />
      <div class="dv-Chips" data-testid="dv-filters">
        {filters.map(([key, filter]) => {
          const words = filterWords(filter, view);
          return (
            <span key={key} class="dv-FilterChip">
              <span class="dv-ellipsis" title={words}>
                {words}
              </span>
              <button
                type="button"
                aria-label={trans.__('Remove the filter %1', words)}
                onClick={() => {
                  view.removeFilter(key, trans.__('remove the filter %1', words));
                }}
              >
                <Icon name="close" size={11} />
              </button>
            </span>
          );
        })}
      </div>
      <span class="dv-grow" />
      <span class="dv-num dv-DatasetBar-count" data-testid="dv-passing" role="status">
        <b>{count(view.passing.value.count)}</b> {trans.__('of %1', count(view.dataset.rows))}
      </span>
      <Button
        look="plain"
        bare
        icon="undo"
        label={undoes === null ? trans.__('Undo') : trans.__('Undo: %1', undoes)}
        testId="dv-undo"
        disabled={undoes === null}
        onClick={() => {
          view.undo();
        }}
      />
      <Button
        look="plain"
        bare
        icon="redo"
        label={redoes === null ? trans.__('Redo') : trans.__('Redo: %1', redoes)}
        testId="dv-redo"
        disabled={redoes === null}
        onClick={() => {
          view.redo();
        }}
      />
    </div>
  );
}
