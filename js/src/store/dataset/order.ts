import type { Numbers } from '../../protocol/tables';
import { type Column, MISSING_BOOL } from './columns';

/** The rows of a column in ascending order. */
export interface Order {
  /** Rows of equal values by number; those without a value last. */
  readonly rows: Uint32Array<ArrayBuffer>;
  /** How many of them have a value. */
  readonly valid: number;
}

const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;

/** Sorts a column: numbers by value, categories and texts as people read them, no before yes. */
export function orderOf(column: Column): Order {
  switch (column.kind) {
    case 'float':
    case 'int':
      return orderOfNumbers(column.values);
    case 'bool':
      return orderOfRanks(
        column.values,
        column.values.length,
        value => (value === MISSING_BOOL ? -1 : value),
        2,
      );
    case 'media':
      return orderOfRanks(column.values, column.values.length, value => value, 256);
    case 'category': {
      const ranks = ranksOf(column.dictionary);
      return orderOfRanks(column.codes, column.codes.length, code => ranks[code] ?? -1, ranks.length);
    }
    case 'text': {
      const texts = Array.from({ length: column.texts.length }, (_, row) => column.texts.at(row));
      const compare = comparing(texts.length);
      const rows = Uint32Array.from(texts.keys()).sort((a, b) => compare(texts[a], texts[b]) || a - b);
      return { rows, valid: texts.filter(text => text !== null).length };
    }
  }
}

/** Another order: descending, rows of equal values still by number and those without a value still last. */
export function descending(order: Order, same: (row: number, other: number) => boolean): Order {
  const { rows, valid } = order;
  const turned = rows.slice();
  let size = 0;
  for (let end = valid; end > 0;) {
    let start = end - 1;
    while (start > 0 && same(rows[start - 1] ?? 0, rows[end - 1] ?? 0)) {
      start--;
    }
    turned.set(rows.subarray(start, end), size);
    size += end - start;
    end = start;
  }
  return { rows: turned, valid };
}

/** Whether two rows of a column sort at the same place. */
export function sameValue(column: Column): (row: number, other: number) => boolean {
  switch (column.kind) {
    case 'category':
      return (row, other) => column.codes[row] === column.codes[other];
    case 'text':
      return (row, other) => column.texts.at(row) === column.texts.at(other);
    default:
      return (row, other) => column.values[row] === column.values[other];
  }
}

/** A radix sort on the bits of the numbers: stable, linear, exact for every type; NaN last. */
export function orderOfNumbers(values: Numbers): Order {
  const double = values instanceof Float64Array;
  const keys = double ? keysOfDoubles(values) : [keysOfSingles(values)];
  let rows: Uint32Array<ArrayBuffer> = Uint32Array.from(values.keys());
  let spare = new Uint32Array(values.length);
  for (const key of keys) {
    for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
      if (scattered(key, rows, spare, shift)) {
        [rows, spare] = [spare, rows];
      }
    }
  }
  return { rows, valid: validCount(values, rows) };
}

function validCount(values: Numbers, rows: Uint32Array): number {
  let valid = rows.length;
  while (valid > 0 && Number.isNaN(values[rows[valid - 1] ?? 0])) {
    valid--;
  }
  return valid;
}

/** Distributes rows by one digit of their keys; false when all have the same, and nothing was written. */
function scattered(keys: Uint32Array, rows: Uint32Array, into: Uint32Array, shift: number): boolean {
  const starts = new Uint32Array(DIGITS);
  for (const key of keys) {
    const digit = (key >>> shift) & (DIGITS - 1);
    starts[digit] = (starts[digit] ?? 0) + 1;
  }
  let start = 0;
  for (let digit = 0; digit < DIGITS; digit++) {
    const size = starts[digit] ?? 0;
    if (size === keys.length) {
      return false;
    }
    starts[digit] = start;
    start += size;
  }
  for (const row of rows) {
    const digit = ((keys[row] ?? 0) >>> shift) & (DIGITS - 1);
    const place = starts[digit] ?? 0;
    into[place] = row;
    starts[digit] = place + 1;
  }
  return true;
}

/** Keys that sort as the numbers do: the sign bit turned, negative ones turned as a whole. */
function keysOfSingles(values: Numbers): Uint32Array<ArrayBuffer> {
  if (values instanceof Uint32Array || values instanceof Uint8Array || values instanceof Uint16Array) {
    return Uint32Array.from(values);
  }
  if (!(values instanceof Float32Array)) {
    return Uint32Array.from(values, value => value ^ 0x80000000);
  }
  const keys = new Uint32Array(values.length);
  const bits = new Int32Array(new Float32Array(values).buffer);
  for (let row = 0; row < keys.length; row++) {
    const value = values[row] ?? NaN;
    const word = value === 0 ? 0 : (bits[row] ?? 0);
    keys[row] = Number.isNaN(value) ? 0xffffffff : word ^ ((word >> 31) | 0x80000000);
  }
  return keys;
}

function keysOfDoubles(values: Float64Array): [Uint32Array<ArrayBuffer>, Uint32Array<ArrayBuffer>] {
  const low = new Uint32Array(values.length);
  const high = new Uint32Array(values.length);
  const bits = new Int32Array(new Float64Array(values).buffer);
  for (let row = 0; row < low.length; row++) {
    const value = values[row] ?? NaN;
    const top = value === 0 ? 0 : (bits[2 * row + 1] ?? 0);
    const turn = top >> 31;
    const missing = Number.isNaN(value);
    low[row] = missing ? 0xffffffff : (bits[2 * row] ?? 0) ^ turn;
    high[row] = missing ? 0xffffffff : top ^ (turn | 0x80000000);
  }
  return [low, high];
}

function orderOfRanks(
  codes: Numbers,
  length: number,
  rankOf: (code: number) => number,
  ranks: number,
): Order {
  const keys = new Uint32Array(length);
  let valid = 0;
  for (let row = 0; row < length; row++) {
    const rank = rankOf(codes[row] ?? -1);
    valid += rank < 0 ? 0 : 1;
    keys[row] = rank < 0 ? ranks : rank;
  }
  return { rows: orderOfNumbers(keys).rows, valid };
}

/** Where each word of a dictionary stands among the others. */
function ranksOf(dictionary: readonly string[]): Int32Array {
  const compare = comparing(dictionary.length);
  const sorted = [...dictionary.keys()].sort((a, b) => compare(dictionary[a], dictionary[b]));
  const ranks = new Int32Array(dictionary.length);
  sorted.forEach((code, rank) => (ranks[code] = rank));
  return ranks;
}

type Comparison = (a: string | null | undefined, b: string | null | undefined) => number;

/** A collator needs seconds for a million texts; so many are sorted by their characters. */
const MOST_COLLATED = 100_000;
const collator = new Intl.Collator('en', { numeric: true });

function comparing(length: number): Comparison {
  return length > MOST_COLLATED ? compareCharacters : compareTexts;
}

/** As people sort: `img2` before `img10`; missing ones last. */
export const compareTexts: Comparison = (a, b) =>
  (isText(a) && isText(b) ? collator.compare(a, b) : 0) || compareCharacters(a, b);

const compareCharacters: Comparison = (a, b) => {
  if (!isText(a) || !isText(b)) {
    return Number(!isText(a)) - Number(!isText(b));
  }
  return a < b ? -1 : a > b ? 1 : 0;
};

function isText(text: string | null | undefined): text is string {
  return typeof text === 'string';
}
