import type { Column } from './columns';
import { type Cells, type LayerRow, kindOf } from './rows';

/** A table as text: columns by their heads, and one row per layer. Numbers are as exact as they are known. */
interface TextTable {
  readonly heads: readonly string[];
  readonly rows: readonly (readonly Value[])[];
}

type Value = string | number | null;

/** Formats the columns that have words or numbers; those that are pictures are left out. */
export function textTable(
  columns: readonly Column[],
  rows: readonly LayerRow[],
  state: (row: LayerRow) => string,
): TextTable {
  const written = columns.flatMap(partsOf);
  return {
    heads: written.map(({ head }) => head),
    rows: rows.map(row => written.map(({ read }) => read(row, state))),
  };
}

/** A table as GitHub, JupyterLab and most editors read it. */
export function markdown({ heads, rows }: TextTable): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const numeric = heads.map((_, i) => rows.some(row => typeof row[i] === 'number'));
  return [
    line(heads.map(escaped)),
    line(numeric.map(is => (is ? '---:' : '---'))),
    ...rows.map(row => line(row.map(value => (typeof value === 'string' ? escaped(value) : short(value))))),
    '',
  ].join('\n');
}

/** Comma-separated values after RFC 4180, with numbers in full. */
export function csv({ heads, rows }: TextTable): string {
  return [heads, ...rows].map(row => `${row.map(csvCell).join(',')}\r\n`).join('');
}

interface Part {
  readonly head: string;
  readonly read: (row: LayerRow, state: (row: LayerRow) => string) => Value;
}

/** The heads are names for programs, so they are not translated. */
function partsOf(column: Column): Part[] {
  switch (column.field) {
    case 'layer':
      return [{ head: 'layer', read: row => row.name }];
    case 'kind':
      return [{ head: 'kind', read: kindOf }];
    case 'units':
      return [{ head: 'units', read: row => row.units }];
    case 'state':
      return [{ head: 'state', read: (row, state) => state(row) }];
    case 'mean':
      return [
        found(column, 'inactive mean', cells => (cells.analysis === 'iua' ? cells.mean : null)),
        found(column, 'inactive std', cells => (cells.analysis === 'iua' ? cells.std : null)),
      ];
    case 'dead':
      return [found(column, 'dead', cells => (cells.analysis === 'iua' ? cells.dead : null))];
    case 'keep':
      return [found(column, 'keep', cells => (cells.analysis === 'pfa' ? cells.keep : null))];
    case 'kl':
      return [found(column, 'kl', cells => (cells.analysis === 'pfa' ? cells.kl : null))];
    case 'strip':
    case 'energy':
      return [];
  }
}

function found({ introspection }: Column, head: string, read: (cells: Cells) => number | null): Part {
  const name = introspection?.name ?? '';
  const own = introspection === null || name === introspection.analysis;
  return {
    head: own ? head : `${name}: ${head}`,
    read: row => {
      const cells = row.cells.get(name);
      const value = cells === undefined || cells.samples === 0 ? null : read(cells);
      return value === null || Number.isNaN(value) ? null : value;
    },
  };
}

function short(value: number | null): string {
  return value === null ? '' : String(Number.isInteger(value) ? value : Number(value.toPrecision(4)));
}

/** Text that stays what it is in a cell of a Markdown table. */
function escaped(text: string): string {
  // An underscore inside a word is no markup.
  return text.replace(/[\\|*`<>[\]]|(?<![a-z\d])_|_(?![a-z\d])/gi, '\\$&').replace(/\s+/g, ' ');
}

function csvCell(value: Value): string {
  if (typeof value !== 'string') {
    return value === null ? '' : String(value);
  }
  // Spreadsheets compute what begins like a formula, and layer names come from strangers.
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
