import type { BinCodes, Bins } from './bins';
import type { Bitset } from './bitset';

interface Histogram {
  readonly codes: BinCodes;
  /** Of all rows. */
  readonly totals: Int32Array;
  /** Of the rows that pass all filters but the histogram's own. */
  readonly counts: Int32Array;
  /** The filter that the histogram ignores, as a mask; 0 when it has none. */
  readonly own: number;
}

/**
 * Counts of rows by bin, kept up to date while filters change. A row has a mask: one bit for each filter that it fails. A
 * histogram counts the rows whose mask is empty but for the histogram's own bit, so that a brush does not hide its own axis.
 */
export class Histograms {
  private readonly histograms = new Map<string, Histogram>();
  private readonly entering: Uint32Array;
  private readonly leaving: Uint32Array;

  constructor(private readonly masks: Int32Array) {
    this.entering = new Uint32Array(masks.length);
    this.leaving = new Uint32Array(masks.length);
  }

  add(name: string, { codes, size }: Bins, own: number): void {
    const totals = new Int32Array(size + 1);
    for (const code of codes) {
      totals[code] = (totals[code] ?? 0) + 1;
    }
    const histogram = { codes, totals, counts: totals.slice(), own };
    this.histograms.set(name, histogram);
    this.recount([histogram]);
  }

  remove(name: string): void {
    this.histograms.delete(name);
  }

  /** Whether a histogram ignores the filter of this bit. */
  uses(bit: number): boolean {
    return [...this.histograms.values()].some(({ own }) => own === bit);
  }

  /** Counts by bin, the rows without a value at the end; changes with the filters. */
  counts(name: string): Int32Array | null {
    return this.histograms.get(name)?.counts ?? null;
  }

  totals(name: string): Int32Array | null {
    return this.histograms.get(name)?.totals ?? null;
  }

  /** Counts of some of the rows, such as the selected ones, that pass the filters. */
  countsOf(rows: Bitset): Map<string, Int32Array> {
    const counts = new Map<string, Int32Array>();
    const list = rows.rows();
    for (const [name, { codes, totals, own }] of this.histograms) {
      const counted = new Int32Array(totals.length);
      for (const row of list) {
        if (((this.masks[row] ?? 0) & ~own) === 0) {
          const code = codes[row] ?? 0;
          counted[code] = (counted[code] ?? 0) + 1;
        }
      }
      counts.set(name, counted);
    }
    return counts;
  }

  /**
   * Turns one bit of the masks of some rows and follows with all counts. O(rows given), whatever the table's size.
   *
   * @returns by how much the number of rows that pass all filters has grown.
   */
  turn(rows: Uint32Array, bit: number): number {
    const { masks, entering, leaving } = this;
    let entered = 0;
    let left = 0;
    for (const row of rows) {
      const mask = (masks[row] ?? 0) ^ bit;
      masks[row] = mask;
      const others = mask & ~bit;
      if (others === 0) {
        if (mask === 0) {
          entering[entered++] = row;
        } else {
          leaving[left++] = row;
        }
      } else if ((others & (others - 1)) === 0) {
        this.turnOne(row, others, (mask & bit) === 0 ? 1 : -1);
      }
    }
    for (const histogram of this.histograms.values()) {
      if (histogram.own !== bit) {
        addRows(histogram.counts, histogram.codes, entering.subarray(0, entered), 1);
        addRows(histogram.counts, histogram.codes, leaving.subarray(0, left), -1);
      }
    }
    return entered - left;
  }

  /** Counts again from the masks, in one pass. O(table), whatever has changed. */
  recount(histograms: Iterable<Histogram> = this.histograms.values()): void {
    const list = [...histograms];
    for (const { counts, totals } of list) {
      counts.set(totals);
    }
    const failing = this.leaving;
    let size = 0;
    for (let row = 0; row < this.masks.length; row++) {
      const mask = this.masks[row] ?? 0;
      if (mask !== 0) {
        failing[size++] = row;
      }
    }
    const rows = failing.subarray(0, size);
    for (const { codes, counts, own } of list) {
      addRowsFailing(counts, codes, rows, this.masks, own);
    }
  }

  /** A row that fails one other filter counts in the histogram of that filter only. */
  private turnOne(row: number, own: number, by: number): void {
    for (const { counts, codes, own: bit } of this.histograms.values()) {
      if (bit === own) {
        const code = codes[row] ?? 0;
        counts[code] = (counts[code] ?? 0) + by;
      }
    }
  }
}

function addRows(counts: Int32Array, codes: BinCodes, rows: Uint32Array, by: number): void {
  for (const row of rows) {
    const code = codes[row] ?? 0;
    counts[code] = (counts[code] ?? 0) + by;
  }
}

function addRowsFailing(
  counts: Int32Array,
  codes: BinCodes,
  rows: Uint32Array,
  masks: Int32Array,
  own: number,
): void {
  for (const row of rows) {
    if (((masks[row] ?? 0) & ~own) !== 0) {
      const code = codes[row] ?? 0;
      counts[code] = (counts[code] ?? 0) - 1;
    }
  }
}
