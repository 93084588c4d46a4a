import { ExpressionError } from './error';
import type { Token } from './tokens';

const MOST_OPERATORS = 200;
const DEEPEST = 50;

/**
 * Throws unless values and operators take turns and parentheses close. What passes can be parsed: all errors of syntax are
 * found here, with the same words as in Python.
 */
export function checkSyntax(text: string, tokens: readonly Token[]): void {
  if (tokens.length === 0) {
    throw new ExpressionError('Write a condition, such as `familiarity < q(0.05)`.', 0, text.length);
  }
  new Reader(text, tokens).read();
}

class Reader {
  private readonly open: { readonly kind: 'group' | 'call' | 'list'; readonly token: Token }[] = [];
  private wantsValue = true;
  /** After `is missing` or a list: what stands before is a condition, with which nothing can be computed. */
  private afterCondition = false;

  constructor(
    private readonly text: string,
    private readonly tokens: readonly Token[],
  ) {}

  read(): void {
    let operators = 0;
    this.tokens.forEach((token, place) => {
      const before = this.tokens[place - 1];
      const following = this.tokens[place + 1];
      if (this.wantsValue) {
        this.value(token, before, following);
      } else {
        this.afterValue(token);
      }
      operators += token.kind === 'operator' || token.kind === 'state' ? 1 : 0;
      if (operators > MOST_OPERATORS) {
        fail(`An expression has at most ${MOST_OPERATORS} operators.`, token);
      }
      if (takesList(token) && following?.kind !== '(') {
        fail(`Write the values after \`${token.value}\` in parentheses: \`("a", "b")\`.`, token);
      }
    });
    this.end();
  }

  private value(token: Token, before: Token | undefined, following: Token | undefined): void {
    switch (token.kind) {
      case 'number':
      case 'text':
      case 'truth':
      case 'name':
        this.wantsValue = token.kind === 'name' && !token.quoted && following?.kind === '(';
        return;
      case '(':
        this.push(token, before);
        return;
      case ')':
        if (before?.kind === '(' && this.open.at(-1)?.kind === 'call') {
          this.open.pop();
          this.wantsValue = false;
          return;
        }
        break;
      case 'operator':
        if (token.value === '-' || (token.value === 'not' && mayBeNegated(before))) {
          return;
        }
        break;
      case 'state':
      case ',':
        break;
    }
    fail(`Expected a value before \`${this.source(token)}\`.`, token);
  }

  private push(token: Token, before: Token | undefined): void {
    if (this.open.length === DEEPEST) {
      fail(`Parentheses go at most ${DEEPEST} deep.`, token);
    }
    const kind =
      before?.kind === 'name' ? 'call' : before !== undefined && takesList(before) ? 'list' : 'group';
    this.open.push({ kind, token });
  }

  private afterValue(token: Token): void {
    const top = this.open.at(-1);
    if (this.afterCondition && ['+', '-', '*', '/'].includes(token.value)) {
      fail(`Expected \`and\` or \`or\` before \`${token.value}\`.`, token);
    }
    this.afterCondition = token.kind === 'state' || (token.kind === ')' && top?.kind === 'list');
    if (
      (token.kind === 'operator' && token.value !== 'not') ||
      (token.kind === ',' && top !== undefined && top.kind !== 'group')
    ) {
      this.wantsValue = true;
    } else if (token.kind === ')' && top !== undefined) {
      this.open.pop();
    } else if (token.kind === ')' || token.kind === ',') {
      fail(`\`${this.source(token)}\` has no meaning here.`, token);
    } else if (token.kind !== 'state') {
      fail(`Expected an operator before \`${this.source(token)}\`.`, token);
    }
  }

  private end(): void {
    const last = this.tokens.at(-1);
    const top = this.open.at(-1);
    if (this.wantsValue && last !== undefined) {
      fail(`Expected a value after \`${this.source(last)}\`.`, last);
    }
    if (top !== undefined) {
      fail('`(` is not closed.', top.token);
    }
  }

  private source(token: Token): string {
    return this.text.slice(token.start, token.end);
  }
}

function fail(message: string, { start, end }: Token): never {
  throw new ExpressionError(message, start, end);
}

function takesList(token: Token): boolean {
  return token.kind === 'operator' && (token.value === 'in' || token.value === 'not in');
}

function mayBeNegated(before: Token | undefined): boolean {
  return (
    before === undefined ||
    before.kind === '(' ||
    before.kind === ',' ||
    (before.kind === 'operator' && ['and', 'or', 'not'].includes(before.value))
  );
}
