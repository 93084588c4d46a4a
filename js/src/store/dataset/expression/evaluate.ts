import { Bitset } from '../bitset';
import { type Column, MEDIA, MISSING_BOOL } from '../columns';
import { where } from '../filters';
import { isRegular } from '../search/patterns';
import { compareNumbers, equalTexts, rowsWhere } from './compare';
import { ExpressionError, nearest } from './error';
import { FUNCTIONS, OPERATIONS, arithmetic, quantileValue, shareOf } from './functions';
import { type Node, parse } from './parse';
import { type ExpressionTable, type Words, missingRows, rowsInSet, rowsOfWords, wordsOf } from './table';
import { type NumbersValue, type Value, sourceOf, wrongType } from './values';

/** A search in the texts of a column, which may take long. */
export interface TextSearch {
  readonly words: Words;
  readonly text: string;
  readonly regular: boolean;
}

/**
 * The rows for which an expression such as `familiarity < q(0.05) and not duplicate` holds. It is interpreted, never run as
 * code; `docs/dataset.md` has the grammar. Throws an `ExpressionError`.
 *
 * @param search finds the texts that contain or match another.
 */
export function evaluate(
  text: string,
  table: ExpressionTable,
  search: (search: TextSearch) => Bitset,
): Bitset {
  return new Evaluator(text, table, search).condition(parse(text));
}

/** The same with a search that answers later, such as one in a worker. Other errors are thrown before it is asked. */
export async function evaluateLater(
  text: string,
  table: ExpressionTable,
  search: (search: TextSearch) => Promise<Bitset>,
): Promise<Bitset> {
  const asked: TextSearch[] = [];
  const rows = evaluate(text, table, one => {
    asked.push(one);
    return new Bitset(one.words.texts.length);
  });
  if (asked.length === 0) {
    return rows;
  }
  const found = await Promise.all(asked.map(search));
  let next = 0;
  return evaluate(text, table, one => found[next++] ?? new Bitset(one.words.texts.length));
}

class Evaluator {
  constructor(
    readonly text: string,
    readonly table: ExpressionTable,
    private readonly search: (search: TextSearch) => Bitset,
  ) {}

  condition(node: Node): Bitset {
    const value = this.value(node);
    if (value.type !== 'truth') {
      throw wrongType(this.text, node, 'a condition', value);
    }
    return value.rows;
  }

  numbers(node: Node): NumbersValue {
    const value = this.value(node);
    if (value.type !== 'numbers') {
      throw wrongType(this.text, node, 'a number', value);
    }
    return value;
  }

  value(node: Node): Value {
    switch (node.kind) {
      case 'number':
        return { type: 'numbers', values: Number(node.value) };
      case 'text':
        return { type: 'texts', content: node.value };
      case 'name':
        return this.named(node);
      case 'call':
        return this.call(node);
      case 'minus':
        return arithmetic(
          '*',
          { type: 'numbers', values: -1 },
          this.numbers(operand(node, 0)),
          this.table.rows,
        );
      case 'binary':
        return this.binary(node);
      case 'truth':
        return this.truth(node.value === 'true' ? Bitset.all(this.table.rows) : new Bitset(this.table.rows));
      case 'not':
        return this.truth(this.condition(operand(node, 0)).inverted());
      case 'state':
        return this.truth(this.state(node));
      case 'in':
        return this.truth(this.in(node));
    }
  }

  private truth(rows: Bitset): Value {
    return { type: 'truth', rows };
  }

  private named(node: Node): Value {
    const column = this.column(node);
    const set = rowsInSet(column);
    if (set !== null) {
      return this.truth(set);
    }
    const words = wordsOf(column);
    if (words !== null) {
      return { type: 'texts', content: words };
    }
    switch (column.kind) {
      case 'bool':
        return this.truth(where(this.table.rows, row => (column.values[row] ?? MISSING_BOOL) === 1));
      case 'media':
        return { type: 'media', column };
      case 'float':
      case 'int':
        return { type: 'numbers', values: column.values };
      case 'category':
      case 'text':
        return { type: 'texts', content: '' };
    }
  }

  private column({ value, start, end }: Node): Column {
    const column = this.table.column(value);
    if (column === undefined) {
      throw new ExpressionError(`Column \`${value}\` is still loading.`, start, end);
    }
    if (column === null) {
      const near = nearest(value, this.table.names);
      const hint = near === null ? '' : ` Did you mean \`${near}\`?`;
      throw new ExpressionError(`Unknown column \`${value}\`.${hint}`, start, end);
    }
    return column;
  }

