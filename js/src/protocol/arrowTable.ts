import { type Column, type DataType, type Table, Type, tableFromIPC } from '@uwdata/flechette';
import { ProtocolError } from './fields';

/** Types that have a value, or a bit of one, for each row in the bytes: no small stream makes a large table of them. */
const PLAIN: ReadonlySet<number> = new Set([Type.Int, Type.Float, Type.Utf8, Type.LargeUtf8, Type.Bool]);
const NUMBER: ReadonlySet<number> = new Set([Type.Int, Type.Float]);
const BITS = 8;

/**
 * Decodes one Arrow IPC stream, which may come from a stranger.
 *
 * @throws ProtocolError for what is none, for columns that are not plain, and for more rows than the bytes can hold.
 */
export function tableOf(bytes: Uint8Array, what: string): Table {
  const table = decoded(bytes, what);
  table.names.forEach((name, i) => {
    const column = table.getChildAt(i);
    if (!isPlain(column.type)) {
      throw new ProtocolError(
        `${what}.${name}: expected numbers, truth values, text or lists of numbers. Nothing else is read.`,
      );
    }
    if (valuesIn(column) > bytes.length * BITS || column.length !== table.numRows) {
      throw new ProtocolError(
        `${what}.${name}: expected the rows of the table, got more than its bytes hold.`,
      );
    }
  });
  return table;
}

/** The texts of a column; together no longer than the bytes that they come from. */
export function textsOf(column: Column<unknown>, bytes: number, what: string): string[] {
  let length = 0;
  return Array.from(column, value => {
    if (typeof value !== 'string') {
      throw new ProtocolError(`${what}: expected a column of text.`);
    }
    length += value.length;
    if (length > bytes) {
      throw new ProtocolError(`${what}: expected texts that do not overlap.`);
    }
    return value;
  });
}

function decoded(bytes: Uint8Array, what: string): Table {
  try {
    // A copy: the decoder needs aligned bytes, which a part of a larger message seldom is.
    return tableFromIPC(bytes.slice());
  } catch (error) {
    throw new ProtocolError(`${what}: not an Arrow IPC stream (${String(error)}).`);
  }
}

function isPlain(type: DataType): boolean {
  if (type.typeId === Type.FixedSizeList) {
    const [item, ...more] = type.children;
    return item !== undefined && more.length === 0 && NUMBER.has(item.type.typeId);
  }
  return PLAIN.has(type.typeId);
}

/** How many values a column says it has; of lists, those in them. */
function valuesIn({ type, length }: Column<unknown>): number {
  return type.typeId === Type.FixedSizeList ? length * Math.max(1, type.stride) : length;
}
