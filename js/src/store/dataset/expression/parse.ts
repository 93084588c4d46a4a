import jsep from 'jsep';
import { ExpressionError } from './error';
import { checkSyntax } from './syntax';
import { type Token, tokenize } from './tokens';

export type NodeKind =
  'number' | 'text' | 'truth' | 'name' | 'call' | 'minus' | 'not' | 'binary' | 'in' | 'state';

/** A part of an expression, and where it stands. */
export interface Node {
  readonly kind: NodeKind;
  /** A literal as text, or the name of a column, function or operator; of `state` `missing` or `broken`. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
  /** Of `in` the value and then the list. */
  readonly operands: readonly Node[];
  /** Of `in` and `state`: whether `not` is in it. */
  readonly negated: boolean;
}

/** As jsep is told. Its prefix operators bind tighter than `<`, so `not` has two values here. */
const PRECEDENCE: ReadonlyMap<string, number> = new Map([
  ['or', 1],
  ['and', 2],
  ['not', 3],
  ...['<', '<=', '>', '>=', '==', '!=', 'in', 'notin', 'contains', 'matches', 'is'].map(
    (operator): [string, number] => [operator, 4],
  ),
  ['+', 5],
  ['-', 5],
  ['*', 6],
  ['/', 6],
]);

/** The tree of an expression. */
export function parse(text: string): Node {
  const tokens = tokenize(text);
  checkSyntax(text, tokens);
  configure();
  return new Reader(tokens).node(jsep(spelled(tokens)));
}

/** The columns that an expression needs, each once, in the order in which they come. */
export function namesIn(node: Node): string[] {
  const own = node.kind === 'name' ? [node.value] : [];
  return [...new Set([...own, ...node.operands.flatMap(namesIn)])];
}

/** jsep is configured as a whole; it is part of our bundle and nobody else uses it. */
function configure(): void {
  jsep.removeAllBinaryOps();
  jsep.removeAllUnaryOps();
  jsep.removeAllLiterals();
  jsep.addUnaryOp('-');
  for (const [operator, precedence] of PRECEDENCE) {
    jsep.addBinaryOp(operator, precedence, operator === 'not');
  }
}

/**
 * Spells each value as the number of its token, so that jsep sees neither names nor texts of the user, and positions are
 * kept; `not` gets its own token as its first value, a list is a call of its parenthesis.
 */
function spelled(tokens: readonly Token[]): string {
  return tokens.map((token, place) => spelling(token, place, tokens[place - 1])).join(' ');
}

function spelling(token: Token, place: number, before: Token | undefined): string {
  switch (token.kind) {
    case 'operator':
      if (token.value === 'not') {
        return `t${place} not`;
      }
      return token.value === 'not in' ? 'notin' : token.value;
    case 'state':
      return `is t${place}`;
    case '(':
      return before?.value === 'in' || before?.value === 'not in' ? `t${place} (` : '(';
    case ')':
    case ',':
      return token.kind;
    default:
      return `t${place}`;
  }
}

/** Turns what jsep made into our tree. */
class Reader {
  private readonly closing: ReadonlyMap<Token, Token>;

  constructor(private readonly tokens: readonly Token[]) {
    this.closing = closings(tokens);
  }

  node(tree: jsep.Expression): Node {
    if (isIdentifier(tree)) {
      return leaf(this.token(tree));
    }
    if (isCall(tree)) {
      const name = this.token(tree.callee);
      const open = this.tokens[this.tokens.indexOf(name) + 1] ?? name;
      const operands = tree.arguments.map(argument => this.node(argument));
      return branch('call', name.value, name.start, this.closing.get(open)?.end ?? name.end, operands);
    }
    if (isUnary(tree)) {
      const operand = this.node(tree.argument);
      return branch('minus', '-', this.signBefore(operand).start, operand.end, [operand]);
    }
    return isBinary(tree) ? this.binary(tree) : unreadable();
  }

  private binary({ operator, left, right }: jsep.BinaryExpression): Node {
    switch (operator) {
      case 'not': {
        const operand = this.node(right);
        return branch('not', 'not', this.token(left).start, operand.end, [operand]);
      }
      case 'is': {
        const operand = this.node(left);
        const state = this.token(right);
        return {
          ...branch('state', state.value, operand.start, state.end, [operand]),
          negated: state.negated,
        };
      }
      case 'in':
      case 'notin':
        return this.list(operator === 'notin', left, right);
      default: {
        const [one, other] = [this.node(left), this.node(right)];
        return branch('binary', operator, one.start, other.end, [one, other]);
      }
    }
  }

  private list(negated: boolean, left: jsep.Expression, right: jsep.Expression): Node {
    const operand = this.node(left);
    const call = isCall(right) ? right : unreadable();
    const end = this.closing.get(this.token(call.callee))?.end ?? operand.end;
    const items = call.arguments.map(argument => literal(this.node(argument)));
    return { ...branch('in', 'in', operand.start, end, [operand, ...items]), negated };
  }

  /** jsep does not say where a sign was: before the operand, and the parentheses around it. */
  private signBefore({ start }: Node): Token {
    let place = this.tokens.findIndex(token => token.start === start) - 1;
    while (this.tokens[place]?.kind === '(') {
      place--;
    }
    return this.tokens[place] ?? unreadable();
  }

  private token(tree: jsep.Expression): Token {
    return (isIdentifier(tree) ? this.tokens[Number(tree.name.slice(1))] : undefined) ?? unreadable();
  }
}

function leaf({ kind, value, start, end }: Token): Node {
  const known = kind === 'number' || kind === 'text' || kind === 'truth';
  return branch(known ? kind : 'name', value, start, end, []);
}

function branch(kind: NodeKind, value: string, start: number, end: number, operands: readonly Node[]): Node {
  return { kind, value, start, end, operands, negated: false };
}

function literal(item: Node): Node {
  const [operand] = item.operands;
  if (item.kind === 'minus' && operand?.kind === 'number') {
    return { ...item, kind: 'number', value: `-${operand.value}`, operands: [] };
  }
  if (item.kind !== 'number' && item.kind !== 'text') {
    throw new ExpressionError('A list holds numbers and texts only.', item.start, item.end);
  }
  return item;
}

function closings(tokens: readonly Token[]): Map<Token, Token> {
  const open: Token[] = [];
  const closing = new Map<Token, Token>();
  for (const token of tokens) {
    if (token.kind === '(') {
      open.push(token);
    }
    const last = token.kind === ')' ? open.pop() : undefined;
    if (last !== undefined) {
      closing.set(last, token);
    }
  }
  return closing;
}

/** Never happens: the syntax was checked before. */
function unreadable(): never {
  throw new ExpressionError('This expression cannot be read.', 0, 0);
}

function isIdentifier(tree: jsep.Expression): tree is jsep.Identifier {
  return tree.type === 'Identifier';
}

function isUnary(tree: jsep.Expression): tree is jsep.UnaryExpression {
  return tree.type === 'UnaryExpression';
}

function isCall(tree: jsep.Expression): tree is jsep.CallExpression {
  return tree.type === 'CallExpression';
}

function isBinary(tree: jsep.Expression): tree is jsep.BinaryExpression {
  return tree.type === 'BinaryExpression';
}
