/**
 * Characters that change how text around them looks or where a line ends, and show nothing themselves: controls,
 * line separators, bidirectional and other format marks, halves of a letter. Joiners are left, which scripts and emoji
 * need.
 */
const HIDDEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A name or a message of a stranger for people: what would not be seen is written as Python escapes it. */
export function visibleText(text: string): string {
  return text.replace(HIDDEN, letter => escaped(letter.codePointAt(0) ?? 0));
}

/** The same of text of several lines, which stay lines. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visibleText).join('\n');
}

/** Whether text of several lines is just what it looks like. Tabs count as what they look like. */
export function isPlain(text: string): boolean {
  const lines = text.replace(/[\n\t]/g, '');
  return visibleText(lines) === lines;
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
