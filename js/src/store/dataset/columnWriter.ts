import type { Numbers } from '../../protocol/tables';
import { type Codes, type Column, type ColumnSpec, MEDIA, MISSING_BOOL } from './columns';
import { TextPacker } from './texts';

/** Some rows of a column. */
export type Chunk =
  /** Numbers, NaN for missing; of `bool` and `media` columns their codes. */
  | { readonly type: 'numbers'; readonly values: Numbers }
  /** Codes into the dictionary of this chunk, any negative one for missing. Dictionaries of chunks may differ. */
  | { readonly type: 'codes'; readonly codes: Numbers; readonly dictionary: readonly string[] }
  | { readonly type: 'texts'; readonly texts: readonly (string | null)[] };

/** Puts the chunks of one column together, each value in the smallest type that holds it. */
export class ColumnWriter {
  /** Rows that have arrived. */
  written = 0;
  private numbers: Numbers | null = null;
  private codes: Codes;
  private readonly dictionary = new Map<string, number>();
  private packer: TextPacker | null = null;

  constructor(
    private readonly spec: ColumnSpec,
    private readonly rows: number,
  ) {
    this.codes = new Int8Array(spec.kind === 'category' ? rows : 0);
  }

  write(start: number, chunk: Chunk): void {
    const size = sizeOf(chunk);
    if (start + size <= this.written) {
      return;
    }
    if (start !== this.written || start + size > this.rows) {
      throw new RangeError(
        `Column '${this.spec.name}': expected a chunk from row ${this.written} to at most ${this.rows}, ` +
          `got rows ${start} to ${start + size}. Request the column again.`,
      );
    }
    this.take(start, chunk);
    this.written += size;
  }

  column(): Column {
    const { spec } = this;
    switch (spec.kind) {
      case 'float':
      case 'int':
        return { ...spec, kind: spec.kind, values: this.numbers ?? new Float32Array(this.rows) };
      case 'bool':
      case 'media':
        return { ...spec, kind: spec.kind, values: asBytes(this.numbers, this.rows) };
      case 'category':
        return { ...spec, kind: spec.kind, codes: this.codes, dictionary: [...this.dictionary.keys()] };
      case 'text':
        return { ...spec, kind: spec.kind, texts: (this.packer ?? new TextPacker(this.rows)).packed() };
    }
  }

  private take(start: number, chunk: Chunk): void {
    const expected = {
      float: 'numbers',
      int: 'numbers',
      bool: 'numbers',
      media: 'numbers',
      category: 'codes',
      text: 'texts',
    }[this.spec.kind];
    if (chunk.type !== expected) {
      throw new TypeError(`Column '${this.spec.name}': expected a chunk of ${expected}, got ${chunk.type}.`);
    }
    switch (chunk.type) {
      case 'numbers':
        this.takeNumbers(start, chunk.values);
        return;
      case 'codes':
        this.takeCodes(start, chunk.codes, chunk.dictionary);
        return;
      case 'texts':
        this.packer ??= new TextPacker(this.rows);
        chunk.texts.forEach(text => {
          this.packer?.add(text);
        });
    }
  }

  private takeNumbers(start: number, values: Numbers): void {
    if (this.numbers === null) {
      this.numbers = emptyLike(values, this.rows);
    } else if (this.numbers.constructor !== values.constructor) {
      // A later chunk may have a missing value where the first ones were whole integers.
      this.numbers = Float64Array.from(this.numbers);
    }
    this.numbers.set(values, start);
  }

  private takeCodes(start: number, codes: Numbers, words: readonly string[]): void {
    const known = Int32Array.from(words, word => {
      const code = this.dictionary.get(word) ?? this.dictionary.size;
      this.dictionary.set(word, code);
      return code;
    });
    this.codes = wideEnough(this.codes, this.dictionary.size);
    for (let index = 0; index < codes.length; index++) {
      this.codes[start + index] = known[codes[index] ?? -1] ?? -1;
    }
  }
}

function sizeOf(chunk: Chunk): number {
  switch (chunk.type) {
    case 'numbers':
      return chunk.values.length;
    case 'codes':
      return chunk.codes.length;
    case 'texts':
      return chunk.texts.length;
  }
}

function wideEnough(codes: Codes, size: number): Codes {
  if (size > 0x7fff) {
    return codes instanceof Int32Array ? codes : Int32Array.from(codes);
  }
  return size > 0x7f && codes instanceof Int8Array ? Int16Array.from(codes) : codes;
}

function emptyLike(values: Numbers, length: number): Numbers {
  const Type = [Int8Array, Int16Array, Int32Array, Uint8Array, Uint16Array, Uint32Array, Float32Array].find(
    type => values instanceof type,
  );
  return Type === undefined ? new Float64Array(length) : new Type(length);
}

/** What is neither 0 nor 1 (nor 2 of media) is missing. */
function asBytes(numbers: Numbers | null, rows: number): Uint8Array {
  return numbers instanceof Uint8Array ? numbers : Uint8Array.from(numbers ?? new Uint8Array(rows), known);
}

function known(value: number): number {
  return value === MEDIA.usable || value === MEDIA.missing || value === MEDIA.broken ? value : MISSING_BOOL;
}
