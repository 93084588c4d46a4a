import type { Column } from '../columns';
import type { Filter } from '../filters';
import { quoted } from './completion';

/**
 * Filters as one expression. Those that name rows cannot be written and are left out.
 *
 * @param about what a filtered column is; null while it is not known.
 */
export function filterText(
  filters: Iterable<Filter>,
  about: (name: string) => Pick<Column, 'role' | 'kind'> | null,
): string {
  const parts = [...filters].flatMap(filter => {
    const text = textOf(
      filter,
      filter.type === 'range' || filter.type === 'values' ? about(filter.column) : null,
    );
    return text === null ? [] : [text];
  });
  return parts.length === 1
    ? (parts[0] ?? '')
    : parts.map(part => (isSimple(part) ? part : `(${part})`)).join(' and ');
}

/** Whether a part means the same without parentheses around it. */
function isSimple(text: string): boolean {
  return !/\bor\b/u.test(text);
}

function textOf(filter: Filter, about: Pick<Column, 'role' | 'kind'> | null): string | null {
  switch (filter.type) {
    case 'rows':
      return null;
    case 'tag':
      return `${filter.has ? '' : 'not '}tagged(${literal(filter.tag)})`;
    case 'expression':
      return filter.text;
    case 'range': {
      const name = quoted(filter.column);
      if (about?.role === 'set') {
        return name;
      }
      const ends = [
        ...(filter.low === null ? [] : [`${name} >= ${filter.low}`]),
        ...(filter.high === null ? [] : [`${name} <= ${filter.high}`]),
      ];
      return ends.length === 0 ? `${name} is not missing` : ends.join(' and ');
    }
    case 'values':
      return valuesText(quoted(filter.column), filter.values, about?.kind ?? 'category');
  }
}

function valuesText(
  name: string,
  values: readonly (string | boolean | null)[],
  kind: Column['kind'],
): string {
  const texts = values.filter(value => typeof value === 'string');
  const parts: string[] = [];
  if (kind === 'media') {
    parts.push(
      ...texts.map(word =>
        word === 'broken' ? `${name} is broken` : `(${name} is not missing and ${name} is not broken)`,
      ),
    );
  } else if (texts.length === 1) {
    parts.push(`${name} == ${literal(texts[0] ?? '')}`);
  } else if (texts.length > 1) {
    parts.push(`${name} in (${texts.map(literal).join(', ')})`);
  }
  if (values.includes(true)) {
    parts.push(name);
  }
  if (values.includes(false)) {
    parts.push(`(${name} is not missing and not ${name})`);
  }
  if (values.includes(null)) {
    parts.push(`${name} is missing`);
  }
  return parts.length === 0 ? 'false' : parts.join(' or ');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
};

function literal(text: string): string {
  return `"${text.replace(/[\\"\n\t\r]/gu, letter => ESCAPES[letter] ?? letter)}"`;
}
