import type { Numbers } from '../../protocol/tables';
import { type Column, MISSING_BOOL } from './columns';

export type BinCodes = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

/** The bin of each row; the last one is for those without a value. */
export interface Bins {
  readonly codes: BinCodes;
  /** Bins with values; `codes` has `size` for rows without one. */
  readonly size: number;
  /** Of numbers: where the first bin begins and the last one ends. */
  readonly low: number;
  readonly high: number;
}

const DEFAULT_BINS = 40;

/** Cuts a column into bins: numbers into equally wide ones, anything else into its values. */
export function binsOf(column: Column, bins = DEFAULT_BINS): Bins | null {
  switch (column.kind) {
    case 'float':
    case 'int':
      return binsOfNumbers(column.values, bins, column.kind === 'int');
    case 'category': {
      const size = column.dictionary.length;
      return { codes: withMissing(column.codes, size), size, low: 0, high: size };
    }
    case 'bool':
      return { codes: withMissing(column.values, 2, MISSING_BOOL), size: 2, low: 0, high: 2 };
    case 'media':
      return { codes: withMissing(column.values, 3), size: 3, low: 0, high: 3 };
    case 'text':
      return null;
  }
}

/** Equally wide bins over the finite numbers; infinite ones are in the outermost, few integers have a bin each. */
export function binsOfNumbers(values: Numbers, bins: number, integers = false): Bins {
  let [low, high] = finiteRange(values);
  if (integers && high - low < bins) {
    low -= 0.5;
    high += 0.5;
  } else if (low === high) {
    high = low + (Math.abs(low) || 1);
  }
  const size = integers ? Math.max(1, Math.min(bins, Math.round(high - low))) : bins;
  const scale = size / (high - low);
  const codes = emptyCodes(values.length, size);
  for (let row = 0; row < codes.length; row++) {
    const value = values[row] ?? NaN;
    const bin = (value - low) * scale;
    codes[row] = bin >= size ? size - 1 : bin >= 0 ? bin : bin < 0 ? 0 : size;
  }
  return { codes, size, low, high };
}

function finiteRange(values: Numbers): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low && value !== -Infinity) {
      low = value;
    }
    if (value > high && value !== Infinity) {
      high = value;
    }
  }
  return low <= high ? [low, high] : [0, 0];
}

function withMissing(values: Numbers, size: number, missing = -1): BinCodes {
  const codes = emptyCodes(values.length, size);
  for (let row = 0; row < codes.length; row++) {
    const value = values[row] ?? missing;
    codes[row] = value === missing || value < 0 || value >= size ? size : value;
  }
  return codes;
}

function emptyCodes(length: number, size: number): BinCodes {
  return size < 0x100
    ? new Uint8Array(length)
    : size < 0x10000
      ? new Uint16Array(length)
      : new Uint32Array(length);
}
