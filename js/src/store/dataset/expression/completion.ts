import { FUNCTIONS } from './functions';
import { type Token, wordsOf } from './tokens';

export interface Completion {
  /** What stands in the text afterwards: backticks around names that need them, `(` behind functions. */
  readonly text: string;
  /** The name alone, to be shown. */
  readonly name: string;
  readonly type: 'column' | 'function';
  /** Where in the name the typed letters are. */
  readonly at: number;
}

export interface Completions {
  /** The part of the text that a completion replaces; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  readonly completions: readonly Completion[];
}

const PLAIN = /^[A-Za-z_\u{80}-\u{10ffff}][0-9A-Za-z_\u{80}-\u{10ffff}]*$/u;
const WORDS: ReadonlySet<string> = new Set([
  'and',
  'or',
  'not',
  'in',
  'is',
  'contains',
  'matches',
  'true',
  'false',
]);

/** A column's name as it stands in an expression. A name with a backtick cannot. */
export function quoted(name: string): string {
  return PLAIN.test(name) && !WORDS.has(name) && !FUNCTIONS.has(name) ? name : `\`${name}\``;
}

/**
 * What may be meant by the word before the caret, after one letter: columns, then functions; in each those that begin with
 * it first, then those that have it inside, in the order of the table.
 */
export function complete(text: string, caret: number, columns: readonly string[]): Completions {
  const none = { start: caret, end: caret, completions: [] };
  const word = wordBefore(text, caret);
  if (word === null) {
    return none;
  }
  const typed = word.typed.toLowerCase();
  const found = (names: readonly string[], type: Completion['type']): Completion[] =>
    names
      .map(name => ({ name, type, at: name.toLowerCase().indexOf(typed), text: textOf(name, type) }))
      .filter(({ name, at }) => at >= 0 && !name.includes('`'))
      .sort((a, b) => Number(a.at > 0) - Number(b.at > 0));
  const completions = [
    ...found(columns, 'column'),
    ...(word.open ? [] : found([...FUNCTIONS.keys()], 'function')),
  ];
  return { start: word.start, end: word.end, completions };
}

function textOf(name: string, type: Completion['type']): string {
  return type === 'function' ? `${name}(` : quoted(name);
}

interface Word {
  readonly typed: string;
  readonly start: number;
  readonly end: number;
  /** Whether it is a name whose backtick is not closed yet. */
  readonly open: boolean;
}

/** The name that ends at the caret or goes over it; null in numbers, in texts and where no letter was typed. */
function wordBefore(text: string, caret: number): Word | null {
  const tokens = wordsOf(text.slice(0, caret), false);
  const read = tokens.at(-1)?.end ?? 0;
  const rest = text.slice(read, caret).trimStart();
  if (rest.startsWith('`')) {
    return rest.length > 1
      ? { typed: rest.slice(1), start: caret - rest.length, end: caret, open: true }
      : null;
  }
  const last = tokens.at(-1);
  return rest === '' && last?.end === caret && isWord(last)
    ? { typed: last.value, start: last.start, end: endOfWord(text, caret), open: false }
    : null;
}

function isWord(token: Token): boolean {
  return !token.quoted && (token.kind === 'name' || token.kind === 'truth' || WORDS.has(token.value));
}

function endOfWord(text: string, caret: number): number {
  const [more = ''] = /^[0-9A-Za-z_\u{80}-\u{10ffff}]*/u.exec(text.slice(caret)) ?? [];
  return caret + more.length;
}
