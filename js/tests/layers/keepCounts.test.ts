import { describe, expect, it } from 'vitest';
import { keepCounts } from '../../src/store/layers/keepCounts';

/** Cumulative energy as NumPy sums it. */
function energyOf(eigenvalues: readonly number[]): { energy: Float64Array } {
  let sum = 0;
  const running = Float64Array.from(eigenvalues, value => (sum += value));
  return { energy: running.map(value => (sum === 0 ? NaN : value / sum)) };
}

const SPECTRA = new Map(
  Object.entries({
    a: [2.2, 1.4, 0.39, 0.343, 0.258, 0.11],
    b: [8, 1, 1],
    none: [0, 0, 0, 0],
    one: [2],
  }).map(([layer, values]) => [layer, energyOf(values)]),
);

describe('units to keep', () => {
  // What Python's keep_counts returns for these spectra.
  it.each([
    ['energy', 0.9, [4, 2, 4, 1]],
    ['energy', 0, [1, 1, 4, 1]],
    ['energy', 1, [6, 3, 4, 1]],
    ['size', 0, [1, 1, 4, 1]],
    ['size', 0.3, [2, 1, 4, 1]],
    ['size', 0.5, [4, 2, 4, 1]],
    ['size', 0.77, [6, 3, 4, 1]],
    ['size', 1, [6, 3, 4, 1]],
  ] as const)('by %s %d are those that Python keeps', (strategy, value, expected) => {
    expect([...keepCounts(SPECTRA, { strategy, value }).values()]).toEqual(expected);
  });

  it('of no spectrum are none', () => {
    expect(keepCounts(new Map(), { strategy: 'size', value: 0.5 }).size).toBe(0);
  });
});
