import { Fields, ProtocolError } from './fields';
import {
  SAMPLE_COLUMN_ROLES,
  SAMPLE_COLUMN_TYPES,
  type SampleChunk,
  type SampleColumn,
  type Samples,
} from './messages';
import { Columns, type Numbers } from './tables';

/** Some rows of a column: numbers (NaN for missing), texts, or codes of words (negative for missing). */
export type ChunkValues =
  | { readonly type: 'numbers'; readonly values: Numbers }
  | { readonly type: 'codes'; readonly codes: Numbers; readonly dictionary: readonly string[] }
  | { readonly type: 'texts'; readonly texts: readonly string[] };

export interface ChunkOfSamples extends SampleChunk {
  readonly values: ChunkValues;
}

type Body<M> = Omit<M, 'kind' | 'v' | 'seq'>;

/** The columns of a table of samples. */
export function samples(fields: Fields): Body<Samples> {
  const columns = fields.list('columns', sampleColumn);
  const names = columns.map(({ name }) => name);
  if (new Set(names).size < names.length) {
    throw new ProtocolError(`samples.columns: expected different names, got ${names.join(', ')}.`);
  }
  return {
    run: fields.text('run'),
    introspector: fields.text('introspector'),
    version: fields.count('version'),
    rows: fields.count('rows'),
    columns,
    sort_by: fields.optional('sort_by', name => fields.text(name)),
    descending: fields.flag('descending'),
  };
}

function sampleColumn(item: unknown, what: string): SampleColumn {
  const column = new Fields(item, what);
  return {
    name: column.text('name'),
    role: column.oneOf('role', SAMPLE_COLUMN_ROLES),
    type: column.oneOf('type', SAMPLE_COLUMN_TYPES),
    title: column.text('title'),
    response: column.optional('response', name => column.text(name)),
    since: column.count('since'),
  };
}

/** Some rows of a column. */
export function sampleChunk(fields: Fields, buffers: readonly Uint8Array[]): Body<ChunkOfSamples> {
  const type = fields.oneOf('type', SAMPLE_COLUMN_TYPES);
  const rows = fields.count('rows');
  const values = valuesOf(type, buffers);
  const found = sizeOf(values);
  if (found !== rows) {
    throw new ProtocolError(`sample_chunk: expected ${rows} values, got ${found}.`);
  }
  return {
    run: fields.text('run'),
    introspector: fields.text('introspector'),
    column: fields.text('column'),
    type,
    since: fields.count('since'),
    start: fields.count('start'),
    rows,
    values,
  };
}

function valuesOf(type: SampleColumn['type'], buffers: readonly Uint8Array[]): ChunkValues {
  const [values, words, ...more] = buffers;
  const expected = type === 'category' ? 2 : 1;
  if (values === undefined || buffers.length !== expected || more.length > 0) {
    throw new ProtocolError(`sample_chunk: expected ${expected} Arrow buffers, got ${buffers.length}.`);
  }
  const column = new Columns(values, 'sample_chunk');
  if (type === 'text') {
    return { type: 'texts', texts: column.texts('value') };
  }
  const numbers = column.numbers('value');
  return words === undefined
    ? { type: 'numbers', values: numbers }
    : { type: 'codes', codes: numbers, dictionary: new Columns(words, 'sample_chunk').texts('word') };
}

function sizeOf(values: ChunkValues): number {
  switch (values.type) {
    case 'numbers':
      return values.values.length;
    case 'codes':
      return values.codes.length;
    case 'texts':
      return values.texts.length;
  }
}
