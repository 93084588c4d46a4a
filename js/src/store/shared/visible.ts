/** Text from files, models and the user's data as people are to see it. Python does the same in visible_text.py. */

/**
 * Characters that change how text around them looks or where a line ends, and show nothing themselves: controls, line
 * separators, bidirectional and other format marks, halves of a letter. Joiners are left, which scripts and emoji need.
 */
const HIDDEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Blocks of scripts that are written from right to left. */
const RIGHT_TO_LEFT =
  '\\u0590-\\u08ff\\ufb1d-\\ufdff\\ufe70-\\ufefc\\u{10800}-\\u{10fff}\\u{1e800}-\\u{1efff}';
const IS_RIGHT_TO_LEFT = new RegExp(`[${RIGHT_TO_LEFT}]`, 'u');
const FIRST = '\u2068';
const POP = '\u2069';
// The first part has no letter of these scripts: otherwise a text without an end would take quadratic time.
const ISOLATED = new RegExp(
  `(${FIRST}[^${FIRST}${POP}${RIGHT_TO_LEFT}]*[${RIGHT_TO_LEFT}][^${FIRST}${POP}]*${POP})`,
  'u',
);

/**
 * A name: what would not be seen is written as Python escapes it, and letters of a script that is written from right to
 * left do not move the words around the name.
 */
export function visibleText(text: string): string {
  const seen = withoutHidden(text);
  return IS_RIGHT_TO_LEFT.test(seen) ? FIRST + seen + POP : seen;
}

/** Text of several lines in which names may stand; what isolates names stays. */
export function visibleLines(text: string): string {
  // Every other part is an isolated one.
  return text
    .split(ISOLATED)
    .map((part, i) => (i % 2 === 0 ? shownLines(part) : FIRST + shownLines(part.slice(1, -1)) + POP))
    .join('');
}

/** A text that stands among words, and may have such texts in it. */
export function visiblePart(text: string): string {
  const seen = visibleLines(text);
  return IS_RIGHT_TO_LEFT.test(seen) && !ISOLATED.test(text) ? FIRST + seen + POP : seen;
}

/** One line of text whose surroundings isolate it. */
export function withoutHidden(text: string): string {
  return text.replace(HIDDEN, letter => escaped(letter.codePointAt(0) ?? 0));
}

function shownLines(text: string): string {
  return text.split('\n').map(withoutHidden).join('\n');
}

/** Whether text of several lines is just what it looks like. Tabs count as what they look like. */
export function isPlain(text: string): boolean {
  return text.replace(/[\n\t]/g, '').search(HIDDEN) === -1;
}

/** As Python writes it in a literal. */
export function escaped(point: number): string {
  const known = SHORT[point];
  if (known !== undefined) {
    return known;
  }
  const hex = point.toString(16);
  if (point < 0x100) {
    return `\\x${hex.padStart(2, '0')}`;
  }
  return point < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

const SHORT: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r' };
