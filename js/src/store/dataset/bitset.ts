/** Which rows: one bit a row, little-endian. Built once, then never changed: every operation makes another. */
export class Bitset {
  /** Bits behind the last row are 0. */
  readonly words: Int32Array<ArrayBuffer>;
  private counted = -1;

  constructor(
    readonly length: number,
    words?: Int32Array<ArrayBuffer>,
  ) {
    this.words = words ?? new Int32Array(wordsFor(length));
    if (this.words.length !== wordsFor(length)) {
      throw new RangeError(
        `Expected ${wordsFor(length)} words for ${length} rows, got ${this.words.length}. Were they made for another table?`,
      );
    }
    clearTail(this.words, length);
  }

  static all(length: number): Bitset {
    return new Bitset(length, new Int32Array(wordsFor(length)).fill(-1));
  }

  static ofRows(length: number, rows: Iterable<number>): Bitset {
    const words = new Int32Array(wordsFor(length));
    for (const row of rows) {
      if (row >= 0 && row < length) {
        words[row >>> 5] = (words[row >>> 5] ?? 0) | (1 << (row & 31));
      }
    }
    return new Bitset(length, words);
  }

  /** Reads what `bytes` wrote; bits behind the last row are ignored. */
  static ofBytes(length: number, bytes: Uint8Array): Bitset {
    const expected = (length + 7) >>> 3;
    if (bytes.length !== expected) {
      throw new RangeError(
        `Expected ${expected} bytes for ${length} rows, got ${bytes.length}. Was the selection made for another table?`,
      );
    }
    const words = new Int32Array(wordsFor(length));
    new Uint8Array(words.buffer).set(bytes);
    return new Bitset(length, words);
  }

  has(row: number): boolean {
    return ((this.words[row >>> 5] ?? 0) & (1 << (row & 31))) !== 0;
  }

  get count(): number {
    if (this.counted < 0) {
      let count = 0;
      for (const word of this.words) {
        count += ones(word);
      }
      this.counted = count;
    }
    return this.counted;
  }

  get isEmpty(): boolean {
    return this.words.every(word => word === 0);
  }

  union(other: Bitset): Bitset {
    return this.joined(other, (a, b) => a | b);
  }

  intersection(other: Bitset): Bitset {
    return this.joined(other, (a, b) => a & b);
  }

  minus(other: Bitset): Bitset {
    return this.joined(other, (a, b) => a & ~b);
  }

  /** The rows that are in one of both. */
  toggled(other: Bitset): Bitset {
    return this.joined(other, (a, b) => a ^ b);
  }

  inverted(): Bitset {
    return new Bitset(
      this.length,
      this.words.map(word => ~word),
    );
  }

  equals(other: Bitset): boolean {
    return this.length === other.length && this.words.every((word, index) => word === other.words[index]);
  }

  /** The rows, ascending. */
  rows(): Uint32Array<ArrayBuffer> {
    const rows = new Uint32Array(this.count);
    let size = 0;
    for (let index = 0; index < this.words.length; index++) {
      for (let word = this.words[index] ?? 0; word !== 0; word &= word - 1) {
        rows[size++] = (index << 5) | lowestBit(word);
      }
    }
    return rows;
  }

  /** For the wire: row r is bit r % 8 of byte r / 8, as `numpy.packbits(bitorder="little")` has it. */
  bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.words.buffer, 0, (this.length + 7) >>> 3).slice();
  }

  private joined(other: Bitset, join: (a: number, b: number) => number): Bitset {
    if (other.length !== this.length) {
      throw new RangeError(`Rows of two tables cannot be joined: ${this.length} and ${other.length}.`);
    }
    const words = new Int32Array(this.words.length);
    for (let index = 0; index < words.length; index++) {
      words[index] = join(this.words[index] ?? 0, other.words[index] ?? 0);
    }
    return new Bitset(this.length, words);
  }
}

export function wordsFor(length: number): number {
  return (length + 31) >>> 5;
}

/** The position of the lowest bit that is set. */
export function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}

function clearTail(words: Int32Array, length: number): void {
  const used = length & 31;
  if (used !== 0) {
    const last = words.length - 1;
    words[last] = (words[last] ?? 0) & ((1 << used) - 1);
  }
}

function ones(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
