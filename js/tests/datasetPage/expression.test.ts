import { describe, expect, it } from 'vitest';
import { DatasetView } from '../../src/store/dataset/view/datasetView';
import { DatasetUnderTest } from '../support/dataset';

const COLUMNS = {
  label: { role: 'label', values: ['cat', 'dog', 'cat', null, 'dog'] },
  score: { role: 'score', values: [5, NaN, 3, 4, 1] },
  note: { role: 'text', values: ['aa', 'b', 'ba', 'd', 'e'], text: true },
} as const;

function shown() {
  const under = new DatasetUnderTest(COLUMNS);
  const view = new DatasetView(under.dataset);
  view.attach(under.ask);
  under.arrive();
  return { under, view };
}

/** Evaluation is asynchronous, as texts are searched in a worker. */
async function settled(): Promise<void> {
  await new Promise(resolve => setTimeout(resolve));
}

async function apply(view: DatasetView, text: string): Promise<number[]> {
  view.expression.apply(text, 'filter');
  await settled();
  return Array.from(view.passing.value.rows());
}

describe('an expression', () => {
  it('filters the rows for which it holds, and none when it is empty', async () => {
    const { view } = shown();
    expect(await apply(view, 'score > 2 and label == "cat"')).toEqual([0, 2]);
    expect(view.expression.outcome.value).toEqual({ type: 'applied' });
    expect(await apply(view, ' ')).toEqual([0, 1, 2, 3, 4]);
  });

  it('that is wrong says where, and the one before stays in force', async () => {
    const { view } = shown();
    await apply(view, 'score > 3');
    expect(await apply(view, 'scor > 3')).toEqual([0, 3]);
    const outcome = view.expression.outcome.value;
    expect(outcome).toMatchObject({ type: 'error', start: 0, end: 4 });
    expect(outcome?.type === 'error' && outcome.message).toContain('Did you mean `score`?');
    expect(view.expression.applied?.text).toBe('score > 3');
  });

  it('over a column that is not here asks for it, waits, and then filters', async () => {
    const { under, view } = shown();
    expect(await apply(view, 'note contains "a"')).toHaveLength(5);
    expect(view.expression.outcome.value).toEqual({ type: 'waiting', columns: ['note'] });
    expect(under.asked).toEqual(['note']);
    under.arrive();
    await settled();
    expect(Array.from(view.passing.value.rows())).toEqual([0, 2]);
  });

  it('gives way to one that is written later', async () => {
    const { under, view } = shown();
    view.expression.apply('note contains "a"', 'filter');
    expect(await apply(view, 'score > 4')).toEqual([0]);
    under.arrive();
    await settled();
    expect(view.expression.applied?.text).toBe('score > 4');
  });

  it('comes back into the field by undo, and leaves what is typed alone otherwise', async () => {
    const { view } = shown();
    await apply(view, 'score > 3');
    await apply(view, 'score > 4');
    view.undo();
    expect(view.expression.text.value).toBe('score > 3');
    view.expression.text.value = 'score >';
    view.invertSelection('invert');
    expect(view.expression.text.value).toBe('score >');
  });

  it('is evaluated again when a column changes, without a step to undo', async () => {
    const { under, view } = shown();
    await apply(view, 'score > 3');
    under.describe({ ...COLUMNS, score: { role: 'score', values: [0, 9, 0, 0, 9], since: 2 } });
    under.arrive();
    await settled();
    expect(Array.from(view.passing.value.rows())).toEqual([1, 4]);
    view.undo();
    expect(view.passing.value.count).toBe(5);
    expect(view.undoes).toBeNull();
  });
});
