import type { JSX } from 'preact';
import type { Column } from '../../store/layers/columns';
import { trans } from '../../store/shared/trans';
import { LOOKS, classOf, fullLabel, groupLabel } from './columnLook';
import { type Page, stateOf } from '../run/page';

interface Props {
  page: Page;
  columns: readonly Column[];
}

export function TableHead({ page, columns }: Props): JSX.Element {
  const { value: chosen } = page.view.columns;
  return (
    <>
      <colgroup>
        {columns.map(column => (
          <col key={column.id} class={classOf(column, chosen.get(column.id))} />
        ))}
      </colgroup>
      <thead>
        <GroupRow page={page} columns={columns} />
        <tr class="dv-columns" aria-rowindex={1}>
          {columns.map(column => (
            <ColumnHead key={column.id} page={page} column={column} />
          ))}
        </tr>
      </thead>
    </>
  );
}

/** Above the columns of each introspector its name. Read out with each column instead. */
function GroupRow({ page, columns }: Props): JSX.Element {
  return (
    <tr class="dv-groups" aria-hidden="true">
      {columns.map((column, i) => {
        const { id, introspection } = column;
        const first = introspection !== null && columns[i - 1]?.introspection?.name !== introspection.name;
        return (
          <td
            key={id}
            class={`${classOf(column, page.view.columns.value.get(id))} ${introspection?.analysis ?? ''}`}
          >
            {introspection !== null && <span>{first ? <b>{groupLabel(introspection)}</b> : ' '}</span>}
          </td>
        );
      })}
    </tr>
  );
}

function ColumnHead({ page, column }: { page: Page; column: Column }): JSX.Element {
  const { view } = page;
  const sort = view.sort.value;
  const direction = sort?.column === column.id ? sort.direction : undefined;
  const label = fullLabel(column);
  return (
    <th
      scope="col"
      class={classOf(column, view.columns.value.get(column.id))}
      aria-sort={direction}
      data-column={column.id}
    >
      {column.field === 'layer' && <MarkAll page={page} />}
      <button
        type="button"
        title={trans.__('%1. Sort: descending, ascending, network order', label)}
        aria-label={label}
        onClick={() => {
          view.cycleSort(column, row => stateOf(page, row).word);
        }}
      >
        {LOOKS[column.field].label()}
        {direction !== undefined && <span aria-hidden="true">{direction === 'ascending' ? '▲' : '▼'}</span>}
      </button>
    </th>
  );
}

/** Marks all rows that are shown, or drops their marks; those that are not shown stay as they are. */
function MarkAll({ page }: { page: Page }): JSX.Element {
  const { marks, visible } = page.view;
  const names = visible.value.map(({ name }) => name);
  const on = names.filter(name => marks.has(name)).length;
  const all = on > 0 && on === names.length;
  return (
    <button
      type="button"
      class="dv-MarkAll"
      role="checkbox"
      aria-checked={all ? 'true' : on > 0 ? 'mixed' : 'false'}
      aria-label={trans.__('Mark all shown layers')}
      title={trans.__('Mark all shown layers')}
      data-testid="dv-mark-all"
      onClick={() => {
        marks.set(names, !all);
      }}
    >
      <span class="dv-Mark" />
    </button>
  );
}
