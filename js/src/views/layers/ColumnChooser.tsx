import type { JSX } from 'preact';
import type { Column } from '../../store/layers/columns';
import { trans } from '../../store/shared/trans';
import { Popup } from '../ui/Popup';
import { fullLabel } from './columnLook';
import { type Page, possibleColumns } from '../run/page';

/** Which columns are shown. The names of the layers always are. */
export function ColumnChooser({ page }: { page: Page }): JSX.Element {
  return (
    <Popup label={trans.__('Columns')} icon="columns" testId="dv-columns">
      {() =>
        possibleColumns(page)
          .filter(({ field }) => field !== 'layer')
          .map(column => <Choice key={column.id} page={page} column={column} />)
      }
    </Popup>
  );
}

function Choice({ page, column }: { page: Page; column: Column }): JSX.Element {
  const chosen = page.view.columns.value.get(column.id);
  return (
    <label class="dv-Choice">
      <input
        type="checkbox"
        ref={box => {
          if (box !== null) {
            // Of those that nobody chose the width decides.
            box.checked = chosen ?? isSeen(box, column);
          }
        }}
        onChange={event => {
          page.view.chooseColumn(column.id, event.currentTarget.checked);
        }}
      />
      {fullLabel(column)}
    </label>
  );
}

/** Whether a column finds room in the table beside the chooser. */
function isSeen(box: HTMLElement, { id }: Column): boolean {
  const heads = box.closest('.dv-Canvas')?.querySelectorAll<HTMLElement>('th[data-column]') ?? [];
  const head = [...heads].find(({ dataset }) => dataset['column'] === id);
  return head !== undefined && getComputedStyle(head).display !== 'none';
}
