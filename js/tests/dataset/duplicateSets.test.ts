import { describe, expect, it } from 'vitest';
import { DuplicatePairs, differs, extras, setNumbers } from '../../src/store/dataset/duplicateSets';
import { SEEDS, categories, random } from './samples';

const PAIRS = {
  first: Uint32Array.of(4, 0, 2, 5),
  second: Uint32Array.of(5, 2, 3, 6),
  distance: Float64Array.of(0.3, 0.2, 0.1, 0.05),
};
const pairs = new DuplicatePairs(8, PAIRS);
const rowsAt = (threshold: number) => pairs.sets(threshold).map(set => [...set.rows]);

function naiveSets(rows: number, links: readonly (readonly [number, number])[]): number[][] {
  const sets = Array.from({ length: rows }, (_, row) => new Set([row]));
  for (const [one, other] of links) {
    const joined = new Set([...sets[one]!, ...sets[other]!]);
    joined.forEach(row => (sets[row] = joined));
  }
  return [...new Set(sets)]
    .map(set => [...set].sort((a, b) => a - b))
    .filter(set => set.length > 1)
    .sort((a, b) => b.length - a.length || a[0]! - b[0]!);
}

describe('sets of duplicates', () => {
  it('follow the threshold without a new search', () => {
    expect(rowsAt(0)).toEqual([]);
    expect(rowsAt(0.1)).toEqual([
      [2, 3],
      [5, 6],
    ]);
    expect(rowsAt(0.3)).toEqual([
      [0, 2, 3],
      [4, 5, 6],
    ]);
    expect(pairs.sets(0.3)[0]).toMatchObject({ nearest: Math.fround(0.1), farthest: Math.fround(0.2) });
    expect(pairs.largest).toBe(Math.fround(0.3));
  });

  it('compare distances as float32, as Python does', () => {
    expect(rowsAt(0.05)).toEqual([[5, 6]]);
    expect(rowsAt(Math.fround(0.05) - 1e-12)).toEqual([[5, 6]]);
  });

  it.each(SEEDS)('are those of a naive union (seed %i)', seed => {
    const next = random(seed);
    const links = Array.from(
      { length: 40 },
      () => [Math.floor(next() * 60), Math.floor(next() * 60)] as const,
    );
    const distance = Float32Array.from(links, () => next());
    const some = new DuplicatePairs(60, {
      first: Uint32Array.from(links, ([one]) => one),
      second: Uint32Array.from(links, ([, other]) => other),
      distance,
    });
    const near = links.filter((_, index) => distance[index]! <= Math.fround(0.6));
    expect(some.sets(0.6).map(set => [...set.rows])).toEqual(naiveSets(60, near));
  });

  it('tell leaks and label conflicts', () => {
    const split = categories('split', ['train', null, 'test', 'train', 'test', 'test', null, null]);
    expect(pairs.sets(0.3).map(set => differs(set, split))).toEqual([true, false]);
  });

  it('have extras: all but the first, or but the first of the split to keep', () => {
    const split = categories('split', ['test', null, 'test', 'train', 'test', 'train', 'train', null]);
    expect([...extras(8, pairs.sets(0.3)).rows()]).toEqual([2, 3, 5, 6]);
    expect([...extras(8, pairs.sets(0.3), split).rows()]).toEqual([0, 2, 4, 6]);
    expect([...extras(8, pairs.sets(0.3), split, 'validation').rows()]).toEqual([2, 3, 5, 6]);
  });

  it('number the rows', () => {
    expect([...setNumbers(8, pairs.sets(0.3))]).toEqual([0, -1, 0, 0, 1, 1, 1, -1]);
  });

  it('leave pairs without a distance out, and refuse uneven ones', () => {
    const some = { first: Uint32Array.of(0), second: Uint32Array.of(1), distance: Float32Array.of(NaN) };
    expect(new DuplicatePairs(2, some).sets(Infinity)).toEqual([]);
    expect(() => new DuplicatePairs(2, { ...some, distance: new Float32Array() })).toThrow('got 1, 1 and 0');
  });
});