  private call(node: Node): Value {
    const run = FUNCTIONS.get(node.value);
    if (run === undefined) {
      const names = [...FUNCTIONS.keys()];
      const near = nearest(node.value, names);
      const hint =
        near === null
          ? `There are ${names.map(name => `\`${name}\``).join(', ')}.`
          : `Did you mean \`${near}\`?`;
      const end = node.start + node.value.length;
      throw new ExpressionError(`Unknown function \`${node.value}\`. ${hint}`, node.start, end);
    }
    return run(this, node);
  }

  private binary(node: Node): Value {
    const [left, right] = [operand(node, 0), operand(node, 1)];
    if (OPERATIONS.has(node.value)) {
      return arithmetic(node.value, this.numbers(left), this.numbers(right), this.table.rows);
    }
    switch (node.value) {
      case 'and': {
        const one = this.condition(left);
        return this.truth(one.intersection(this.condition(right)));
      }
      case 'or': {
        const one = this.condition(left);
        return this.truth(one.union(this.condition(right)));
      }
      case 'contains':
      case 'matches':
        return this.truth(this.found(node, left, right));
      default:
        return this.truth(this.compared(node, left, right));
    }
  }

  private compared(node: Node, left: Node, right: Node): Bitset {
    const { rows } = this.table;
    const equality = node.value === '==' || node.value === '!=';
    const [one, other] = this.sides(left, right);
    if (one.type === 'texts' && other.type === 'texts' && equality) {
      const equal = equalTexts(one, other, rows);
      return node.value === '==' ? equal : equal.inverted();
    }
    for (const [value, side] of [[one, left] as const, [other, right] as const]) {
      if (value.type === 'truth' || value.type === 'media' || (value.type === 'texts' && !equality)) {
        throw wrongType(this.text, side, 'a number', value);
      }
    }
    if (one.type !== 'numbers' || other.type !== 'numbers') {
      throw this.mixed(node, one.type === 'texts' ? left : right, one.type === 'texts' ? right : left);
    }
    const compared = compareNumbers(node.value, one.values, other.values, rows);
    return node.value === '!=' ? compared.inverted() : compared;
  }

  /** Both sides; `q(0.05)` is that of the other one. */
  private sides(left: Node, right: Node): [Value, Value] {
    if (isRelative(left) && !isRelative(right)) {
      const other = this.value(right);
      return [this.quantileOf(left, right, other), other];
    }
    const one = this.value(left);
    return [one, isRelative(right) ? this.quantileOf(right, left, one) : this.value(right)];
  }

  private quantileOf(call: Node, node: Node, value: Value): Value {
    if (value.type !== 'numbers') {
      throw wrongType(this.text, node, 'a number', value);
    }
    return quantileValue(value, shareOf(call.operands[0], call), this.table.rows);
  }

  private mixed(node: Node, text: Node, number: Node): ExpressionError {
    const words = `\`${sourceOf(this.text, text)}\` is text, but \`${sourceOf(this.text, number)}\` is a number.`;
    const hint = number.kind === 'number' ? ` Write \`"${sourceOf(this.text, number)}"\`.` : '';
    return new ExpressionError(words + hint, node.start, node.end);
  }

  private in(node: Node): Bitset {
    const [left = node, ...items] = node.operands;
    const value = this.value(left);
    if (value.type !== 'numbers' && value.type !== 'texts') {
      throw wrongType(this.text, left, 'a number or text', value);
    }
    const numeric = value.type === 'numbers';
    for (const item of items) {
      if (item.kind !== (numeric ? 'number' : 'text')) {
        const [is, came] = numeric ? ['a number', 'text'] : ['text', 'a number'];
        const words = `\`${sourceOf(this.text, left)}\` is ${is}, but \`${sourceOf(this.text, item)}\` is ${came}.`;
        throw new ExpressionError(words, item.start, item.end);
      }
    }
    const { rows } = this.table;
    const texts = new Set(items.map(item => item.value));
    const found = numeric
      ? items
          .map(item => compareNumbers('==', value.values, Number(item.value), rows))
          .reduce((all, one) => all.union(one))
      : rowsWhere(value.content, rows, text => texts.has(text));
    return node.negated ? found.inverted() : found;
  }

  private found(node: Node, left: Node, right: Node): Bitset {
    const value = this.value(left);
    if (value.type !== 'texts') {
      throw wrongType(this.text, left, 'text', value);
    }
    if (right.kind !== 'text') {
      throw new ExpressionError(`Write a text in quotes after \`${node.value}\`.`, right.start, right.end);
    }
    const regular = node.value === 'matches';
    if (regular && !isRegular(right.value)) {
      const message = `\`${right.value}\` is not a regular expression, or uses look-around, back-references or flags.`;
      throw new ExpressionError(message, right.start, right.end);
    }
    const { rows } = this.table;
    if (typeof value.content !== 'string') {
      return rowsOfWords(value.content, this.search({ words: value.content, text: right.value, regular }));
    }
    const texts = { length: 1, at: () => (typeof value.content === 'string' ? value.content : null) };
    const found = this.search({ words: { column: '', texts, codes: null }, text: right.value, regular });
    return found.has(0) ? Bitset.all(rows) : new Bitset(rows);
  }

  private state(node: Node): Bitset {
    const of = operand(node, 0);
    if (of.kind !== 'name') {
      throw new ExpressionError(`Write the name of a column before \`is ${node.value}\`.`, of.start, of.end);
    }
    const column = this.column(of);
    if (node.value === 'broken' && column.kind !== 'media') {
      throw wrongType(this.text, of, 'media', this.named(of));
    }
    const rows =
      node.value === 'broken' && column.kind === 'media'
        ? where(this.table.rows, row => column.values[row] === MEDIA.broken)
        : missingRows(column);
    return node.negated ? rows.inverted() : rows;
  }
}

function isRelative(node: Node): boolean {
  return node.kind === 'call' && node.value === 'q' && node.operands.length === 1;
}

function operand(node: Node, place: number): Node {
  return node.operands[place] ?? node;
}
