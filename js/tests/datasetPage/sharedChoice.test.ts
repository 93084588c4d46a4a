import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Bitset } from '../../src/store/dataset/bitset';
import { filterText } from '../../src/store/dataset/expression/filterText';
import { tagKey } from '../../src/store/dataset/filters';
import { tagged } from '../../src/store/dataset/tags';
import { DatasetView } from '../../src/store/dataset/view/datasetView';
import { SharedChoice } from '../../src/store/dataset/view/sharedChoice';
import { excludeSelected, includeSelected, tagSelected } from '../../src/store/dataset/view/tagging';
import { DatasetUnderTest } from '../support/dataset';
import { incoming } from '../support/fixtures';

const COLUMNS = {
  id: { role: 'id', values: [10, 11, 12, 13] },
  label: { role: 'label', values: ['cat', 'do"g', 'cat', null] },
  score: { role: 'score', values: [5, NaN, 3, 4] },
} as const;

function only(...rows: number[]): Bitset {
  return Bitset.ofRows(4, rows);
}

function bits(text: string | null | undefined): number[] {
  const bytes = Uint8Array.from(atob(text ?? ''), letter => letter.charCodeAt(0));
  return Array.from(Bitset.ofBytes(4, bytes).rows());
}

function shared() {
  const under = new DatasetUnderTest(COLUMNS);
  const view = new DatasetView(under.dataset);
  view.attach(under.ask);
  under.arrive();
  const choice = new SharedChoice(view);
  const tell = vi.fn<Parameters<SharedChoice['attach']>[1]>();
  choice.attach('report', tell);
  return { under, view, choice, tell };
}

