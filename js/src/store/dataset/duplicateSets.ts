import type { Numbers } from '../../protocol/tables';
import { Bitset } from './bitset';
import type { CategoryColumn } from './columns';
import { partition } from './filters';
import { orderOfNumbers } from './order';

/** Two samples that are near each other, and how near. */
export interface Pairs {
  readonly first: Numbers;
  readonly second: Numbers;
  /** Compared as float32, as in Python. */
  readonly distance: Numbers;
}

export interface DuplicateSet {
  /** At least two rows, ascending. */
  readonly rows: Uint32Array<ArrayBuffer>;
  /** The smallest and the largest distance of the pairs that join them. */
  readonly nearest: number;
  readonly farthest: number;
}

/** Samples that are near each other, directly or over others, at any threshold without a new search. */
export class DuplicatePairs {
  private readonly first: Uint32Array;
  private readonly second: Uint32Array;
  private readonly distance: Float32Array;

  constructor(
    readonly rows: number,
    { first, second, distance }: Pairs,
  ) {
    if (first.length !== second.length || first.length !== distance.length) {
      throw new RangeError(
        `Expected as many first rows as second rows and distances, got ${first.length}, ${second.length} and ${distance.length}.`,
      );
    }
    const single = Float32Array.from(distance);
    const { rows: order, valid } = orderOfNumbers(single);
    const sorted = order.subarray(0, valid);
    this.first = sorted.map(pair => first[pair] ?? 0);
    this.second = sorted.map(pair => second[pair] ?? 0);
    this.distance = Float32Array.from(sorted, pair => single[pair] ?? NaN);
  }

  /** The largest distance that is known: above it all sets are those at it. */
  get largest(): number {
    return this.distance.at(-1) ?? 0;
  }

  /** The sets of samples that pairs of at most this distance join, the largest first, then by their first row. */
  sets(threshold: number): DuplicateSet[] {
    const most = Math.fround(threshold);
    const pairs = partition(this.distance.length, pair => (this.distance[pair] ?? Infinity) <= most);
    const roots = this.joined(pairs);
    const near = new Map<number, { nearest: number; farthest: number; rows: Set<number> }>();
    for (let pair = 0; pair < pairs; pair++) {
      const one = this.first[pair] ?? 0;
      const root = rootOf(roots, one);
      const distance = this.distance[pair] ?? NaN;
      const set = near.get(root) ?? { nearest: distance, farthest: distance, rows: new Set() };
      // Pairs come nearest first.
      set.farthest = distance;
      set.rows.add(one).add(this.second[pair] ?? 0);
      near.set(root, set);
    }
    return [...near.values()]
      .filter(set => set.rows.size > 1)
      .map(set => ({ ...set, rows: Uint32Array.from(set.rows).sort() }))
      .sort((a, b) => b.rows.length - a.rows.length || (a.rows[0] ?? 0) - (b.rows[0] ?? 0));
  }

  /** Union-find: roots have the smallest row of their set. */
  private joined(pairs: number): Uint32Array {
    const roots = Uint32Array.from({ length: this.rows }, (_, row) => row);
    for (let pair = 0; pair < pairs; pair++) {
      const one = rootOf(roots, this.first[pair] ?? 0);
      const other = rootOf(roots, this.second[pair] ?? 0);
      roots[Math.max(one, other)] = Math.min(one, other);
    }
    return roots;
  }
}

/** Whether the members have different values, such as `train` and `test`: missing ones are no value. */
export function differs(set: DuplicateSet, column: CategoryColumn): boolean {
  let seen = -1;
  for (const row of set.rows) {
    const code = column.codes[row] ?? -1;
    if (code >= 0 && seen >= 0 && code !== seen) {
      return true;
    }
    seen = code >= 0 ? code : seen;
  }
  return false;
}

/** All members of each set but one: the first of the split to keep, else the first. */
export function extras(
  rows: number,
  sets: Iterable<DuplicateSet>,
  split: CategoryColumn | null = null,
  keep = 'train',
): Bitset {
  const kept = split?.dictionary.indexOf(keep) ?? -1;
  const found: number[] = [];
  for (const set of sets) {
    const first = kept < 0 ? undefined : set.rows.find(row => split?.codes[row] === kept);
    const stays = first ?? set.rows[0];
    for (const row of set.rows) {
      if (row !== stays) {
        found.push(row);
      }
    }
  }
  return Bitset.ofRows(rows, found);
}

/** The number of the set of each row, -1 for none: a column of the role `set`. */
export function setNumbers(rows: number, sets: readonly DuplicateSet[]): Int32Array<ArrayBuffer> {
  const numbers = new Int32Array(rows).fill(-1);
  sets.forEach((set, number) => {
    for (const row of set.rows) {
      numbers[row] = number;
    }
  });
  return numbers;
}

function rootOf(roots: Uint32Array, row: number): number {
  let root = row;
  for (;;) {
    const above = roots[root] ?? root;
    if (above === root) {
      return root;
    }
    roots[root] = roots[above] ?? above;
    root = above;
  }
}
