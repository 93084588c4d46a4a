import type { Bins } from './bins';
import { Bitset, lowestBit, wordsFor } from './bitset';
import { Histograms } from './histograms';
import type { Order } from './order';

interface Dimension {
  /** The bit of the masks that says that a row fails this filter. */
  readonly bit: number;
  passing: Bitset;
  /** While a brush moves: where it is in the order of its column. */
  brush: BrushPlace | null;
}

interface BrushPlace {
  readonly order: Order;
  readonly from: number;
  readonly to: number;
}

const MOST_FILTERS = 32;
/** Above this share of changed rows, counting all again is cheaper. */
const RECOUNT_FROM = 0.5;

/** Filters on the rows of a table, and the histograms that follow them. A filter is known by a key, such as its column. */
export class Crossfilter {
  private readonly masks: Int32Array<ArrayBuffer>;
  private readonly dimensions = new Map<string, Dimension>();
  private readonly histograms: Histograms;
  private passed: number;
  private readonly changed: Uint32Array;

  constructor(readonly rows: number) {
    this.masks = new Int32Array(rows);
    this.changed = new Uint32Array(rows);
    this.histograms = new Histograms(this.masks);
    this.passed = rows;
  }

  /** Rows that pass all filters. */
  get count(): number {
    return this.passed;
  }

  get keys(): string[] {
    return [...this.dimensions].filter(([, { passing }]) => passing.count < this.rows).map(([key]) => key);
  }

  passes(row: number): boolean {
    return this.masks[row] === 0;
  }

  /** The rows that pass all filters; without that of `key` when given. */
  passing(key?: string): Bitset {
    const ignored = key === undefined ? 0 : (this.dimensions.get(key)?.bit ?? 0);
    const words = new Int32Array(wordsFor(this.rows));
    for (let row = 0; row < this.rows; row++) {
      if (((this.masks[row] ?? 0) & ~ignored) === 0) {
        words[row >>> 5] = (words[row >>> 5] ?? 0) | (1 << (row & 31));
      }
    }
    return new Bitset(this.rows, words);
  }

  /** Shows a histogram, which the filter of the same key does not thin out. */
  show(name: string, bins: Bins, key: string = name): void {
    this.histograms.add(name, bins, this.dimension(key).bit);
  }

  /** Takes a histogram away; a filter of that key stays. */
  hide(name: string, key: string = name): void {
    this.histograms.remove(name);
    const dimension = this.dimensions.get(key);
    if (dimension?.passing.count === this.rows) {
      this.release(key, dimension);
    }
  }

  /** Rows by bin that pass the filters, those without a value at the end. The same array each time. */
  counts(name: string): Int32Array | null {
    return this.histograms.counts(name);
  }

  /** Rows by bin, whatever the filters. */
  totals(name: string): Int32Array | null {
    return this.histograms.totals(name);
  }

  /** Rows of a selection by bin and histogram, where they pass the filters. */
  countsOf(rows: Bitset): Map<string, Int32Array> {
    return this.histograms.countsOf(rows);
  }

  /** Sets the rows that pass the filter of a key; null takes the filter away. */
  filter(key: string, passing: Bitset | null): void {
    const dimension = this.dimension(key);
    const next = passing ?? Bitset.all(this.rows);
    dimension.brush = null;
    this.turn(dimension, this.differing(dimension.passing, next));
    dimension.passing = next;
    if (passing === null) {
      this.release(key, dimension);
    }
  }

  /**
   * Moves a brush over an ordered column: rows at the places `from` to `to` (exclusive) of the order pass. Touches only the
   * rows that enter or leave, once the brush is there.
   */
  brush(key: string, order: Order, from: number, to: number): void {
    const dimension = this.dimension(key);
    const before = dimension.brush;
    const end = Math.max(from, to);
    if (before?.order === order) {
      this.moveBrush(dimension, before, from, end);
    } else {
      const next = Bitset.ofRows(this.rows, order.rows.subarray(from, end));
      this.turn(dimension, this.differing(dimension.passing, next));
      dimension.passing = next;
    }
    dimension.brush = { order, from, to: end };
  }

  private moveBrush(dimension: Dimension, before: BrushPlace, from: number, to: number): void {
    const { rows } = before.order;
    const parts = [
      ...difference(before.from, before.to, from, to),
      ...difference(from, to, before.from, before.to),
    ].map(([start, end]) => rows.subarray(start, end));
    const words = dimension.passing.words.slice();
    for (const part of parts) {
      for (const row of part) {
        words[row >>> 5] = (words[row >>> 5] ?? 0) ^ (1 << (row & 31));
      }
      this.turn(dimension, part);
    }
    dimension.passing = new Bitset(this.rows, words);
  }

  private turn({ bit }: Dimension, rows: Uint32Array): void {
    if (rows.length <= this.rows * RECOUNT_FROM) {
      this.passed += this.histograms.turn(rows, bit);
      return;
    }
    for (const row of rows) {
      const before = this.masks[row] ?? 0;
      const mask = before ^ bit;
      this.masks[row] = mask;
      this.passed += (mask === 0 ? 1 : 0) - (before === 0 ? 1 : 0);
    }
    this.histograms.recount();
  }

  private differing(one: Bitset, other: Bitset): Uint32Array {
    if (other.length !== this.rows) {
      throw new RangeError(`Expected a filter over ${this.rows} rows, got one over ${other.length}.`);
    }
    let size = 0;
    for (let index = 0; index < one.words.length; index++) {
      let word = (one.words[index] ?? 0) ^ (other.words[index] ?? 0);
      for (; word !== 0; word &= word - 1) {
        this.changed[size++] = (index << 5) | lowestBit(word);
      }
    }
    return this.changed.subarray(0, size);
  }

  private dimension(key: string): Dimension {
    const known = this.dimensions.get(key);
    if (known !== undefined) {
      return known;
    }
    const used = [...this.dimensions.values()].reduce((mask, { bit }) => mask | bit, 0);
    if (used === -1) {
      throw new RangeError(
        `Expected at most ${MOST_FILTERS} columns with a filter or a histogram. Remove one, or join filters in an expression.`,
      );
    }
    const dimension = { bit: 1 << lowestBit(~used), passing: Bitset.all(this.rows), brush: null };
    this.dimensions.set(key, dimension);
    return dimension;
  }

  /** Without a histogram the bit can serve another filter. */
  private release(key: string, { bit }: Dimension): void {
    if (!this.histograms.uses(bit)) {
      this.dimensions.delete(key);
    }
  }
}

/** The parts of one range of places that are not in another. */
function difference(from: number, to: number, otherFrom: number, otherTo: number): [number, number][] {
  const parts: [number, number][] = [
    [from, Math.min(to, otherFrom)],
    [Math.max(from, otherTo), to],
  ];
  if (otherFrom >= otherTo) {
    return from < to ? [[from, to]] : [];
  }
  return parts.filter(([start, end]) => start < end);
}
