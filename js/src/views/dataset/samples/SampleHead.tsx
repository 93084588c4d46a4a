import type { JSX } from 'preact';
import { Icon } from '../../../render/icon';
import type { DatasetView, Sort } from '../../../store/dataset/view/datasetView';
import { useRoving } from '../../ui/roving';
import { trans } from '../../../store/shared/trans';
import { columnTitle, isNumeric } from '../columnWords';

/** The heads sort: ascending, descending, the order of the table. */
export function SampleHead({ view, names }: { view: DatasetView; names: readonly string[] }): JSX.Element {
  const ids = view.dataset.columns.filter(({ role }) => role === 'id').map(({ name }) => name);
  const sort = view.sort.value;
  const id = ids[0] ?? null;
  const heads = [id, ...names];
  const roving = useRoving(heads.length);
  return (
    <div class="dv-SampleRow head" role="row" aria-rowindex={1} onKeyDown={roving.onKeyDown}>
      <span class="dv-SampleCell tick" role="columnheader">
        <span class="dv-sr">{trans.__('Selected')}</span>
      </span>
      {heads.map((name, i) => {
        const sorted = name !== null && sort.column === name;
        const title = name === null ? trans.__('row') : columnTitle(name, view.dataset.columns);
        return (
          <span
            key={name}
            class={`dv-SampleCell${isNumeric(view.column(name)) && i > 0 ? ' dv-right' : ''}`}
            role="columnheader"
            aria-sort={sorted ? (sort.descending ? 'descending' : 'ascending') : 'none'}
          >
            <button
              type="button"
              title={title}
              tabIndex={roving.tabIndex(i)}
              onFocus={() => {
                roving.onFocus(i);
              }}
              onClick={() => {
                view.setSort(next(sort, name));
              }}
            >
              <span class="dv-ellipsis">{title}</span>
              {sorted && <Icon name={sort.descending ? 'chevron' : 'up'} size={11} />}
            </button>
          </span>
        );
      })}
    </div>
  );
}

function next(sort: Sort, name: string | null): Sort {
  if (name === null || sort.column !== name) {
    return { column: name, descending: false };
  }
  return sort.descending ? { column: null, descending: false } : { column: name, descending: true };
}
