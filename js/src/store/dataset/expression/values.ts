import type { Numbers } from '../../../protocol/tables';
import type { Bitset } from '../bitset';
import type { MediaColumn } from '../columns';
import { ExpressionError } from './error';
import type { Node } from './parse';
import type { Words } from './table';

/** What a part of an expression is worth. */
export type Value =
  | { readonly type: 'numbers'; readonly values: Numbers | number }
  | { readonly type: 'texts'; readonly content: Words | string }
  | { readonly type: 'truth'; readonly rows: Bitset }
  | { readonly type: 'media'; readonly column: MediaColumn };

export type NumbersValue = Extract<Value, { type: 'numbers' }>;
export type TextsValue = Extract<Value, { type: 'texts' }>;

const WORDS = { numbers: 'a number', texts: 'text', truth: 'a condition', media: 'media' } as const;

export function wrongType(text: string, node: Node, wanted: string, { type }: Value): ExpressionError {
  const message = `\`${sourceOf(text, node)}\` is ${WORDS[type]}, but ${wanted} is needed here.`;
  return new ExpressionError(message, node.start, node.end);
}

/** A part as the user wrote it. */
export function sourceOf(text: string, node: Node): string {
  return text.slice(node.start, node.end);
}

export function numberAt(values: Numbers | number, row: number): number {
  return typeof values === 'number' ? values : (values[row] ?? NaN);
}
