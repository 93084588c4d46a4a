/** One bit per row: row r is bit r % 32 of word r / 32, counted from the lowest bit. Bits behind the last row are 0. */
export type Bitset = Int32Array<ArrayBuffer>;

export function emptyBitset(rows: number): Bitset {
  return new Int32Array((rows + 31) >>> 5);
}

export function setBit(bits: Bitset, row: number): void {
  const word = row >>> 5;
  bits[word] = (bits[word] ?? 0) | (1 << (row & 31));
}

export function hasBit(bits: Bitset, row: number): boolean {
  return (((bits[row >>> 5] ?? 0) >>> (row & 31)) & 1) === 1;
}

export function countBits(bits: Bitset): number {
  let count = 0;
  for (let word of bits) {
    word -= (word >>> 1) & 0x55555555;
    word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
    count += Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return count;
}

/** The rows of some categories: what a legend isolates. */
export function rowsOfCategories(codes: Uint8Array | Uint16Array, categories: Iterable<number>): Bitset {
  const isWanted = new Uint8Array(65536);
  for (const category of categories) {
    isWanted[category] = 1;
  }
  const bits = emptyBitset(codes.length);
  for (let row = 0; row < codes.length; row++) {
    const word = row >>> 5;
    bits[word] = (bits[word] ?? 0) | ((isWanted[codes[row] ?? 0] ?? 0) << (row & 31));
  }
  return bits;
}
