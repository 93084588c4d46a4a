import { Type } from '@uwdata/flechette';
import { tableOf, textsOf } from './arrowTable';
import { type Fields, ProtocolError } from './fields';
import type { Findings } from './messages';

/** A column for people: its heading and one value per row. 64-bit integers come as numbers, dates as text. */
export interface FoundColumn {
  readonly heading: string;
  readonly values: readonly (number | string | boolean)[];
}

/** What an analysis of samples found. The columns hold the first rows; `rows` counts all. */
export interface Found extends Findings {
  readonly columns: readonly FoundColumn[];
}

export function found(fields: Fields, buffers: readonly Uint8Array[]): Omit<Found, 'kind' | 'v' | 'seq'> {
  const [bytes, ...more] = buffers;
  if (bytes === undefined || more.length > 0) {
    throw new ProtocolError(`findings: expected one Arrow buffer, got ${buffers.length}.`);
  }
  return {
    run: fields.text('run'),
    introspector: fields.text('introspector'),
    analysis: fields.text('analysis'),
    summary: fields.text('summary'),
    samples: fields.count('samples'),
    rows: fields.count('rows'),
    final: fields.flag('final'),
    columns: plainColumns(bytes, 'findings'),
  };
}

/** Columns of layers that are not shown: the note tells what was left out. */
const UNSAID: ReadonlySet<string> = new Set(['nonfinite', 'stable_since']);

/** A table of layers that has no drawing of its own: the plain columns, under their names, the note last. */
export function plainLayers(bytes: Uint8Array): Pick<Found, 'summary' | 'rows' | 'columns'> {
  const columns = plainColumns(bytes, 'snapshot').filter(({ heading }) => !UNSAID.has(heading));
  const notes = columns.filter(({ heading }) => heading === 'note');
  return {
    summary: '',
    rows: columns[0]?.values.length ?? 0,
    columns: [...columns.filter(column => !notes.includes(column)), ...notes],
  };
}

/** The columns of one number, truth value or text for each row, under their names; lists of numbers are left out. */
export function plainColumns(bytes: Uint8Array, what: string): FoundColumn[] {
  const table = tableOf(bytes, what);
  return table.names.flatMap((heading, i) => {
    const column = table.getChildAt(i);
    if (column.type.typeId === Type.FixedSizeList) {
      return [];
    }
    const isText = column.type.typeId === Type.Utf8 || column.type.typeId === Type.LargeUtf8;
    const values = isText
      ? textsOf(column, bytes.length, `${what}.${heading}`)
      : Array.from(column, (value: unknown) => valueOf(value, `${what}.${heading}`));
    return [{ heading, values }];
  });
}

function valueOf(value: unknown, what: string): number | string | boolean {
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') {
    return value;
  }
  throw new ProtocolError(`${what}: expected numbers, truth values or text.`);
}
