/** What not every engine has: look-around, back-references, named groups, flags. */
const NOT_SHARED = /(?:^|[^\\])(?:\\\\)*(?:\(\?(?!:)|\\[1-9k])/;

/** Whether a text is a regular expression that TypeScript and Python understand alike. */
export function isRegular(pattern: string): boolean {
  if (NOT_SHARED.test(pattern)) {
    return false;
  }
  try {
    new RegExp(pattern, 'u');
    return true;
  } catch {
    return false;
  }
}

/** Whether a text is found: a part in any case, or a regular expression. */
export function finder(text: string, regular: boolean): (candidate: string) => boolean {
  if (regular) {
    const pattern = new RegExp(text, 'u');
    return candidate => pattern.test(candidate);
  }
  const part = text.toLowerCase();
  return candidate => candidate.toLowerCase().includes(part);
}
