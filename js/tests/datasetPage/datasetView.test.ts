import { describe, expect, it } from 'vitest';
import { Bitset } from '../../src/store/dataset/bitset';
import { columnKey } from '../../src/store/dataset/filters';
import { DatasetView } from '../../src/store/dataset/view/datasetView';
import { MOST_OPEN } from '../../src/store/dataset/view/facets';
import { DatasetUnderTest } from '../support/dataset';

const COLUMNS = {
  id: { role: 'id', values: [10, 11, 12, 13, 14] },
  label: { role: 'label', values: ['cat', 'dog', 'cat', null, 'dog'] },
  score: { role: 'score', values: [5, NaN, 3, 4, 1] },
  x: { role: 'x', values: [0, 1, 2, 3, 4], response: 'dense' },
  y: { role: 'y', values: [4, 3, 2, 1, 0], response: 'dense' },
  note: { role: 'text', values: ['a', 'b', 'c', 'd', 'e'], text: true },
} as const;

function shown() {
  const under = new DatasetUnderTest(COLUMNS);
  const view = new DatasetView(under.dataset);
  const stop = view.attach(under.ask);
  under.arrive();
  return { under, view, stop };
}

function rows(bits: Bitset): number[] {
  return Array.from(bits.rows());
}

function only(...chosen: number[]): Bitset {
  return Bitset.ofRows(5, chosen);
}

describe('what is asked for', () => {
  it('is what is looked at: ids, the map, colours and open columns, each once', () => {
    const under = new DatasetUnderTest(COLUMNS);
    const view = new DatasetView(under.dataset);
    expect(under.asked).toEqual([]);
    view.attach(under.ask);
    expect([...under.asked].sort()).toEqual(['id', 'label', 'score', 'x', 'y']);
    view.setOpen('note', true);
    expect(under.asked).toContain('note');
    expect(new Set(under.asked).size).toBe(under.asked.length);
  });

  it('is nothing any more once no page shows it', () => {
    const { under, view, stop } = shown();
    stop();
    view.setOpen('note', true);
    expect(under.asked).toEqual([]);
  });
});

describe('filters and selection', () => {
  it('count what passes, a histogram without its own filter', () => {
    const { view } = shown();
    view.setFilter({ type: 'values', column: 'label', values: ['cat'] }, 'filter');
    expect(rows(view.passing.value)).toEqual([0, 2]);
    expect(Array.from(view.crossfilter.counts('label') ?? [])).toEqual([2, 2, 1]);
    view.setFilter({ type: 'range', column: 'score', low: 3.5, high: null }, 'filter');
    expect(rows(view.passing.value)).toEqual([0]);
    expect(Array.from(view.crossfilter.counts('label') ?? [])).toEqual([1, 0, 1]);
  });

  it('on a column that has not arrived take effect when it does', () => {
    const under = new DatasetUnderTest(COLUMNS);
    const view = new DatasetView(under.dataset);
    view.attach(under.ask);
    view.setFilter({ type: 'values', column: 'label', values: ['dog'] }, 'filter');
    expect(view.passing.value.count).toBe(5);
    under.arrive();
    expect(rows(view.passing.value)).toEqual([1, 4]);
  });

  it('select only what passes', () => {
    const { view } = shown();
    view.setFilter({ type: 'values', column: 'label', values: ['cat'] }, 'filter');
    view.select(only(1, 2), 'replace', 'lasso');
    expect(rows(view.selection)).toEqual([2]);
    view.invertSelection('invert');
    expect(rows(view.selection)).toEqual([0]);
  });

  it('are undone and redone one by one, with words; a gesture is one step', () => {
    const { view } = shown();
    view.select(only(3), 'replace', 'lasso');
    const gesture = Symbol();
    view.setFilter({ type: 'range', column: 'score', low: 4, high: null }, 'brush', gesture);
    view.setFilter({ type: 'range', column: 'score', low: 3, high: null }, 'brush', gesture);
    expect(rows(view.passing.value)).toEqual([0, 2, 3]);
    expect(view.undoes).toBe('brush');
    view.undo();
    expect(view.passing.value.count).toBe(5);
    expect(rows(view.selection)).toEqual([3]);
    view.undo();
    expect(view.selection.isEmpty).toBe(true);
    expect(view.undoes).toBeNull();
    view.redo();
    view.redo();
    expect(view.redoes).toBeNull();
    expect(rows(view.passing.value)).toEqual([0, 2, 3]);
  });

  it('of a column called as a key of ours do not get into its way', () => {
    const under = new DatasetUnderTest({ expression: { role: 'label', values: ['a', 'b'] } });
    const view = new DatasetView(under.dataset);
    view.attach(under.ask);
    under.arrive();
    view.setFilter({ type: 'values', column: 'expression', values: ['a'] }, 'filter');
    view.setFilter({ type: 'expression', text: 'true', rows: Bitset.all(2) }, 'filter');
    expect(view.state.filters.size).toBe(2);
    view.removeFilter(columnKey('expression'), 'remove');
    expect(view.passing.value.count).toBe(2);
  });
});

