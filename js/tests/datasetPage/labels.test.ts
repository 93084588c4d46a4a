import { describe, expect, it } from 'vitest';
import { Bitset } from '../../src/store/dataset/bitset';
import { comparable, confusion, rowsOfPair, suspicionsOf } from '../../src/store/dataset/view/confusion';
import { DatasetView } from '../../src/store/dataset/view/datasetView';
import { DatasetUnderTest } from '../support/dataset';

const COLUMNS = {
  label: { role: 'label', values: ['cat', 'dog', 'cat', null, 'dog', 'cow'] },
  predicted: { role: 'text', values: ['cat', 'cat', 'dog', 'cat', 'dog', null] },
  'likelier than label by dense': { role: 'score', values: [0.5, 3, 2, 1, 0, 1], response: 'dense' },
  'suggested label by dense': {
    role: 'text',
    values: ['dog', 'cat', 'dog', 'cat', 'cat', 'dog'],
    response: 'dense',
  },
} as const;

function categories() {
  const under = new DatasetUnderTest(COLUMNS);
  const view = new DatasetView(under.dataset);
  view.attach(under.ask);
  view.need(Object.keys(COLUMNS));
  under.arrive();
  const of = (name: string) => {
    const column = view.column(name);
    if (column?.kind !== 'category') {
      throw new Error(name);
    }
    return column;
  };
  return { view, label: of('label'), predicted: of('predicted') };
}

describe('a confusion matrix', () => {
  it('counts the pairs of rows that pass and have both', () => {
    const { label, predicted } = categories();
    expect(confusion(label, predicted, Bitset.all(6), 10)).toEqual({
      words: ['cat', 'dog'],
      counts: [
        [1, 1],
        [1, 1],
      ],
      agreeing: 2,
      total: 4,
      left: 0,
    });
    expect(confusion(label, predicted, Bitset.ofRows(6, [0, 1]), 10).counts).toEqual([
      [1, 0],
      [1, 0],
    ]);
  });

  it('has lines of the most frequent words and says how many have none', () => {
    const { label, predicted } = categories();
    expect(confusion(label, predicted, Bitset.ofRows(6, [0, 2, 4]), 1)).toMatchObject({
      words: ['cat'],
      left: 1,
    });
  });

  it('names the rows of a cell', () => {
    const { label, predicted } = categories();
    expect(Array.from(rowsOfPair(label, 'dog', predicted, 'cat').rows())).toEqual([1]);
    expect(Array.from(rowsOfPair(label, 'cat', predicted, 'dog').rows())).toEqual([2]);
  });
});

describe('columns of labels', () => {
  it('are told by their names and roles', () => {
    const { view } = categories();
    expect(suspicionsOf(view.dataset.columns)).toEqual([
      { label: 'label', score: 'likelier than label by dense', suggested: 'suggested label by dense' },
    ]);
    expect(comparable(view.dataset.columns)).toEqual(['predicted', 'suggested label by dense']);
  });
});
