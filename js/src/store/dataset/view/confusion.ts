import type { SampleColumn } from '../../../protocol/messages';
import type { Bitset } from '../bitset';
import type { CategoryColumn } from '../columns';
import { where } from '../filters';
import { compareTexts } from '../order';

/** How often each label meets each value of another column. */
export interface Confusion {
  /** Of both columns, in the order of texts. */
  readonly words: readonly string[];
  /** By label, then by the other value. */
  readonly counts: readonly (readonly number[])[];
  /** Samples whose label and other value are the same. */
  readonly agreeing: number;
  /** Samples that have both. */
  readonly total: number;
  /** Words that have no line here: there are too many. */
  readonly left: number;
}

/** Counts the pairs of a label and another value, of rows that pass. The most frequent words have lines. */
export function confusion(
  label: CategoryColumn,
  other: CategoryColumn,
  passing: Bitset,
  most: number,
): Confusion {
  const pairs = new Map<string, Map<string, number>>();
  const totals = new Map<string, number>();
  let agreeing = 0;
  let total = 0;
  for (const row of passing.rows()) {
    const one = label.dictionary[label.codes[row] ?? -1];
    const two = other.dictionary[other.codes[row] ?? -1];
    if (one !== undefined && two !== undefined) {
      total++;
      agreeing += one === two ? 1 : 0;
      const line = pairs.get(one) ?? new Map<string, number>();
      pairs.set(one, line.set(two, (line.get(two) ?? 0) + 1));
      for (const word of new Set([one, two])) {
        totals.set(word, (totals.get(word) ?? 0) + 1);
      }
    }
  }
  const words = [...totals]
    .sort((a, b) => b[1] - a[1] || compareTexts(a[0], b[0]))
    .slice(0, most)
    .map(([word]) => word)
    .sort(compareTexts);
  const counts = words.map(one => words.map(two => pairs.get(one)?.get(two) ?? 0));
  return { words, counts, agreeing, total, left: totals.size - words.length };
}

/** The rows with a label and another value. */
export function rowsOfPair(label: CategoryColumn, one: string, other: CategoryColumn, two: string): Bitset {
  const first = label.dictionary.indexOf(one);
  const second = other.dictionary.indexOf(two);
  return where(label.codes.length, row => label.codes[row] === first && other.codes[row] === second);
}

/** What an analysis of labels has found: how much likelier another label is, and which. */
export interface Suspicion {
  readonly label: string;
  readonly score: string;
  readonly suggested: string;
}

const SCORE = 'likelier than ';

/** The suspicions that a table has columns of. */
export function suspicionsOf(columns: readonly SampleColumn[]): Suspicion[] {
  const names = new Set(columns.map(({ name }) => name));
  return columns.flatMap(({ name, role, response }) => {
    const about = name.slice(SCORE.length);
    const end = ` by ${response ?? ''}`;
    const suggested = `suggested ${about}`;
    const label = about.endsWith(end) ? about.slice(0, -end.length) : about;
    const fits = role === 'score' && name.startsWith(SCORE) && names.has(suggested) && names.has(label);
    return fits ? [{ label, score: name, suggested }] : [];
  });
}

const PREDICTED = /^(pred|predicted|prediction|predictions|predicted_label|y_pred)$/iu;

/** Columns that can be compared with a label: predictions by their name, and suggested labels. */
export function comparable(columns: readonly SampleColumn[]): string[] {
  const suggested = new Set(suspicionsOf(columns).map(found => found.suggested));
  return columns
    .filter(({ name, type }) => type === 'category' && (suggested.has(name) || PREDICTED.test(name)))
    .map(({ name }) => name);
}
