import type { Column } from '../../../store/dataset/columns';
import type { DatasetView } from '../../../store/dataset/view/datasetView';
import { cellText } from '../columnWords';

/** The column of the ids; null where there is none, or before its values are here. */
export function idColumn(view: DatasetView): Column | null {
  const name = view.dataset.columns.find(({ role }) => role === 'id')?.name ?? null;
  return view.column(name);
}

/** The id of a sample; without ids the number of its row. */
export function idText(view: DatasetView, row: number): string {
  const column = idColumn(view);
  return column === null ? String(row) : cellText(column, row);
}
