/** What a search text means. */
export interface Search {
  readonly matches: (name: string) => boolean;
  /** Why the text cannot be used; it matches nothing then. */
  readonly problem: string | null;
}

const BETWEEN_SLASHES = /^\/(.+)\/(i?)$/;

/** Reads a search text: a part of the name in any case, or a regular expression between slashes. */
export function readSearch(text: string): Search {
  const trimmed = text.trim();
  const [, pattern, flags] = BETWEEN_SLASHES.exec(trimmed) ?? [];
  if (pattern === undefined) {
    const part = trimmed.toLowerCase();
    return { matches: name => name.toLowerCase().includes(part), problem: null };
  }
  try {
    const expression = new RegExp(pattern, `u${flags ?? ''}`);
    return { matches: name => expression.test(name), problem: null };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { matches: () => false, problem: withoutPattern(reason, pattern) };
  }
}

/** Engines may repeat the pattern, with flags that the user did not type. */
function withoutPattern(reason: string, pattern: string): string {
  return reason
    .replace(/^Invalid regular expression: /, '')
    .replace(`/${pattern}/`, '')
    .replace(/^[a-z]*: /, '');
}
