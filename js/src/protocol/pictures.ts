import { Fields, ProtocolError } from './fields';
import type { Pictures } from './messages';

/** Pictures of samples, as one WebP. */
export interface SheetOfPictures extends Pictures {
  readonly sheet: Uint8Array;
}

/** A sheet of pictures, and why some samples have none. */
export function pictures(
  fields: Fields,
  buffers: readonly Uint8Array[],
): Omit<SheetOfPictures, 'kind' | 'v' | 'seq'> {
  const [sheet, ...more] = buffers;
  if (sheet === undefined || more.length > 0) {
    throw new ProtocolError(`pictures: expected one buffer, got ${buffers.length}.`);
  }
  return {
    run: fields.text('run'),
    introspector: fields.text('introspector'),
    column: fields.text('column'),
    edge: fields.count('edge'),
    across: Math.max(1, fields.count('across')),
    rows: fields.list('rows', whole),
    problems: fields.list('problems', (item, what) => {
      const problem = new Fields(item, what);
      return { row: problem.count('row'), why: problem.text('why') };
    }),
    sheet,
  };
}

function whole(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
    throw new ProtocolError(`${what}: expected the number of a row.`);
  }
  return value;
}
