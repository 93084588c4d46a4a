import type { CategoryColumn } from '../columns';
import { compareTexts } from '../order';

/** As many as a reader can tell apart by colour. */
export const MOST_COLOURS = 10;
/** The code of rows that have no colour of their own. */
export const OTHER = 255;

export interface ColouredCategory {
  readonly word: string;
  /** Its code in the column, and its rows. */
  readonly code: number;
  readonly count: number;
}

/** The categories of a column that get a colour each, and what each row has. */
export interface ColouredCategories {
  /** By colour, sorted as people read them. */
  readonly categories: readonly ColouredCategory[];
  /** The colour of each row; `OTHER` for those of smaller categories, and without one. */
  readonly colours: Uint8Array<ArrayBuffer>;
  readonly others: number;
}

/** Gives each category a colour; where there are too many, the largest ones, and the others share one. O(rows). */
export function colouredCategories({ codes, dictionary }: CategoryColumn): ColouredCategories {
  const counts = new Int32Array(dictionary.length);
  for (const code of codes) {
    if (code >= 0) {
      counts[code] = (counts[code] ?? 0) + 1;
    }
  }
  const room = dictionary.length > MOST_COLOURS ? MOST_COLOURS - 1 : MOST_COLOURS;
  const categories = [...counts.keys()]
    .sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b)
    .slice(0, room)
    .map(code => ({ code, word: dictionary[code] ?? '', count: counts[code] ?? 0 }))
    .sort((a, b) => compareTexts(a.word, b.word));
  const colourOf = new Uint8Array(dictionary.length + 1).fill(OTHER);
  categories.forEach(({ code }, colour) => (colourOf[code] = colour));
  const colours = new Uint8Array(codes.length);
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] ?? -1;
    colours[row] = code < 0 ? OTHER : (colourOf[code] ?? OTHER);
  }
  const coloured = categories.reduce((sum, { count }) => sum + count, 0);
  return { categories, colours, others: codes.length - coloured };
}
