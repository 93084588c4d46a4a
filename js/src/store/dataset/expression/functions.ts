import { Bitset } from '../bitset';
import { finiteValues, quantile } from '../quantiles';
import { ExpressionError } from './error';
import type { Node } from './parse';
import type { ExpressionTable } from './table';
import { type NumbersValue, type Value, numberAt, sourceOf, wrongType } from './values';

/** What a function needs to know of the rest of the expression. */
export interface Evaluates {
  readonly text: string;
  readonly table: ExpressionTable;
  value(node: Node): Value;
  numbers(node: Node): NumbersValue;
}

/** The functions that an expression may call; there are no others. */
export const FUNCTIONS: ReadonlyMap<string, (evaluator: Evaluates, node: Node) => Value> = new Map([
  ['abs', absolute],
  ['length', lengthOf],
  ['q', quantileOf],
  ['similar', similar],
  ['tagged', tagged],
]);

export function quantileValue(numbers: NumbersValue, share: number, rows: number): NumbersValue {
  const { values } = numbers;
  if (typeof values === 'number') {
    return { type: 'numbers', values: rows > 0 && Number.isFinite(values) ? values : NaN };
  }
  return { type: 'numbers', values: quantile(finiteValues(values), share) };
}

/** A literal from 0 to 1. */
export function shareOf(node: Node | undefined, call: Node): number {
  const share = node?.kind === 'number' ? Number(node.value) : NaN;
  if (!(share >= 0 && share <= 1)) {
    const { start, end } = node ?? call;
    throw new ExpressionError('Write a share from 0 to 1, such as `q(0.05)`.', start, end);
  }
  return share;
}

function absolute(evaluator: Evaluates, node: Node): Value {
  const [argument = node] = argumentsOf(node, 1, 'abs(a - b)');
  const { values } = evaluator.numbers(argument);
  return {
    type: 'numbers',
    values: typeof values === 'number' ? Math.abs(values) : Float64Array.from(values, Math.abs),
  };
}

function lengthOf(evaluator: Evaluates, node: Node): Value {
  const [argument = node] = argumentsOf(node, 1, 'length(text)');
  const value = evaluator.value(argument);
  if (value.type !== 'texts') {
    throw wrongType(evaluator.text, argument, 'text', value);
  }
  if (typeof value.content === 'string') {
    return { type: 'numbers', values: characters(value.content) };
  }
  const { texts, codes } = value.content;
  const lengths = Float64Array.from({ length: texts.length }, (_, index) => {
    const text = texts.at(index);
    return text === null ? NaN : characters(text);
  });
  return {
    type: 'numbers',
    values: codes === null ? lengths : Float64Array.from(codes, code => lengths[code] ?? NaN),
  };
}

function quantileOf(evaluator: Evaluates, node: Node): Value {
  if (node.operands.length === 1) {
    const message = '`q` of one value stands beside `<` or `>`. Elsewhere, write `q(column, 0.05)`.';
    throw new ExpressionError(message, node.start, node.end);
  }
  const [column = node, share = node] = argumentsOf(node, 2, 'q(column, 0.05)');
  return quantileValue(evaluator.numbers(column), shareOf(share, node), evaluator.table.rows);
}

function similar(evaluator: Evaluates, node: Node): Value {
  const [argument = node] = argumentsOf(node, 1, 'similar(9188)');
  const { kind, start, end } = argument;
  if (kind !== 'number' && kind !== 'text') {
    throw new ExpressionError('Write the id of a sample, such as `similar(9188)`.', start, end);
  }
  const id = kind === 'text' ? argument.value : sourceOf(evaluator.text, argument);
  const rows = evaluator.table.similar(id);
  if (rows === null) {
    throw new ExpressionError(`Samples similar to \`${id}\` are not known here.`, start, end);
  }
  return { type: 'truth', rows };
}

function tagged(evaluator: Evaluates, node: Node): Value {
  const [argument = node] = argumentsOf(node, 1, 'tagged("night")');
  if (argument.kind !== 'text') {
    throw new ExpressionError(
      'Write a tag in quotes, such as `tagged("night")`.',
      argument.start,
      argument.end,
    );
  }
  const { tags, rows } = evaluator.table;
  return { type: 'truth', rows: tags.get(argument.value) ?? new Bitset(rows) };
}

function argumentsOf(node: Node, count: number, example: string): readonly Node[] {
  if (node.operands.length !== count) {
    throw new ExpressionError(
      `\`${node.value}\` takes ${count} value${count === 1 ? '' : 's'}, as in \`${example}\`.`,
      node.start,
      node.end,
    );
  }
  return node.operands;
}

/** As Python counts: a character beyond 16 bits is one. */
function characters(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index++) {
    count += (text.charCodeAt(index) & 0xfc00) === 0xdc00 ? 0 : 1;
  }
  return count;
}

/** Numbers of two parts, row by row. */
export function arithmetic(name: string, one: NumbersValue, other: NumbersValue, rows: number): NumbersValue {
  const operation = OPERATIONS.get(name) ?? (() => NaN);
  const [a, b] = [one.values, other.values];
  if (typeof a === 'number' && typeof b === 'number') {
    return { type: 'numbers', values: operation(a, b) };
  }
  const values = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    values[row] = operation(numberAt(a, row), numberAt(b, row));
  }
  return { type: 'numbers', values };
}

export const OPERATIONS: ReadonlyMap<string, (a: number, b: number) => number> = new Map([
  ['+', (a: number, b: number) => a + b],
  ['-', (a: number, b: number) => a - b],
  ['*', (a: number, b: number) => a * b],
  ['/', (a: number, b: number) => a / b],
]);
