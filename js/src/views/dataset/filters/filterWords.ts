import type { Filter } from '../../../store/dataset/filters';
import type { DatasetView } from '../../../store/dataset/view/datasetView';
import { trans } from '../../../store/shared/trans';
import { numberText } from '../../findings/cellText';
import { columnTitle, decimalsOf } from '../columnWords';

/** A filter in words: `familiarity −72.0 to −36.0`. */
export function filterWords(filter: Filter, view: DatasetView): string {
  switch (filter.type) {
    case 'range':
      return rangeWords(filter, view);
    case 'values': {
      const title = columnTitle(filter.column, view.dataset.columns);
      return trans.__('%1: %2', title, filter.values.map(valueWord).join(', '));
    }
    case 'rows':
      return filter.name;
    case 'tag':
      return filter.has ? trans.__('tag %1', filter.tag) : trans.__('not %1', filter.tag);
    case 'expression':
      return filter.text;
  }
}

function rangeWords(
  { column: name, low, high }: Extract<Filter, { type: 'range' }>,
  view: DatasetView,
): string {
  const title = columnTitle(name, view.dataset.columns);
  const column = view.column(name);
  const textOf = (value: number) => numberText(value, column === null ? 2 : decimalsOf(column));
  if (column?.role === 'set') {
    return trans.__('%1: in a set', title);
  }
  if (low === null) {
    return trans.__('%1 up to %2', title, textOf(high ?? Infinity));
  }
  return high === null
    ? trans.__('%1 from %2', title, textOf(low))
    : trans.__('%1 %2 to %3', title, textOf(low), textOf(high));
}

function valueWord(value: string | boolean | null): string {
  return value === null
    ? trans.__('missing')
    : typeof value === 'string'
      ? value
      : value
        ? trans.__('yes')
        : trans.__('no');
}
