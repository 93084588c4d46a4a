import { describe, expect, it } from 'vitest';
import { binsOfNumbers } from '../../src/store/dataset/bins';
import { OTHER, colouredCategories } from '../../src/store/dataset/view/categories';
import { brushOf, dragged, gripAt, rangeOf } from '../../src/views/dataset/columns/brush';
import { scaledRows, scrollTopFor } from '../../src/views/dataset/samples/scaledRows';
import { categories } from '../dataset/samples';

describe('a brush', () => {
  const bins = binsOfNumbers(Float64Array.of(0, 10), 10);

  it('is drawn, moved as a whole and pulled at an end', () => {
    expect(dragged(gripAt(null, 2.2), 5.4, 10)).toEqual({ from: 2, to: 5 });
    expect(dragged(gripAt(null, 5.4), 2.2, 10)).toEqual({ from: 2, to: 5 });
    expect(dragged(gripAt(null, 3), 3, 10)).toEqual({ from: 3, to: 4 });
    const brush = { from: 2, to: 6 };
    expect(dragged(gripAt(brush, 4), 5, 10)).toEqual({ from: 3, to: 7 });
    expect(dragged(gripAt(brush, 4), 99, 10)).toEqual({ from: 6, to: 10 });
    expect(dragged(gripAt(brush, 6.3), 9, 10)).toEqual({ from: 2, to: 9 });
    expect(dragged(gripAt(brush, 1.8), 0, 10)).toEqual({ from: 0, to: 6 });
  });

  it('has open ends at the outermost edges, and is none over everything', () => {
    expect(rangeOf('a', bins, { from: 0, to: 4 })).toEqual({
      type: 'range',
      column: 'a',
      low: null,
      high: 4,
    });
    expect(rangeOf('a', bins, { from: 4, to: 10 })).toEqual({
      type: 'range',
      column: 'a',
      low: 4,
      high: null,
    });
    expect(rangeOf('a', bins, { from: 0, to: 10 })).toBeNull();
    expect(brushOf(bins, { type: 'range', column: 'a', low: 4, high: null })).toEqual({ from: 4, to: 10 });
    expect(brushOf(bins, null)).toBeNull();
  });
});

describe('colours of categories', () => {
  it('go to all of ten, sorted as people read', () => {
    const words = Array.from({ length: 10 }, (_, i) => `img${10 - i}`);
    const found = colouredCategories(categories('label', [...words, null]));
    expect(found.categories.map(({ word }) => word)).toEqual([...words].reverse());
    expect(Array.from(found.colours)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0, OTHER]);
    expect(found.others).toBe(1);
  });

  it('go to the nine largest of more', () => {
    const words = Array.from({ length: 12 }, (_, i) => Array.from({ length: i + 1 }, () => `c${i}`)).flat();
    const found = colouredCategories(categories('label', words));
    expect(found.categories.map(({ word }) => word)).toEqual(
      Array.from({ length: 9 }, (_, i) => `c${i + 3}`),
    );
    expect(found.others).toBe(1 + 2 + 3);
  });
});

describe('a list of any length', () => {
  it('draws the rows in sight, and its last row can be reached', () => {
    expect(scaledRows(0, 280, 28, 1_000_000)).toMatchObject({ from: 0, to: 14, height: 8_000_000 });
    const last = scaledRows(8_000_000 - 280, 280, 28, 10_000_000);
    expect(last.to).toBe(10_000_000);
    expect(last.to - last.from).toBeLessThan(20);
    expect(scaledRows(28 * 50, 280, 28, 100)).toEqual({ height: 2800, from: 46, to: 64, top: 46 * 28 });
  });

  it('is scrolled just so far that a row is seen', () => {
    expect(scrollTopFor(5, 0, 280, 28, 100)).toBe(0);
    expect(scrollTopFor(10, 0, 280, 28, 100)).toBe(28);
    expect(scrollTopFor(3, 280, 280, 28, 100)).toBe(3 * 28);
    const top = scrollTopFor(5_000_000, 0, 280, 28, 10_000_000);
    const { from, to } = scaledRows(top, 280, 28, 10_000_000);
    expect(from <= 5_000_000 && to > 5_000_000).toBe(true);
  });
});
