import type { Numbers } from '../../protocol/tables';
import { Bitset, wordsFor } from './bitset';
import { type CategoryColumn, type Column, MEDIA, MISSING_BOOL } from './columns';
import type { Order } from './order';

/** What must hold for a row to be shown. Immutable; one a key at a time. */
export type Filter =
  /** Numbers from `low` to `high`, both included; null leaves an end open. Rows without a value fail. */
  | {
      readonly type: 'range';
      readonly column: string;
      readonly low: number | null;
      readonly high: number | null;
    }
  /** One of these values; null stands for a missing one. */
  | {
      readonly type: 'values';
      readonly column: string;
      readonly values: readonly (string | boolean | null)[];
    }
  /** One of these rows, by the words that name them: `lasso`, `similar to 9188`. */
  | { readonly type: 'rows'; readonly name: string; readonly rows: Bitset }
  /** The rows that have a tag, or that have it not. */
  | { readonly type: 'tag'; readonly tag: string; readonly has: boolean }
  /** The rows for which an expression held when it was evaluated. */
  | { readonly type: 'expression'; readonly text: string; readonly rows: Bitset };

/** The key of the filters on a column, and of its histogram. */
export function columnKey(column: string): string {
  return `column ${column}`;
}

/** The key of the filter on a tag. */
export function tagKey(tag: string): string {
  return `tag ${tag}`;
}

/** Filters of the same key replace each other. */
export function keyOf(filter: Filter): string {
  switch (filter.type) {
    case 'range':
    case 'values':
      return columnKey(filter.column);
    case 'rows':
      return `rows ${filter.name}`;
    case 'tag':
      return tagKey(filter.tag);
    case 'expression':
      return 'expression';
  }
}

/** The rows of a column that are in a range. */
export function inRange(values: Numbers, low: number | null, high: number | null): Bitset {
  const least = low ?? -Infinity;
  const most = high ?? Infinity;
  const words = new Int32Array(wordsFor(values.length));
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? NaN;
    if (value >= least && value <= most) {
      words[row >>> 5] = (words[row >>> 5] ?? 0) | (1 << (row & 31));
    }
  }
  return new Bitset(values.length, words);
}

/** The rows whose code is wanted. */
export function withCodes(codes: Numbers, wanted: (code: number) => boolean, size: number): Bitset {
  // Code -1, which is missing, at the place behind all others.
  const passes = Uint8Array.from({ length: size + 1 }, (_, code) =>
    wanted(code === size ? -1 : code) ? 1 : 0,
  );
  const words = new Int32Array(wordsFor(codes.length));
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] ?? -1;
    if (passes[code >= 0 && code < size ? code : size] === 1) {
      words[row >>> 5] = (words[row >>> 5] ?? 0) | (1 << (row & 31));
    }
  }
  return new Bitset(codes.length, words);
}

/** The rows of a column that have one of some values; null stands for missing. */
export function withValues(column: Column, values: readonly (string | boolean | null)[]): Bitset {
  const wanted = new Set(values);
  switch (column.kind) {
    case 'category':
      return withCodes(column.codes, code => wanted.has(wordOf(column, code)), column.dictionary.length);
    case 'bool':
      return withCodes(column.values, code => wanted.has(code < 0 ? null : code === 1), 2);
    case 'media':
      return withCodes(column.values, code => wanted.has(MEDIA_WORDS[code] ?? null), 3);
    case 'text':
      return where(column.texts.length, row => wanted.has(column.texts.at(row)));
    case 'float':
    case 'int':
      return wanted.has(null) ? missingIn(column) : new Bitset(column.values.length);
  }
}

/** The rows without a value. */
export function missingIn(column: Column): Bitset {
  switch (column.kind) {
    case 'category':
      return withCodes(column.codes, code => code < 0, column.dictionary.length);
    case 'bool':
      return where(column.values.length, row => column.values[row] === MISSING_BOOL);
    case 'media':
      return where(column.values.length, row => column.values[row] === MEDIA.missing);
    case 'text':
      return column.texts.missing ?? new Bitset(column.texts.length);
    case 'float':
    case 'int':
      return where(column.values.length, row => Number.isNaN(column.values[row]));
  }
}

/** The rows for which something holds. */
export function where(length: number, holds: (row: number) => boolean): Bitset {
  const words = new Int32Array(wordsFor(length));
  for (let row = 0; row < length; row++) {
    if (holds(row)) {
      words[row >>> 5] = (words[row >>> 5] ?? 0) | (1 << (row & 31));
    }
  }
  return new Bitset(length, words);
}

/** The places in the order of a column of the values from `low` to `high`, for a brush. */
export function placesOf(
  values: Numbers,
  order: Order,
  low: number | null,
  high: number | null,
): readonly [number, number] {
  const at = (place: number): number => values[order.rows[place] ?? 0] ?? NaN;
  const first = low === null ? 0 : partition(order.valid, place => at(place) < low);
  const end = high === null ? order.valid : partition(order.valid, place => at(place) <= high);
  return [first, Math.max(first, end)];
}

/** How many places from the first on hold what holds for a beginning of them. */
export function partition(length: number, holds: (place: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/** What filters call the codes of pictures; null stands for missing. */
export const MEDIA_WORDS: readonly (string | null)[] = ['usable', null, 'broken'];

function wordOf(column: CategoryColumn, code: number): string | null {
  return column.dictionary[code] ?? null;
}
