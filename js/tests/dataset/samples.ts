import type { CategoryColumn, NumberColumn } from '../../src/store/dataset/columns';

/** Random numbers from a seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Numbers with ties, and the ones that are hard. */
export function hardNumbers(length: number, seed: number): Float64Array<ArrayBuffer> {
  const next = random(seed);
  const hard = [NaN, Infinity, -Infinity, 0, -0, 1e300, -1e-300, 3, 3];
  return Float64Array.from({ length }, () =>
    next() < 0.3 ? (hard[Math.floor(next() * hard.length)] ?? 0) : Math.round((next() - 0.5) * 40) / 4,
  );
}

export function numbers(name: string, values: NumberColumn['values']): NumberColumn {
  return { name, role: 'number', kind: 'float', values };
}

export function categories(name: string, words: readonly (string | null)[]): CategoryColumn {
  const dictionary = [...new Set(words.filter(word => word !== null))];
  const codes = Int8Array.from(words, word => (word === null ? -1 : dictionary.indexOf(word)));
  return { name, role: 'label', kind: 'category', codes, dictionary };
}

export const SEEDS = Array.from({ length: 20 }, (_, seed) => seed);
