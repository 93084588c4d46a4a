import type { JSX } from 'preact';
import type { Column } from '../../store/columns';
import { LOOKS, classOf, groupLabel } from './columnLook';
import { type Page, stateOf } from './page';

export function TableHead({ page, columns }: { page: Page; columns: readonly Column[] }): JSX.Element {
  return (
    <>
      <colgroup>
        {columns.map(column => (
          <col key={column.id} class={classOf(column)} />
        ))}
      </colgroup>
      <thead>
        <GroupRow columns={columns} />
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
function GroupRow({ columns }: { columns: readonly Column[] }): JSX.Element {
  return (
    <tr class="dv-groups" aria-hidden="true">
      {columns.map(({ id, field, introspection }, i) => {
        const first = introspection !== null && columns[i - 1]?.introspection?.name !== introspection.name;
        return (
          <td
            key={id}
            class={`${classOf(columns[i] ?? { id, field, introspection })} ${introspection?.analysis ?? ''}`}
          >
            {introspection !== null && <span>{first ? <b>{groupLabel(introspection)}</b> : ' '}</span>}
          </td>
        );
      })}
    </tr>
  );
}

function ColumnHead({ page, column }: { page: Page; column: Column }): JSX.Element {
  const sort = page.view.sort.value;
  const direction = sort?.column === column.id ? sort.direction : undefined;
  const { label } = LOOKS[column.field];
  const group = column.introspection === null ? '' : `${groupLabel(column.introspection)}: `;
  return (
    <th scope="col" class={classOf(column)} aria-sort={direction}>
      <button
        type="button"
        title={`${group}${label}. Sort: descending, ascending, network order`}
        aria-label={`${group}${label}`}
        onClick={() => {
          page.view.cycleSort(column, row => stateOf(page, row).word);
        }}
      >
        {label}
        {direction !== undefined && <span aria-hidden="true">{direction === 'ascending' ? '▲' : '▼'}</span>}
      </button>
    </th>
  );
}
