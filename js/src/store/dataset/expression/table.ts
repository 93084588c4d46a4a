import { Bitset } from '../bitset';
import type { Codes, Column } from '../columns';
import { missingIn, where, withCodes } from '../filters';
import type { TextList } from '../texts';

/** What an expression is evaluated over. */
export interface ExpressionTable {
  readonly rows: number;
  /** For suggestions. */
  readonly names: readonly string[];
  /** null when there is none of this name; undefined while its values have not arrived. */
  column(name: string): Column | null | undefined;
  /** The samples of each tag, for `tagged("night")`. */
  readonly tags: ReadonlyMap<string, Bitset>;
  /** The samples that are similar to that of an id; null when that is not known here. */
  similar(id: string): Bitset | null;
}

/** The texts of a column, each once or as often as it occurs. */
export interface Words {
  readonly column: string;
  readonly texts: TextList;
  /** Each row's place in the texts; null when there is one text a row. */
  readonly codes: Codes | null;
}

export function wordsOf(column: Column): Words | null {
  switch (column.kind) {
    case 'category': {
      const { dictionary, codes } = column;
      const texts = { length: dictionary.length, at: (index: number) => dictionary[index] ?? null };
      return { column: column.name, texts, codes };
    }
    case 'text':
      return { column: column.name, texts: column.texts, codes: null };
    default:
      return null;
  }
}

/** The rows whose text was found. */
export function rowsOfWords({ codes, texts }: Words, found: Bitset): Bitset {
  return codes === null ? found : withCodes(codes, code => code >= 0 && found.has(code), texts.length);
}

/** The texts for which something holds; missing ones are none. */
export function textsWhere(texts: TextList, holds: (text: string) => boolean): Bitset {
  const found: number[] = [];
  for (let index = 0; index < texts.length; index++) {
    const text = texts.at(index);
    if (text !== null && holds(text)) {
      found.push(index);
    }
  }
  return Bitset.ofRows(texts.length, found);
}

/** The rows without a value; of a set those that are in none. */
export function missingRows(column: Column): Bitset {
  return rowsInSet(column)?.inverted() ?? missingIn(column);
}

/** Of a column of sets the rows that are in one: a row in none has a negative number, or no number. */
export function rowsInSet(column: Column): Bitset | null {
  return column.role === 'set' && (column.kind === 'float' || column.kind === 'int')
    ? where(column.values.length, row => (column.values[row] ?? -1) >= 0)
    : null;
}
