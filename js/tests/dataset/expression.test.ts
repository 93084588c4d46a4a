import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Bitset } from '../../src/store/dataset/bitset';
import type { Column, ColumnSpec } from '../../src/store/dataset/columns';
import { MISSING_BOOL } from '../../src/store/dataset/columns';
import { ExpressionError } from '../../src/store/dataset/expression/error';
import { type TextSearch, evaluate, evaluateLater } from '../../src/store/dataset/expression/evaluate';
import { type Node, namesIn, parse } from '../../src/store/dataset/expression/parse';
import { type ExpressionTable, textsWhere } from '../../src/store/dataset/expression/table';
import { finder } from '../../src/store/dataset/search/patterns';
import { packTexts } from '../../src/store/dataset/texts';
import { categories } from './samples';

type Values = (number | string | boolean | null)[];
interface Cases {
  table: {
    rows: number;
    columns: Record<string, { kind: ColumnSpec['kind']; role: ColumnSpec['role']; values: Values }>;
    tags: Record<string, number[]>;
    similar: Record<string, number[]>;
  };
  rows: [string, number[]][];
  errors: [string, string, number, number][];
  trees: [string, string][];
}

function areCases(read: unknown): read is Cases {
  return typeof read === 'object' && read !== null && 'table' in read && 'trees' in read;
}

function casesIn(read: unknown): Cases {
  if (!areCases(read)) {
    throw new TypeError('expected the cases that Python wrote');
  }
  return read;
}

/** Shared with Python. */
const CASES = casesIn(JSON.parse(readFileSync('protocol/expressions.json', 'utf8')));
const ROWS = CASES.table.rows;

function columnOf(
  name: string,
  { kind, role, values }: { kind: ColumnSpec['kind']; role: ColumnSpec['role']; values: Values },
): Column {
  const texts = values.map(value => (typeof value === 'string' ? value : null));
  const numbers = values.map(value => (typeof value === 'number' ? value : NaN));
  switch (kind) {
    case 'float':
      return { name, role, kind, values: Float64Array.from(numbers) };
    case 'int':
      return { name, role, kind, values: Int32Array.from(numbers) };
    case 'media':
      return { name, role, kind, values: Uint8Array.from(numbers) };
    case 'bool':
      return {
        name,
        role,
        kind,
        values: Uint8Array.from(values, value => (value === null ? MISSING_BOOL : Number(value))),
      };
    case 'category':
      return { ...categories(name, texts), role };
    case 'text':
      return { name, role, kind, texts: packTexts(texts) };
  }
}

const columns = new Map(
  Object.entries(CASES.table.columns).map(([name, spec]) => [name, columnOf(name, spec)]),
);
const similar = new Map(Object.entries(CASES.table.similar));
const TABLE: ExpressionTable = {
  rows: ROWS,
  names: [...columns.keys()],
  column: name => (name === 'loading' ? undefined : (columns.get(name) ?? null)),
  tags: new Map(Object.entries(CASES.table.tags).map(([name, rows]) => [name, Bitset.ofRows(ROWS, rows)])),
  similar: id => (similar.has(id) ? Bitset.ofRows(ROWS, similar.get(id)!) : null),
};
const search = ({ words, text, regular }: TextSearch) => textsWhere(words.texts, finder(text, regular));
const found = (text: string) => [...evaluate(text, TABLE, search).rows()];

function errorOf(run: () => unknown): ExpressionError {
  try {
    run();
  } catch (error) {
    if (error instanceof ExpressionError) {
      return error;
    }
    throw error;
  }
  throw new Error('expected an error');
}

function spelled(text: string): string {
  try {
    return spelledNode(parse(text));
  } catch (error) {
    return error instanceof ExpressionError ? `${error.start}-${error.end}: ${error.message}` : String(error);
  }
}

function spelledNode({ kind, value, start, end, operands, negated }: Node): string {
  const name = kind === 'number' ? '' : ` ${value}`;
  const parts = operands.map(operand => ` ${spelledNode(operand)}`).join('');
  return `(${kind}${name}${negated ? ' negated' : ''} ${start}-${end}${parts})`;
}

describe('an expression', () => {
  it.each(CASES.rows)('%j finds the rows that Python finds', (text, rows) => {
    expect(found(text)).toEqual(rows);
  });

  it.each(CASES.errors)(
    '%j is wrong in the same words and at the same place as in Python',
    (text, message, start, end) => {
      const error = errorOf(() => found(text));
      expect([error.message, error.start, error.end]).toEqual([message, start, end]);
    },
  );

  it.each(CASES.trees)('%j is read as in Python', (text, tree) => {
    expect(spelled(text)).toBe(tree);
  });

  it('tells the columns that it needs', () => {
    const tree = parse('familiarity < q(0.05) and not (`my column` == 3 or familiarity is missing)');
    expect(namesIn(tree)).toEqual(['familiarity', 'my column']);
  });

  it('says when a column is not there yet', () => {
    expect(errorOf(() => found('loading > 1')).message).toBe('Column `loading` is still loading.');
  });

  it('is searched later by a worker, whose answers it waits for', async () => {
    const asked: TextSearch[] = [];
    const rows = await evaluateLater(
      'text contains "screw" or label matches "^d" and stars > 1',
      TABLE,
      one => {
        asked.push(one);
        return Promise.resolve(search(one));
      },
    );
    expect([...rows.rows()]).toEqual([0, 1, 2]);
    expect(asked.map(({ words, text }) => [words.column, text])).toEqual([
      ['text', 'screw'],
      ['label', '^d'],
    ]);
    await expect(
      evaluateLater('text contains "a" and unknown > 1', TABLE, one => Promise.resolve(search(one))),
    ).rejects.toThrow('Unknown column');
  });

  it.each([
    [`${'('.repeat(60)}suspect${')'.repeat(60)}`, 'Parentheses go at most 50 deep.'],
    [Array(300).fill('suspect').join(' and '), 'An expression has at most 200 operators.'],
    [`${'not '.repeat(250)}suspect`, 'An expression has at most 200 operators.'],
    [`'${'a'.repeat(200_000)}'`, 'An expression has at most 200000 characters.'],
  ])('that would go too deep is refused', (text, message) => {
    expect(errorOf(() => found(text)).message).toBe(message);
  });

  it('has as many operators as are allowed', () => {
    expect(found(Array(201).fill('suspect').join(' and '))).toEqual([0, 4]);
    expect(found(`${'not '.repeat(200)}suspect`)).toEqual([0, 4]);
  });
});
