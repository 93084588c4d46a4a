import { Type } from '@uwdata/flechette';
import { tableOf, textsOf } from './arrowTable';
import { type Fields, ProtocolError } from './fields';
import type { Findings } from './messages';

export const ANALYSES = [
  'iua',
  'pfa',
  'familiarity',
  'duplicates',
  'projection',
  'labels',
  'report',
] as const;

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
    analysis: fields.oneOf('analysis', ANALYSES),
    summary: fields.text('summary'),
    samples: fields.count('samples'),
    rows: fields.count('rows'),
    final: fields.flag('final'),
    columns: columnsOf(bytes),
  };
}

function columnsOf(bytes: Uint8Array): FoundColumn[] {
  const table = tableOf(bytes, 'findings');
  return table.names.map((heading, i) => {
    const column = table.getChildAt(i);
    const isText = column.type.typeId === Type.Utf8 || column.type.typeId === Type.LargeUtf8;
    const values = isText
      ? textsOf(column, bytes.length, `findings.${heading}`)
      : Array.from(column, (value: unknown) => valueOf(value, heading));
    return { heading, values };
  });
}

function valueOf(value: unknown, heading: string): number | string | boolean {
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') {
    return value;
  }
  throw new ProtocolError(`findings.${heading}: expected numbers, truth values or text.`);
}
