import type { JSX } from 'preact';
import type { Column } from '../../store/layers/columns';
import type { LayerView } from '../../store/layers/layerView';
import { type LayerRow as Row, kindOf } from '../../store/layers/rows';
import { isOver } from '../../store/kernel/state';
import { count } from '../ui/words/format';
import {
  DeadCell,
  EnergyCell,
  KeepCell,
  KindCell,
  MeanCell,
  NameCell,
  NoData,
  StateCell,
  StripCell,
  hasData,
} from './cells';
import { classOf } from './columnLook';
import { type Page, stateOf } from '../run/page';

interface Props {
  page: Page;
  columns: readonly Column[];
  row: Row;
  /** Place among the visible rows, from 0. */
  index: number;
  /** The one row that Tab reaches. */
  current: boolean;
}

export function LayerRow({ page, columns, row, index, current }: Props): JSX.Element {
  const { view } = page;
  const here = view.current.value === row.name;
  return (
    <tr
      data-testid="dv-layer-row"
      data-layer={row.name}
      aria-rowindex={index + 2}
      aria-selected={view.marks.has(row.name)}
      aria-current={here ? 'true' : undefined}
      tabIndex={current ? 0 : -1}
      onMouseDown={event => {
        if (event.shiftKey) {
          event.preventDefault(); // a range of rows, not of text
        }
      }}
      onClick={event => {
        onClick(event, view, row.name);
      }}
    >
      {columns.map(column => (
        <td
          key={column.id}
          class={classOf(column, view.columns.value.get(column.id))}
          title={column.field === 'layer' ? nameTitle(row) : undefined}
        >
          <Cell page={page} column={column} row={row} />
        </td>
      ))}
    </tr>
  );
}

/** A click opens; with Ctrl, Cmd or on the box it marks, with Shift it marks all rows up to this one. */
function onClick(event: MouseEvent, view: LayerView, name: string): void {
  const box = event.target instanceof Element && event.target.closest('.dv-Mark') !== null;
  if (event.shiftKey) {
    const order = view.visible.peek().map(row => row.name);
    view.marks.extend(order, view.current.peek() ?? name, name);
  } else if (event.ctrlKey || event.metaKey || box) {
    view.marks.toggle(name);
  } else {
    view.show(name);
  }
}

function Cell({ page, column, row }: { page: Page; column: Column; row: Row }): JSX.Element | string | null {
  switch (column.field) {
    case 'layer':
      return <NameCell row={row} />;
    case 'kind':
      return kindOf(row) === '' ? null : <KindCell kind={kindOf(row)} />;
    case 'units':
      return row.units === null ? '' : count(row.units);
    case 'state':
      return <StateCell row={row} state={stateOf(page, row)} />;
    default:
      return <Finding page={page} column={column} row={row} />;
  }
}

/** A cell of an introspector. */
function Finding({ page, column, row }: { page: Page; column: Column; row: Row }): JSX.Element | null {
  const cells = row.cells.get(column.introspection?.name ?? '');
  const status = page.record.state?.status;
  if (!hasData(cells)) {
    return column.field === 'mean' || column.field === 'keep' || column.field === 'strip' ? (
      <NoData page={page} width={column.field === 'keep' ? 70 : 90} />
    ) : null;
  }
  if (cells.analysis === 'iua') {
    switch (column.field) {
      case 'mean':
        return <MeanCell cells={cells} />;
      case 'dead':
        return <DeadCell cells={cells} running={status !== undefined && !isOver(status)} />;
      default:
        return <StripCell cells={cells} />;
    }
  }
  switch (column.field) {
    case 'keep':
      return <KeepCell cells={cells} page={page} />;
    case 'kl':
      return Number.isNaN(cells.kl) ? null : <>{cells.kl.toFixed(2)}</>;
    default:
      return <EnergyCell cells={cells} />;
  }
}

function nameTitle({ name, info }: Row): string {
  return info === null ? name : `${name}  ${info.shape.slice(1).map(String).join('×')}`;
}
