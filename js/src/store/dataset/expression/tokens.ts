import { trans } from '../../shared/trans';
import { ExpressionError } from './error';

export type TokenKind = 'number' | 'text' | 'truth' | 'name' | 'operator' | 'state' | '(' | ')' | ',';

/** A word, number, text or sign, and where it stands. */
export interface Token {
  readonly kind: TokenKind;
  /** A number as it was written, what is between quotes, a name, an operator with single spaces, `missing` or `broken`. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
  /** Of a state: whether `not` is in it. */
  readonly negated: boolean;
  /** Of a name: whether it is in backticks. */
  readonly quoted: boolean;
}

const WORD = 'A-Za-z_\\u{80}-\\u{10ffff}';
const TOKEN = new RegExp(
  '(?<space>[ \\t\\r\\n]+)' +
    '|(?<number>(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+\\-]?[0-9]+)?)' +
    '|(?<text>"(?:[^"\\\\]|\\\\[\\s\\S])*"|\'(?:[^\'\\\\]|\\\\[\\s\\S])*\')' +
    '|(?<quoted>`[^`]+`)' +
    `|(?<word>[${WORD}][0-9${WORD}]*)` +
    '|(?<sign><=|>=|==|!=|[<>+\\-*\\/(),])',
  'uy',
);
const AFTER_NUMBER = new RegExp(`[0-9.${WORD}]+`, 'uy');
const ESCAPED: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);
const OPERATORS: ReadonlySet<string> = new Set(['and', 'or', 'not', 'in', 'contains', 'matches']);
const HINTS: ReadonlyMap<string, () => string> = new Map([
  ['&', () => trans.__('Write `and` instead of `&`.')],
  ['|', () => trans.__('Write `or` instead of `|`.')],
  ['!', () => trans.__('Write `not` instead of `!`.')],
  ['=', () => trans.__('Write `==` to compare.')],
  ['.', () => trans.__('Write a name with a dot in backticks.')],
  ['`', () => trans.__('A name in backticks begins here and does not end.')],
  ['"', () => trans.__('A text begins here and does not end.')],
  ["'", () => trans.__('A text begins here and does not end.')],
]);
const LONGEST = 200_000;

/** Cuts an expression into tokens; throws where a character has no meaning, or a text does not end. */
export function tokenize(text: string): Token[] {
  if (text.length > LONGEST) {
    throw new ExpressionError(`An expression has at most ${LONGEST} characters.`, 0, 0);
  }
  return joined(wordsOf(text));
}

/** For completion and colours: the tokens as far as they can be read. */
export function wordsOf(text: string, strict = true): Token[] {
  const tokens: Token[] = [];
  let place = 0;
  while (place < text.length) {
    TOKEN.lastIndex = place;
    const match = TOKEN.exec(text);
    if (match === null) {
      if (!strict) {
        return tokens;
      }
      const letter = String.fromCodePoint(text.codePointAt(place) ?? 0);
      throw new ExpressionError(
        HINTS.get(letter)?.() ?? `\`${letter}\` has no meaning here.`,
        place,
        place + letter.length,
      );
    }
    const token = tokenOf(match, place);
    if (token !== null) {
      tokens.push(token);
    }
    place += match[0].length;
    if (strict && token?.kind === 'number') {
      checkNumberEnds(text, token);
    }
  }
  return tokens;
}

function checkNumberEnds(text: string, { start, end }: Token): void {
  AFTER_NUMBER.lastIndex = end;
  const after = AFTER_NUMBER.exec(text);
  if (after !== null) {
    const message = trans.__('Write a name that begins with a digit in backticks.');
    throw new ExpressionError(message, start, end + after[0].length);
  }
}

function tokenOf(match: RegExpExecArray, start: number): Token | null {
  const [word] = match;
  const { space, number, text, quoted, word: letters } = match.groups ?? {};
  const plain = { start, end: start + word.length, negated: false, quoted: false };
  if (space !== undefined) {
    return null;
  }
  if (number !== undefined) {
    return { ...plain, kind: 'number', value: word };
  }
  if (text !== undefined) {
    const value = word
      .slice(1, -1)
      .replace(/\\([\s\S])/gu, (_, letter: string) => ESCAPED.get(letter) ?? letter);
    return { ...plain, kind: 'text', value };
  }
  if (quoted !== undefined) {
    return { ...plain, kind: 'name', value: word.slice(1, -1), quoted: true };
  }
  if (letters === undefined) {
    return { ...plain, kind: word === '(' || word === ')' || word === ',' ? word : 'operator', value: word };
  }
  const kind = word === 'true' || word === 'false' ? 'truth' : OPERATORS.has(word) ? 'operator' : 'name';
  return { ...plain, kind, value: word };
}

/** Joins what is one operator in several words: `not in`, `is missing`, `is not broken`. */
function joined(tokens: readonly Token[]): Token[] {
  const result: Token[] = [];
  for (let place = 0; place < tokens.length; place++) {
    const token = tokens[place];
    const next = tokens[place + 1];
    if (token === undefined) {
      break;
    }
    if (is(token, 'not') && next !== undefined && is(next, 'in')) {
      result.push({ ...token, value: 'not in', end: next.end });
      place += 1;
    } else if (is(token, 'is')) {
      const negated = is(next, 'not');
      const state = tokens[place + (negated ? 2 : 1)];
      if (state === undefined || !(is(state, 'missing') || is(state, 'broken'))) {
        throw new ExpressionError('After `is` comes `missing`, `broken` or `not`.', token.start, token.end);
      }
      result.push({ ...token, kind: 'state', value: state.value, end: state.end, negated });
      place += negated ? 2 : 1;
    } else {
      result.push(token);
    }
  }
  return result;
}

function is(token: Token | undefined, word: string): boolean {
  return (
    token !== undefined &&
    (token.kind === 'name' || token.kind === 'operator') &&
    !token.quoted &&
    token.value === word
  );
}
