import { computed, effect, signal, untracked } from '@preact/signals';
import { type Completions, complete } from '../expression/completion';
import { namesIn, parse } from '../expression/parse';
import type { Filter } from '../filters';
import type { DatasetView } from './datasetView';
import { ExpressionFilter, type ExpressionRows } from './expressionFilter';

const KEY = 'expression';

/** The expression of a view: what is typed, and the one that filters. */
export class DatasetExpression {
  /** What stands in the field. */
  readonly text = signal('');
  private readonly filter: ExpressionFilter;
  /** What each filter was made of: it is made again when that changes. */
  private readonly madeOf = new WeakMap<Filter, readonly unknown[]>();

  constructor(private readonly view: DatasetView) {
    const { dataset } = view;
    this.filter = new ExpressionFilter({
      rows: dataset.rows,
      names: () => dataset.columns.map(({ name }) => name),
      column: name => dataset.table.column(name),
      tags: () => view.state.tags,
      revision: view.revision,
      need: names => {
        view.need(names);
      },
    });
    // Undo brings the text of a former expression back; other changes leave what is typed.
    const appliedText = computed(() => this.applied?.text ?? '');
    effect(() => {
      this.text.value = appliedText.value;
    });
    effect(() => {
      if (view.revision.value >= 0 && this.isStale()) {
        untracked(() => {
          this.renew();
        });
      }
    });
  }

  get outcome(): ExpressionFilter['outcome'] {
    return this.filter.outcome;
  }

  /** The expression that filters; null without one. */
  get applied(): ExpressionRows | null {
    const filter = this.view.state.filters.get(KEY);
    return filter?.type === 'expression' ? filter : null;
  }

  check(text: string): ReturnType<ExpressionFilter['check']> {
    return this.filter.check(text);
  }

  complete(text: string, caret: number): Completions {
    return complete(
      text,
      caret,
      this.view.dataset.columns.map(({ name }) => name),
    );
  }

  /** Filters by a text, or by nothing if it is empty. A text that is wrong leaves the filter before it in force. */
  apply(text: string, words: string): void {
    this.applyBy(
      text,
      filter => {
        this.view.setFilter(filter, words);
      },
      () => {
        this.view.removeFilter(KEY, words);
      },
    );
  }

  /** Filters by a text and by nothing else. */
  applyAlone(text: string, words: string): void {
    this.applyBy(
      text,
      filter => {
        this.view.change({ ...this.view.state, filters: new Map([[KEY, filter]]) }, words);
      },
      () => {
        this.view.clearFilters(words);
      },
    );
  }

  private applyBy(text: string, set: (filter: ExpressionRows) => void, clear: () => void): void {
    if (text.trim() === '') {
      this.filter.clear();
      clear();
      return;
    }
    this.filter.apply(text, filter => {
      this.madeOf.set(filter, this.ingredients(filter));
      set(filter);
    });
  }

  private renew(): void {
    const { applied } = this;
    if (applied !== null) {
      this.filter.apply(applied.text, filter => {
        this.madeOf.set(filter, this.ingredients(filter));
        this.view.renewFilter(filter);
      });
    }
  }

  /** Whether columns or tags that the filter was made of are others now. */
  private isStale(): boolean {
    const { applied } = this;
    const before = applied === null ? undefined : this.madeOf.get(applied);
    return (
      applied !== null &&
      before !== undefined &&
      this.ingredients(applied).some((part, i) => part !== null && part !== before[i])
    );
  }

  private ingredients({ text }: ExpressionRows): readonly unknown[] {
    const columns = namesIn(parse(text)).map(name => this.view.dataset.table.column(name));
    return [this.view.state.tags, ...columns];
  }
}
