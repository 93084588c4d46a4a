import { describe, expect, it } from 'vitest';
import { Bitset } from '../../src/store/dataset/bitset';
import { Crossfilter } from '../../src/store/dataset/crossfilter';
import { orderOfNumbers } from '../../src/store/dataset/order';
import { extremes, extremesByWord } from '../../src/store/dataset/view/extremes';
import { setsOf } from '../../src/store/dataset/view/sets';
import { categories, hardNumbers, numbers } from '../dataset/samples';

const ROWS = 60;
const values = hardNumbers(ROWS, 5);
const words = Array.from({ length: ROWS }, (_, row) => (row % 7 === 0 ? null : `c${row % 3}`));
const passing = Bitset.ofRows(
  ROWS,
  Array.from({ length: ROWS }, (_, row) => row).filter(row => row % 4 !== 1),
);
const filter = new Crossfilter(ROWS);
filter.filter('half', passing);

/** The rows that pass and have a value, lowest first, equal ones by number. */
function sorted(holds: (row: number) => boolean): number[] {
  return Array.from(passing.rows())
    .filter(row => holds(row) && !Number.isNaN(values[row]))
    .sort((a, b) => (values[a] === values[b] ? a - b : (values[a] ?? 0) < (values[b] ?? 0) ? -1 : 1));
}

describe('the samples at the ends of a score', () => {
  it('are those that pass, from either end', () => {
    const all = sorted(() => true);
    expect(extremes(orderOfNumbers(values), filter, 9, false)).toEqual(all.slice(0, 9));
    expect(extremes(orderOfNumbers(values), filter, 9, true)).toEqual(all.slice(-9).reverse());
  });

  it.each([false, true])('are found for each word (from the end: %s)', fromEnd => {
    const found = extremesByWord(orderOfNumbers(values), categories('label', words), filter, 3, fromEnd);
    expect(found.map(({ word }) => word)).toEqual(['c0', 'c1', 'c2']);
    for (const { word, rows, count, median } of found) {
      const own = sorted(row => words[row] === word);
      expect(rows).toEqual(fromEnd ? own.slice(-3).reverse() : own.slice(0, 3));
      expect(count).toBe(own.length);
      expect(median).toBe(own[(own.length - 1) >>> 1]);
    }
  });
});

describe('sets of duplicates', () => {
  it('are the rows of each number, the largest first; one row alone is none', () => {
    const column = numbers('duplicates', Float64Array.of(2, NaN, 0, 2, 0, 0, 7, NaN, -1, -1));
    expect(setsOf(column).map(({ number, rows }) => [number, Array.from(rows)])).toEqual([
      [0, [2, 4, 5]],
      [2, [0, 3]],
    ]);
  });
});
