import { describe, expect, it } from 'vitest';
import { type GroupOrder, groupBy } from '../../src/store/dataset/groups';
import { categories, hardNumbers, numbers } from './samples';

const label = categories('label', ['cat', 'dog', 'cat', null, 'cat', 'dog']);
const split = categories('split', ['train', 'train', 'test', 'test', 'train', 'train']);
const score = Float32Array.of(5, 1, 9, NaN, 7, 2);
const rows = Uint32Array.of(5, 4, 3, 2, 1, 0);

const told = (order?: GroupOrder) =>
  groupBy([label, split], rows, score, order).groups.map(({ keys, rows: members, median }) => [
    keys.map(key => (key.type === 'word' ? key.word : key.type)).join(' '),
    [...members],
    median,
  ]);

describe('groups', () => {
  it('are the combinations that rows have, fewest first, in the order of the list inside', () => {
    expect(told()).toEqual([
      ['cat test', [2], 9],
      ['missing test', [3], NaN],
      ['cat train', [4, 0], 6],
      ['dog train', [5, 1], 1.5],
    ]);
  });

  it('that no row has are counted', () => {
    expect(groupBy([label, split], rows, null).empty).toBe(1);
    expect(groupBy([label], new Uint32Array(), null)).toEqual({ groups: [], empty: 2 });
  });

  it.each<[GroupOrder, string[]]>([
    ['most', ['cat train', 'dog train', 'cat test', 'missing test']],
    ['name', ['cat test', 'cat train', 'dog train', 'missing test']],
    ['rarest median', ['dog train', 'cat train', 'cat test', 'missing test']],
  ])('can be ordered by %s', (order, names) => {
    expect(told(order).map(([name]) => name)).toEqual(names);
  });

  it('of numbers are five parts of equal counts, with missing ones apart', () => {
    const values = Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, NaN);
    const { groups } = groupBy([numbers('n', values)], Uint32Array.from(values.keys()), null, 'name');
    expect(groups.map(({ rows: members }) => members.length)).toEqual([2, 2, 2, 2, 2, 1]);
    expect(groups[4]?.keys).toEqual([{ type: 'numbers', low: 8, high: 9, last: true }]);
    expect(groups[5]?.keys).toEqual([{ type: 'missing' }]);
  });

  it('of hard numbers lose no row', () => {
    const values = hardNumbers(300, 1);
    const { groups } = groupBy([numbers('n', values)], Uint32Array.from(values.keys()), null);
    expect(groups.flatMap(group => [...group.rows]).sort((a, b) => a - b)).toEqual([...values.keys()]);
  });

  it('of yes and no, media and text are by value', () => {
    const columns = [
      { name: 'b', role: 'number', kind: 'bool', values: Uint8Array.of(1, 255, 0) },
      { name: 'p', role: 'media', kind: 'media', values: Uint8Array.of(0, 1, 2) },
    ] as const;
    const names = columns.map(column =>
      groupBy([column], Uint32Array.of(0, 1, 2), null, 'name').groups.map(({ keys }) =>
        keys[0]?.type === 'word' ? keys[0].word : keys[0]?.type,
      ),
    );
    expect(names).toEqual([
      ['no', 'yes', 'missing'],
      ['broken', 'usable', 'missing'],
    ]);
  });

  it('of a column with as many values as rows are made in one pass', () => {
    const codes = Int32Array.from({ length: 20_000 }, (_, row) => row);
    const many = {
      name: 'm',
      role: 'label',
      kind: 'category',
      codes,
      dictionary: Array.from(codes, String),
    } as const;
    const { groups, empty } = groupBy([many, many], Uint32Array.from(codes), null);
    expect([groups.length, empty]).toEqual([20_000, 20_000 * 20_000 - 20_000]);
  });
});
