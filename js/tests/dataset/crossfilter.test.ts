import { describe, expect, it } from 'vitest';
import { type Bins, binsOf, binsOfNumbers } from '../../src/store/dataset/bins';
import { Bitset } from '../../src/store/dataset/bitset';
import { Crossfilter } from '../../src/store/dataset/crossfilter';
import { inRange, placesOf, where, withValues } from '../../src/store/dataset/filters';
import { orderOf } from '../../src/store/dataset/order';
import { sampleList, rangeOf } from '../../src/store/dataset/sampleList';
import { SEEDS, categories, hardNumbers, numbers, random } from './samples';

const ROWS = 200;
const NAMES = ['a', 'b', 'c'];

function counted(bins: Bins, rows: readonly number[]): number[] {
  const counts = new Array<number>(bins.size + 1).fill(0);
  rows.forEach(row => counts[bins.codes[row]!]!++);
  return counts;
}

/** Rows by a filter's key, as one would write it without thinking of speed. */
class Naive {
  readonly filters = new Map<string, Bitset>();

  rows(but?: string): number[] {
    return Array.from({ length: ROWS }, (_, row) => row).filter(row =>
      [...this.filters].every(([key, rows]) => key === but || rows.has(row)),
    );
  }
}

describe('filters and histograms', () => {
  it.each(SEEDS)('are those of a naive count after any sequence of filters and brushes (seed %i)', seed => {
    const next = random(seed);
    const columns = NAMES.map((name, index) => numbers(name, hardNumbers(ROWS, seed * 10 + index)));
    const bins = columns.map(column => binsOfNumbers(column.values, 7));
    const orders = columns.map(orderOf);
    const filter = new Crossfilter(ROWS);
    const naive = new Naive();
    NAMES.forEach((name, index) => {
      filter.show(name, bins[index]!);
    });

    for (let step = 0; step < 40; step++) {
      const which = Math.floor(next() * 3);
      const [low, high] = [next() * 10 - 6, next() * 10 - 4];
      const values = columns[which]!.values;
      const kind = next();
      if (kind < 0.5) {
        const places = placesOf(values, orders[which]!, low, high);
        filter.brush(NAMES[which]!, orders[which]!, ...places);
        naive.filters.set(NAMES[which]!, inRange(values, low, high));
      } else if (kind < 0.7) {
        filter.filter(NAMES[which]!, inRange(values, low, null));
        naive.filters.set(NAMES[which]!, inRange(values, low, null));
      } else if (kind < 0.85) {
        const rows = where(ROWS, () => next() < 0.7);
        filter.filter('lasso', rows);
        naive.filters.set('lasso', rows);
      } else {
        const key = next() < 0.5 ? 'lasso' : NAMES[which]!;
        filter.filter(key, null);
        naive.filters.delete(key);
      }
      expect(filter.count).toBe(naive.rows().length);
      expect([...filter.passing().rows()]).toEqual(naive.rows());
      expect([...filter.passing('b').rows()]).toEqual(naive.rows('b'));
      NAMES.forEach((name, index) => {
        expect([...filter.counts(name)!]).toEqual(counted(bins[index]!, naive.rows(name)));
      });
    }
  });

  it('a histogram that is shown later follows the filters that are there', () => {
    const column = numbers('a', Float32Array.of(1, 2, 3, NaN));
    const filter = new Crossfilter(4);
    filter.filter('lasso', Bitset.ofRows(4, [1, 3]));
    filter.show('a', binsOfNumbers(column.values, 3));
    expect([...filter.counts('a')!]).toEqual([0, 1, 0, 1]);
    expect([...filter.totals('a')!]).toEqual([1, 1, 1, 1]);
  });

  it('two histograms of one column share its filter, as in the strip and in a panel', () => {
    const column = numbers('a', Float32Array.of(1, 2, 3, 4));
    const filter = new Crossfilter(4);
    filter.show('a', binsOfNumbers(column.values, 4));
    filter.show('panel', binsOfNumbers(column.values, 2), 'a');
    filter.filter('a', inRange(column.values, 3, null));
    expect([...filter.counts('panel')!]).toEqual([2, 2, 0]);
    expect(filter.count).toBe(2);
  });

  it('counts a selection where it passes the filters', () => {
    const label = categories('label', ['cat', 'dog', null, 'cat']);
    const filter = new Crossfilter(4);
    filter.show('label', binsOf(label)!);
    filter.filter('lasso', Bitset.ofRows(4, [0, 1, 2]));
    expect([...filter.countsOf(Bitset.ofRows(4, [0, 2, 3])).get('label')!]).toEqual([1, 0, 1]);
  });

  it('takes 32 filters at a time and then says what to do', () => {
    const filter = new Crossfilter(3);
    const rows = Bitset.ofRows(3, [1]);
    Array.from({ length: 32 }, (_, index) => {
      filter.filter(`f${index}`, rows);
    });
    expect(() => {
      filter.filter('one more', rows);
    }).toThrow('Expected at most 32 columns with a filter or a histogram');
    filter.filter('f31', null);
    filter.filter('one more', Bitset.ofRows(3, [2]));
    expect(filter.count).toBe(0);
    expect(filter.keys).toContain('one more');
  });

  it.each([0, 1])('works on %i rows', rows => {
    const column = numbers('a', new Float32Array(rows).fill(NaN));
    const filter = new Crossfilter(rows);
    filter.show('a', binsOfNumbers(column.values, 5));
    filter.brush('a', orderOf(column), 0, 0);
    expect(filter.count).toBe(0);
    filter.filter('a', null);
    expect(filter.count).toBe(rows);
  });
});

