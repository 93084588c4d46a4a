import { type ReadonlySignal, effect, signal, untracked } from '@preact/signals';
import { Bitset } from '../bitset';
import type { Column } from '../columns';
import { ExpressionError } from '../expression/error';
import { type TextSearch, evaluate, evaluateLater } from '../expression/evaluate';
import { namesIn, parse } from '../expression/parse';
import type { ExpressionTable } from '../expression/table';
import type { Filter } from '../filters';
import { type Tags, allTags } from '../tags';
import { SearchError, TextSearcher } from '../search/textSearcher';

/** What became of an expression. */
export type Outcome =
  | { readonly type: 'applied' }
  /** Its columns are on their way; it takes effect once they are here. */
  | { readonly type: 'waiting'; readonly columns: readonly string[] }
  | { readonly type: 'error'; readonly message: string; readonly start: number; readonly end: number };

export type ExpressionRows = Extract<Filter, { type: 'expression' }>;

/** What an expression is evaluated over, and who wants its rows. */
export interface Evaluated {
  readonly rows: number;
  readonly names: () => readonly string[];
  readonly column: (name: string) => Column | null;
  readonly tags: () => Tags;
  /** Goes up whenever columns change. */
  readonly revision: ReadonlySignal<number>;
  /** Asks for the values of columns. */
  readonly need: (names: readonly string[]) => void;
}

/** Evaluates expressions over a table whose columns arrive later, one at a time: a new one replaces one that waits. */
export class ExpressionFilter {
  /** What was said of the expression that was given last; null before one was. */
  readonly outcome = signal<Outcome | null>(null);
  private readonly searcher = new TextSearcher();
  private stopWaiting: () => void = () => undefined;
  private turn = 0;

  constructor(private readonly table: Evaluated) {}

  /** What is wrong with an expression, as far as it can be told without its values; null if nothing is. */
  check(text: string): Extract<Outcome, { type: 'error' }> | null {
    try {
      const missing = this.absent(text);
      if (missing.length === 0) {
        evaluate(text, this.expressionTable(), search => new Bitset(search.words.texts.length));
      }
      return null;
    } catch (error) {
      return errorOf(error, text);
    }
  }

  /** Evaluates an expression once its columns are here, and hands its rows over. */
  apply(text: string, applied: (filter: ExpressionRows) => void): void {
    this.stopWaiting();
    const turn = ++this.turn;
    const error = this.check(text);
    if (error !== null) {
      this.outcome.value = error;
      return;
    }
    this.table.need(this.absent(text));
    this.stopWaiting = effect(() => {
      if (this.table.revision.value < 0) {
        return;
      }
      untracked(() => {
        const columns = this.absent(text);
        if (columns.length > 0) {
          this.outcome.value = { type: 'waiting', columns };
        } else if (turn === this.turn) {
          this.turn++;
          void this.evaluate(text, this.turn, applied);
        }
      });
    });
  }

  /** Forgets an expression that waits, and what was said of it. */
  clear(): void {
    this.turn++;
    this.stopWaiting();
    this.outcome.value = null;
  }

  private async evaluate(
    text: string,
    turn: number,
    applied: (filter: ExpressionRows) => void,
  ): Promise<void> {
    try {
      const search = (one: TextSearch) => this.searcher.search(one);
      const rows = await evaluateLater(text, this.expressionTable(), search);
      if (turn === this.turn) {
        this.outcome.value = { type: 'applied' };
        applied({ type: 'expression', text, rows });
      }
    } catch (error) {
      if (turn === this.turn) {
        this.outcome.value = errorOf(error, text);
      }
    }
  }

  /** The columns that an expression names and whose values are not here. */
  private absent(text: string): string[] {
    const known = new Set(this.table.names());
    return namesIn(parse(text)).filter(name => known.has(name) && this.table.column(name) === null);
  }

  private expressionTable(): ExpressionTable {
    const names = this.table.names();
    const known = new Set(names);
    return {
      rows: this.table.rows,
      names,
      column: name => (known.has(name) ? (this.table.column(name) ?? undefined) : null),
      tags: allTags(this.table.tags()),
      similar: () => null,
    };
  }
}

function errorOf(error: unknown, text: string): Extract<Outcome, { type: 'error' }> {
  if (error instanceof ExpressionError) {
    return { type: 'error', message: error.message, start: error.start, end: error.end };
  }
  if (error instanceof SearchError) {
    return { type: 'error', message: error.message, start: 0, end: text.length };
  }
  throw error;
}
