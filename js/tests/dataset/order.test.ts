import { describe, expect, it } from 'vitest';
import type { Column } from '../../src/store/dataset/columns';
import { descending, orderOf, orderOfNumbers, sameValue } from '../../src/store/dataset/order';
import { equalCounts, finiteValues, quantile } from '../../src/store/dataset/quantiles';
import { packTexts } from '../../src/store/dataset/texts';
import { SEEDS, categories, hardNumbers, numbers } from './samples';

const TYPES = [
  Int8Array,
  Int16Array,
  Int32Array,
  Uint8Array,
  Uint16Array,
  Uint32Array,
  Float32Array,
  Float64Array,
];

function naiveOrder(values: ArrayLike<number>): number[] {
  const rows = Array.from(values, (_, row) => row);
  const key = (row: number) => (Number.isNaN(values[row]) ? [1, 0] : [0, values[row]!]);
  return rows.sort((a, b) => {
    const [missing, one] = key(a);
    const [otherMissing, other] = key(b);
    return missing! - otherMissing! || (one! < other! ? -1 : one! > other! ? 1 : a - b);
  });
}

describe('an order', () => {
  it.each(TYPES.map(type => [type.name, type] as const))('sorts %s as a naive sort does', (_, Type) => {
    for (const seed of SEEDS) {
      const values = new Type(Array.from(hardNumbers(300, seed), value => value * 1e5));
      expect([...orderOfNumbers(values).rows]).toEqual(naiveOrder(values));
    }
  });

  it('of equal values is that of the rows, upwards and downwards', () => {
    const column = numbers('a', Float32Array.of(2, 1, NaN, 2, 1));
    const order = orderOf(column);
    expect([...order.rows]).toEqual([1, 4, 0, 3, 2]);
    expect(order.valid).toBe(4);
    expect([...descending(order, sameValue(column)).rows]).toEqual([0, 3, 1, 4, 2]);
  });

  it.each<[string, Column, number[]]>([
    ['categories', categories('c', ['img10', null, 'img2', 'img10']), [2, 0, 3, 1]],
    [
      'texts',
      { name: 't', role: 'text', kind: 'text', texts: packTexts(['b', null, 'a', '']) },
      [3, 2, 0, 1],
    ],
    [
      'yes and no',
      { name: 'b', role: 'number', kind: 'bool', values: Uint8Array.of(1, 255, 0, 1) },
      [2, 0, 3, 1],
    ],
  ])('sorts %s as people do, missing ones last', (_, column, rows) => {
    expect([...orderOf(column).rows]).toEqual(rows);
  });
});

describe('quantiles', () => {
  it.each(SEEDS)('are those of a sort (seed %i)', seed => {
    const values = hardNumbers(101, seed);
    const sorted = finiteValues(values).slice().sort();
    for (const share of [0, 0.05, 0.33, 0.5, 0.999, 1]) {
      const place = share * (sorted.length - 1);
      const [low, high] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
      expect(quantile(finiteValues(values), share)).toBe(
        low === high ? low : low + (high - low) * (place - Math.floor(place)),
      );
    }
  });

  it('of nothing are none', () => {
    expect(quantile(finiteValues(Float32Array.of(NaN, Infinity)), 0.5)).toBeNaN();
    expect(equalCounts(Float32Array.of(NaN), 5)).toEqual([]);
  });

  it('cut numbers into parts of equal counts, fewer where values repeat', () => {
    expect(
      equalCounts(
        Float32Array.from({ length: 10 }, (_, index) => index),
        5,
      ),
    ).toEqual([2, 4, 6, 8]);
    expect(equalCounts(Float32Array.of(1, 1, 1, 1, 2), 5)).toEqual([2]);
  });
});