/** What Python has chosen, as the fixture has it. */
function fromPython(fields: Record<string, unknown> = {}) {
  const message = incoming('sample_choice', fields);
  if (message.kind !== 'sample_choice') {
    throw new Error('no choice');
  }
  return message;
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('what the user chooses', () => {
  it('is told once it rests, and only what has changed', () => {
    const { view, tell } = shared();
    vi.advanceTimersByTime(1000);
    expect(tell).not.toHaveBeenCalled();
    const gesture = Symbol();
    for (const low of [1, 2, 3.5]) {
      view.setFilter({ type: 'range', column: 'score', low, high: null }, 'brush', gesture);
      vi.advanceTimersByTime(50);
    }
    expect(tell).not.toHaveBeenCalled();
    vi.advanceTimersByTime(200);
    expect(tell).toHaveBeenCalledOnce();
    expect(tell.mock.calls[0]?.[0]).toEqual({
      kind: 'choose',
      introspector: 'report',
      rows: 4,
      selected: null,
      excluded: null,
      tags: null,
      filter: 'score >= 3.5',
      group_by: null,
    });
    view.select(only(0, 3), 'replace', 'lasso');
    vi.advanceTimersByTime(200);
    expect(bits(tell.mock.calls[1]?.[0].selected)).toEqual([0, 3]);
    expect(tell.mock.calls[1]?.[0].filter).toBeNull();
  });

  it('is told at once before something is asked about it', () => {
    const { view, choice, tell } = shared();
    view.select(only(2), 'replace', 'lasso');
    choice.flush('report', tell);
    expect(bits(tell.mock.calls[0]?.[0].selected)).toEqual([2]);
    vi.advanceTimersByTime(200);
    expect(tell).toHaveBeenCalledOnce();
  });
});

describe('what Python chooses', () => {
  it('is taken in as a step that undo takes back, and is not told back', () => {
    const { under, view, tell } = shared();
    under.dataset.hear(fromPython({ filter: '' }));
    expect(Array.from(view.selection.rows())).toEqual([0, 1]);
    expect(Array.from(view.state.tags.excluded.rows())).toEqual([3]);
    expect(Array.from(tagged(view.state.tags, '<b>night</b>').rows())).toEqual([0]);
    expect(view.state.groupBy).toEqual(['label']);
    vi.advanceTimersByTime(1000);
    expect(tell).not.toHaveBeenCalled();
    view.undo();
    expect(view.selection.isEmpty).toBe(true);
    vi.advanceTimersByTime(200);
    expect(bits(tell.mock.calls[0]?.[0].selected)).toEqual([]);
  });

  it('filters by its expression and by nothing else', async () => {
    const { under, view, tell } = shared();
    view.setFilter({ type: 'range', column: 'score', low: 4, high: null }, 'brush');
    vi.advanceTimersByTime(200);
    under.dataset.hear(fromPython({ filter: 'label == "cat"' }));
    await vi.waitFor(() => {
      expect(Array.from(view.passing.value.rows())).toEqual([0, 2]);
    });
    vi.advanceTimersByTime(1000);
    expect(tell).toHaveBeenCalledOnce();
    expect(view.state.filters.size).toBe(1);
  });

  it('is ignored where it is about another table', () => {
    const { under, view } = shared();
    under.dataset.hear({ ...fromPython(), rows: 5 });
    expect(view.selection.isEmpty).toBe(true);
  });
});

describe('filters as one expression', () => {
  const about = (name: string) =>
    name === 'twins'
      ? ({ role: 'set', kind: 'int' } as const)
      : ({ role: 'text', kind: 'category' } as const);

  it.each([
    [[], ''],
    [[{ type: 'range', column: 'a b', low: null, high: 2 }], '`a b` <= 2'],
    [[{ type: 'range', column: 'twins', low: 0, high: null }], 'twins'],
    [[{ type: 'values', column: 'label', values: ['do"g\n'] }], 'label == "do\\"g\\n"'],
    [
      [
        { type: 'values', column: 'label', values: ['cat', 'dog', null] },
        { type: 'tag', tag: 'excluded', has: false },
        { type: 'rows', name: 'lasso', rows: only(1) },
      ],
      '(label in ("cat", "dog") or label is missing) and not tagged("excluded")',
    ],
  ] as const)('%j', (filters, expected) => {
    expect(filterText(filters, about)).toBe(expected);
  });

  it('hold for the same rows as the filters themselves', async () => {
    vi.useRealTimers();
    const { view } = shared();
    view.setFilter({ type: 'values', column: 'label', values: ['do"g', null] }, 'filter');
    const passing = Array.from(view.passing.value.rows());
    const text = filterText(view.state.filters.values(), name => view.dataset.table.spec(name));
    view.expression.applyAlone(text, 'python');
    await vi.waitFor(() => {
      expect(view.expression.applied?.text).toBe(text);
    });
    expect(Array.from(view.passing.value.rows())).toEqual(passing);
  });
});

describe('tags and exclusion', () => {
  it('mark samples and take marks away where all have them', () => {
    const { view } = shared();
    view.select(only(0, 1), 'replace', 'lasso');
    view.change(tagSelected(view.state, ' night '), 'tag');
    view.select(only(1, 2), 'replace', 'lasso');
    view.change(tagSelected(view.state, 'night'), 'tag');
    expect(Array.from(tagged(view.state.tags, 'night').rows())).toEqual([0, 1, 2]);
    view.change(tagSelected(view.state, 'night'), 'untag');
    expect(Array.from(tagged(view.state.tags, 'night').rows())).toEqual([0]);
    view.undo();
    expect(tagged(view.state.tags, 'night').count).toBe(3);
  });

  it('excluded samples are hidden by a filter that can be removed; nothing is deleted', () => {
    const { view } = shared();
    view.select(only(0, 3), 'replace', 'lasso');
    view.change(excludeSelected(view.state), 'exclude');
    expect(Array.from(view.passing.value.rows())).toEqual([1, 2]);
    expect(view.selection.isEmpty).toBe(true);
    view.setFilter({ type: 'tag', tag: 'excluded', has: true }, 'show them');
    expect(Array.from(view.passing.value.rows())).toEqual([0, 3]);
    view.select(only(0), 'replace', 'click');
    view.change(includeSelected(view.state), 'include');
    expect(Array.from(view.passing.value.rows())).toEqual([3]);
    view.removeFilter(tagKey('excluded'), 'remove');
    expect(view.passing.value.count).toBe(4);
    view.undo();
    view.undo();
    view.undo();
    view.undo();
    view.undo();
    expect(view.state.tags.excluded.isEmpty).toBe(true);
    expect(view.passing.value.count).toBe(4);
  });
});