describe('bins', () => {
  it('hold infinite numbers at their ends and missing ones apart', () => {
    const { codes, low, high } = binsOfNumbers(Float64Array.of(-Infinity, 0, 10, Infinity, NaN), 10);
    expect([...codes]).toEqual([0, 0, 9, 9, 10]);
    expect([low, high]).toEqual([0, 10]);
  });

  it('are one a value for few integers', () => {
    const bins = binsOf({ name: 'stars', role: 'number', kind: 'int', values: Int32Array.of(1, 5, 3) });
    expect(bins).toMatchObject({ size: 5, low: 0.5, high: 5.5 });
    expect([...bins!.codes]).toEqual([0, 4, 2]);
  });

  it.each([[[7, 7]], [[0]], [[NaN]], [[]], [[1e300, -1e300]]])('are usable for %j', values => {
    const { codes, size } = binsOfNumbers(Float64Array.from(values), 4);
    expect([...codes].every(code => code <= size)).toBe(true);
  });

  it('of a million labels are as many', () => {
    const codes = Int32Array.from({ length: 100_000 }, (_, row) => row);
    const dictionary = Array.from(codes, String);
    const bins = binsOf({ name: 'label', role: 'label', kind: 'category', codes, dictionary });
    expect(bins?.codes[99_999]).toBe(99_999);
  });
});

describe('values as filters', () => {
  it('take missing as a value', () => {
    const label = categories('label', ['cat', 'dog', null, 'cat']);
    expect([...withValues(label, ['cat', null]).rows()]).toEqual([0, 2, 3]);
    expect([...withValues(numbers('n', Float32Array.of(1, NaN)), [null]).rows()]).toEqual([1]);
  });
});

describe('the list', () => {
  it('has the selection first, each part in the order of the sort column', () => {
    const column = numbers('score', Float32Array.of(5, 1, 4, NaN, 2));
    const filter = new Crossfilter(5);
    filter.filter('x', Bitset.ofRows(5, [0, 1, 2, 3]));
    const list = sampleList(orderOf(column), filter, Bitset.ofRows(5, [0, 3, 4]));
    expect([...list.rows]).toEqual([0, 3, 1, 2]);
    expect(list.selected).toBe(2);
    expect([...rangeOf(list, 3, 1, 5).rows()]).toEqual([1, 2, 3]);
  });
});
