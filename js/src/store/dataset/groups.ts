import type { Numbers } from '../../protocol/tables';
import { type Column, MEDIA, MISSING_BOOL } from './columns';
import { compareTexts } from './order';
import { equalCounts, finiteValues, quantile } from './quantiles';

/** The value of a group in one column: a word, a part of the numbers from `low` to below `high`, or none. */
export type GroupKey =
  | { readonly type: 'word'; readonly word: string }
  | { readonly type: 'numbers'; readonly low: number; readonly high: number; readonly last: boolean }
  | { readonly type: 'missing' };

export interface Group {
  readonly keys: readonly GroupKey[];
  /** In the order of the list that was grouped. */
  readonly rows: Uint32Array<ArrayBuffer>;
  /** Of the finite values asked for; NaN of none. */
  readonly median: number;
}

export interface Groups {
  readonly groups: readonly Group[];
  /** Combinations of values that no row has. */
  readonly empty: number;
}

export type GroupOrder = 'fewest' | 'most' | 'name' | 'rarest median';

const PARTS = 5;

/**
 * Groups rows by the values of one or two columns, numbers by five parts of equal counts.
 *
 * @param rows in the order that they shall have inside the groups.
 * @param values whose median each group has.
 */
export function groupBy(
  columns: readonly Column[],
  rows: Uint32Array,
  values: Numbers | null,
  order: GroupOrder = 'fewest',
): Groups {
  const parts = columns.map(partsOf);
  const combination = (row: number): number =>
    parts.reduce((code, part) => code * (part.keys.length + 1) + part.codeOf(row), 0);
  const groups = gathered(rows, combination).map(({ code, rows: members }) => ({
    keys: keysOf(code, parts),
    rows: members,
    median: values === null ? NaN : quantile(finiteValues(values, members), 0.5),
  }));
  const possible = parts.reduce((product, part) => product * part.keys.length, 1);
  const whole = groups.filter(({ keys }) => keys.every(key => key.type !== 'missing')).length;
  return { groups: groups.sort(comparison(order)), empty: possible - whole };
}

/** How a column is cut. */
interface Parts {
  /** By code; the code behind the last one is that of missing values. */
  readonly keys: readonly GroupKey[];
  readonly codeOf: (row: number) => number;
}

function partsOf(column: Column): Parts {
  switch (column.kind) {
    case 'category':
      return partsOfCodes(column.codes, column.dictionary, -1);
    case 'bool':
      return partsOfCodes(column.values, ['no', 'yes'], MISSING_BOOL);
    case 'media':
      return partsOfCodes(
        column.values.map(value => (value === MEDIA.usable ? 0 : value === MEDIA.broken ? 1 : 2)),
        ['usable', 'broken'],
        2,
      );
    case 'float':
    case 'int':
      return partsOfNumbers(column.values);
    case 'text': {
      const words = new Map<string, number>();
      const codes = Int32Array.from({ length: column.texts.length }, (_, row) => {
        const word = column.texts.at(row);
        if (word === null) {
          return -1;
        }
        const code = words.get(word) ?? words.size;
        words.set(word, code);
        return code;
      });
      return partsOfCodes(codes, [...words.keys()], -1);
    }
  }
}

function partsOfCodes(codes: Numbers, words: readonly string[], missing: number): Parts {
  return {
    keys: words.map(word => ({ type: 'word', word })),
    codeOf: row => {
      const code = codes[row] ?? missing;
      return code === missing ? words.length : code;
    },
  };
}

function partsOfNumbers(values: Numbers): Parts {
  const cuts = equalCounts(values, PARTS);
  const finite = finiteValues(values);
  const edges = [
    finite.reduce((low, value) => Math.min(low, value), Infinity),
    ...cuts,
    finite.reduce((high, value) => Math.max(high, value), -Infinity),
  ];
  const keys: GroupKey[] =
    finite.length === 0
      ? []
      : cuts.concat(NaN).map((_, part) => ({
          type: 'numbers',
          low: edges[part] ?? NaN,
          high: edges[part + 1] ?? NaN,
          last: part === cuts.length,
        }));
  return {
    keys,
    codeOf: row => {
      const value = values[row] ?? NaN;
      return Number.isFinite(value) ? cuts.filter(cut => value >= cut).length : keys.length;
    },
  };
}

/** Rows by code, each in the order in which they came. */
function gathered(
  rows: Uint32Array,
  codeOf: (row: number) => number,
): { code: number; rows: Uint32Array<ArrayBuffer> }[] {
  const numbers = new Map<number, number>();
  const sizes: number[] = [];
  const numberOf = Uint32Array.from(rows, row => {
    const code = codeOf(row);
    const number = numbers.get(code) ?? numbers.size;
    numbers.set(code, number);
    sizes[number] = (sizes[number] ?? 0) + 1;
    return number;
  });
  const members = sizes.map(size => new Uint32Array(size));
  const filled = new Uint32Array(sizes.length);
  rows.forEach((row, index) => {
    const number = numberOf[index] ?? 0;
    const place = filled[number] ?? 0;
    const group = members[number];
    if (group !== undefined) {
      group[place] = row;
    }
    filled[number] = place + 1;
  });
  return [...numbers].map(([code, number]) => ({ code, rows: members[number] ?? new Uint32Array() }));
}

function keysOf(combination: number, parts: readonly Parts[]): GroupKey[] {
  const keys: GroupKey[] = [];
  let code = combination;
  for (const part of [...parts].reverse()) {
    const size = part.keys.length + 1;
    keys.unshift(part.keys[code % size] ?? { type: 'missing' });
    code = Math.floor(code / size);
  }
  return keys;
}

/** Groups that are equal in this order are sorted by name. */
function comparison(order: GroupOrder): (a: Group, b: Group) => number {
  switch (order) {
    case 'fewest':
      return (a, b) => a.rows.length - b.rows.length || compareKeys(a, b);
    case 'most':
      return (a, b) => b.rows.length - a.rows.length || compareKeys(a, b);
    case 'name':
      return compareKeys;
    case 'rarest median':
      return (a, b) => ascending(a.median, b.median) || compareKeys(a, b);
  }
}

function compareKeys(a: Group, b: Group): number {
  for (const [index, key] of a.keys.entries()) {
    const order = compareKey(key, b.keys[index] ?? { type: 'missing' });
    if (order !== 0) {
      return order;
    }
  }
  return 0;
}

function compareKey(a: GroupKey, b: GroupKey): number {
  if (a.type === 'numbers' && b.type === 'numbers') {
    return a.low - b.low;
  }
  return compareTexts(wordOf(a), wordOf(b));
}

function wordOf(key: GroupKey): string | null {
  return key.type === 'word' ? key.word : key.type === 'numbers' ? String(key.low) : null;
}

/** NaN last. */
function ascending(a: number, b: number): number {
  return Number.isNaN(a) || Number.isNaN(b) ? Number(Number.isNaN(a)) - Number(Number.isNaN(b)) : a - b;
}
