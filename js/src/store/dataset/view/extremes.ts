import type { CategoryColumn } from '../columns';
import type { Crossfilter } from '../crossfilter';
import type { Order } from '../order';
import { compareTexts } from '../order';

/** The first rows of an order that pass the filters, from its beginning or its end. */
export function extremes(order: Order, filter: Crossfilter, most: number, fromEnd: boolean): number[] {
  const found: number[] = [];
  for (let i = 0; i < order.valid && found.length < most; i++) {
    const row = order.rows[fromEnd ? order.valid - 1 - i : i] ?? 0;
    if (filter.passes(row)) {
      found.push(row);
    }
  }
  return found;
}

export interface ExtremesOfWord {
  readonly word: string;
  readonly rows: readonly number[];
  /** Rows of the word that pass and have a value. */
  readonly count: number;
  /** The row in the middle of them; -1 of none. */
  readonly median: number;
}

/** The same for each value of a column, sorted by it. One pass over the order. */
export function extremesByWord(
  order: Order,
  { codes, dictionary }: CategoryColumn,
  filter: Crossfilter,
  most: number,
  fromEnd: boolean,
): ExtremesOfWord[] {
  const counts = new Int32Array(dictionary.length);
  const passing = (place: number): number => {
    const row = order.rows[place] ?? 0;
    return filter.passes(row) ? (codes[row] ?? -1) : -1;
  };
  for (let place = 0; place < order.valid; place++) {
    const code = passing(place);
    if (code >= 0) {
      counts[code] = (counts[code] ?? 0) + 1;
    }
  }
  const seen = new Int32Array(dictionary.length);
  const medians = new Int32Array(dictionary.length).fill(-1);
  const rows = dictionary.map((): number[] => []);
  for (let place = 0; place < order.valid; place++) {
    const code = passing(place);
    if (code >= 0) {
      const at = seen[code] ?? 0;
      const count = counts[code] ?? 0;
      const row = order.rows[place] ?? 0;
      if (fromEnd ? at >= count - most : at < most) {
        rows[code]?.push(row);
      }
      if (at === (count - 1) >>> 1) {
        medians[code] = row;
      }
      seen[code] = at + 1;
    }
  }
  return dictionary
    .map((word, code) => ({
      word,
      rows: fromEnd ? (rows[code] ?? []).reverse() : (rows[code] ?? []),
      count: counts[code] ?? 0,
      median: medians[code] ?? -1,
    }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => compareTexts(a.word, b.word));
}
