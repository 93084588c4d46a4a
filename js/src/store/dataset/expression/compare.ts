import type { Numbers } from '../../../protocol/tables';
import { Bitset } from '../bitset';
import { where } from '../filters';
import { type Words, rowsOfWords, textsWhere } from './table';
import { type TextsValue, numberAt } from './values';

/** The rows in which two numbers compare so; no number compares with a missing one. */
export function compareNumbers(
  name: string,
  one: Numbers | number,
  other: Numbers | number,
  rows: number,
): Bitset {
  switch (name) {
    case '<':
      return where(rows, row => numberAt(one, row) < numberAt(other, row));
    case '<=':
      return where(rows, row => numberAt(one, row) <= numberAt(other, row));
    case '>':
      return where(rows, row => numberAt(one, row) > numberAt(other, row));
    case '>=':
      return where(rows, row => numberAt(one, row) >= numberAt(other, row));
    default:
      return where(rows, row => numberAt(one, row) === numberAt(other, row));
  }
}

/** The rows in which two texts are equal; missing ones are equal to nothing. */
export function equalTexts(one: TextsValue, other: TextsValue, rows: number): Bitset {
  if (typeof one.content === 'string') {
    return equalTo(other.content, one.content, rows);
  }
  if (typeof other.content === 'string') {
    return equalTo(one.content, other.content, rows);
  }
  const [a, b] = [one.content, other.content];
  return where(rows, row => {
    const text = textAt(a, row);
    return text !== null && text === textAt(b, row);
  });
}

/** The rows whose text something holds for; it is asked once a word. */
export function rowsWhere(content: Words | string, rows: number, holds: (text: string) => boolean): Bitset {
  if (typeof content === 'string') {
    return holds(content) ? Bitset.all(rows) : new Bitset(rows);
  }
  return rowsOfWords(content, textsWhere(content.texts, holds));
}

function equalTo(content: Words | string, text: string, rows: number): Bitset {
  return rowsWhere(content, rows, other => other === text);
}

function textAt({ texts, codes }: Words, row: number): string | null {
  return texts.at(codes === null ? row : (codes[row] ?? -1));
}
