/** The text that an expression gave, out of its Python literal: of those that we ask for none has a quote in it. */
export function textOf(result: unknown): string | null {
  if (typeof result !== 'object' || result === null || !('data' in result)) {
    return null;
  }
  const { data } = result;
  if (typeof data !== 'object' || data === null || !('text/plain' in data)) {
    return null;
  }
  const literal = data['text/plain'];
  return typeof literal === 'string' ? (/^'([^'\\]+)'$/.exec(literal)?.[1] ?? null) : null;
}
