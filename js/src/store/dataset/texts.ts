import { Bitset, wordsFor } from './bitset';

/** A list of texts; where none is, the text is missing. */
export interface TextList {
  readonly length: number;
  /** null where missing. */
  at(index: number): string | null;
}

/** Texts as UTF-8 in one block of memory, so that a million of them are not a million objects; decoded when looked at. */
export class PackedTexts implements TextList {
  private static readonly decoder = new TextDecoder();

  /** @param offsets where each text begins and, at the end, where the last one ends. */
  constructor(
    readonly bytes: Uint8Array,
    readonly offsets: Int32Array,
    readonly missing: Bitset | null = null,
  ) {}

  get length(): number {
    return this.offsets.length - 1;
  }

  at(index: number): string | null {
    if (index < 0 || index >= this.length || this.missing?.has(index) === true) {
      return null;
    }
    return PackedTexts.decoder.decode(this.bytes.subarray(this.offsets[index], this.offsets[index + 1]));
  }
}

/** Packs texts that arrive in chunks. */
export class TextPacker {
  private static readonly encoder = new TextEncoder();
  private bytes = new Uint8Array(1024);
  private readonly offsets: Int32Array<ArrayBuffer>;
  private readonly missing: Int32Array<ArrayBuffer>;
  private anyMissing = false;
  private written = 0;

  constructor(private readonly length: number) {
    this.offsets = new Int32Array(length + 1);
    this.missing = new Int32Array(wordsFor(length));
  }

  add(text: string | null): void {
    const start = this.offsets[this.written] ?? 0;
    const row = this.written++;
    if (text === null) {
      this.anyMissing = true;
      this.missing[row >>> 5] = (this.missing[row >>> 5] ?? 0) | (1 << (row & 31));
      this.offsets[row + 1] = start;
      return;
    }
    this.reserve(start + text.length * 3);
    const { written } = TextPacker.encoder.encodeInto(text, this.bytes.subarray(start));
    this.offsets[row + 1] = start + written;
  }

  packed(): PackedTexts {
    const used = this.bytes.slice(0, this.offsets[this.written]);
    return new PackedTexts(
      used,
      this.offsets,
      this.anyMissing ? new Bitset(this.length, this.missing) : null,
    );
  }

  private reserve(size: number): void {
    if (size > 2 ** 31 - 1) {
      throw new RangeError(
        'Expected at most 2 GiB of text in a column. Leave the column out, or shorten its texts.',
      );
    }
    if (size > this.bytes.length) {
      const larger = new Uint8Array(Math.max(size, this.bytes.length * 2));
      larger.set(this.bytes);
      this.bytes = larger;
    }
  }
}

export function packTexts(texts: readonly (string | null)[]): PackedTexts {
  const packer = new TextPacker(texts.length);
  for (const text of texts) {
    packer.add(text);
  }
  return packer.packed();
}
