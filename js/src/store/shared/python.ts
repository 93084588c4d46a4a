import { escaped } from './visible';

/** Text and names as Python source. */

/**
 * Text as a Python literal of printable ASCII. IPython splits a cell at each of Unicode's line separators, inside of
 * literals too, and reads what begins with one of its prefixes as a command: no character but these may stand there.
 */
export function pythonText(text: string): string {
  return `"${Array.from(text, literalOf).join('')}"`;
}

function literalOf(letter: string): string {
  if (letter === '"' || letter === '\\') {
    return `\\${letter}`;
  }
  const point = letter.codePointAt(0) ?? 0;
  return point >= 0x20 && point < 0x7f ? letter : escaped(point);
}

/**
 * Whether Python takes a text for a name of a variable, and for no other than it shows: Python normalizes names, so
 * that `ﬁle` would be the variable `file`.
 */
export function isIdentifier(text: string): boolean {
  return (
    /^[\p{XID_Start}_]\p{XID_Continue}*$/u.test(text) &&
    text.normalize('NFKC') === text &&
    !KEYWORDS.has(text)
  );
}

const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from ' +
    'global if import in is lambda nonlocal not or pass raise return try while with yield'
  ).split(' '),
);