describe('the list', () => {
  it('has selected rows first, but does not move while it is ticked in itself', () => {
    const { view } = shown();
    view.select(only(3), 'replace', 'lasso');
    expect(Array.from(view.list.value.rows)).toEqual([3, 0, 1, 2, 4]);
    view.select(only(1), 'toggle', 'tick', true);
    expect(Array.from(view.list.value.rows)).toEqual([3, 0, 1, 2, 4]);
    expect(rows(view.selection)).toEqual([1, 3]);
    view.setSort({ column: 'score', descending: true });
    expect(Array.from(view.list.value.rows)).toEqual([3, 1, 0, 2, 4]);
  });

  it('begins with the order that the kernel recommends', () => {
    const under = new DatasetUnderTest(COLUMNS, { sort_by: 'score' });
    const view = new DatasetView(under.dataset);
    view.attach(under.ask);
    under.arrive();
    expect(Array.from(view.list.value.rows)).toEqual([4, 2, 3, 0, 1]);
  });
});

describe('while a run continues', () => {
  it('new columns come behind the others and sort nothing', () => {
    const { label, score, ...rest } = COLUMNS;
    const under = new DatasetUnderTest({ ...rest, score });
    const view = new DatasetView(under.dataset);
    view.attach(under.ask);
    under.arrive();
    expect(view.listed.value).toEqual(['score', 'note', 'x', 'y']);
    under.describe({ label, ...rest, score }, { sort_by: 'score' });
    expect(view.listed.value).toEqual(['score', 'note', 'x', 'y', 'label']);
    expect(view.open.value.has('label')).toBe(true);
    expect(view.sort.value.column).toBeNull();
  });

  it('a column whose values changed is asked for again, and its filter follows', () => {
    const { under, view } = shown();
    view.setFilter({ type: 'values', column: 'label', values: ['cat'] }, 'filter');
    under.describe({
      ...COLUMNS,
      label: { role: 'label', values: ['dog', 'cat', 'cat', 'cat', null], since: 2 },
    });
    under.arrive();
    expect(rows(view.passing.value)).toEqual([1, 2, 3]);
    expect(view.crossfilter.totals('label')?.at(-1)).toBe(1);
  });
});

describe('columns', () => {
  it('that are many are closed but for the first, and at most twenty can be open', () => {
    const many = Object.fromEntries(
      Array.from({ length: 80 }, (_, i) => [`c${i}`, { role: 'number', values: [i, 0] } as const]),
    );
    const under = new DatasetUnderTest(many);
    const view = new DatasetView(under.dataset);
    view.attach(under.ask);
    expect(under.asked).toHaveLength(8);
    for (const name of view.listed.value) {
      view.setOpen(name, true);
      under.arrive();
    }
    expect(view.open.value.size).toBe(MOST_OPEN);
    for (const name of view.listed.value) {
      view.setOpen(name, false);
    }
    view.setOpen('c70', true);
    under.arrive();
    expect(view.crossfilter.totals('c70')).not.toBeNull();
  });
});
