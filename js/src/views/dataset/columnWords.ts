import type { SampleColumn } from '../../protocol/messages';
import { type Column, valueAt } from '../../store/dataset/columns';
import { trans } from '../../store/shared/trans';
import { decimalsFor, numberText } from '../findings/cellText';

/** What a column is called: its title, and its response where another column has the same title. */
export function columnTitle(name: string, columns: readonly SampleColumn[]): string {
  const column = columns.find(other => other.name === name);
  if (column === undefined) {
    return name;
  }
  const twice = columns.filter(({ title }) => title === column.title).length > 1;
  return twice && column.response !== null ? `${column.title} · ${column.response}` : column.title;
}

const decimals = new WeakMap<Column, number>();

/** As many decimals for all numbers of a column; 0 of whole numbers. */
export function decimalsOf(column: Column): number {
  const known = decimals.get(column) ?? neededDecimals(column);
  decimals.set(column, known);
  return known;
}

function neededDecimals(column: Column): number {
  if (column.kind !== 'float' || column.role === 'set') {
    return 0;
  }
  let largest = 0;
  for (const value of column.values) {
    const size = Math.abs(value);
    if (size > largest && size !== Infinity) {
      largest = size;
    }
  }
  return decimalsFor(largest);
}

/** The value of a row as text; empty where there is none. */
export function cellText(column: Column, row: number): string {
  const value = valueAt(column, row);
  switch (typeof value) {
    case 'number':
      return column.role === 'id' ? String(value) : numberText(value, decimalsOf(column));
    case 'boolean':
      return value ? trans.__('yes') : trans.__('no');
    case 'string':
      return value;
    default:
      return '';
  }
}

export function isNumeric(column: Column | null): boolean {
  return column?.kind === 'float' || column?.kind === 'int';
}
