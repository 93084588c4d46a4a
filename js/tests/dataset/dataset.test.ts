import { describe, expect, it } from 'vitest';
import type { ColumnRequest } from '../../src/protocol/client';
import { decode } from '../../src/protocol/decode';
import { ProtocolError } from '../../src/protocol/fields';
import { valueAt } from '../../src/store/dataset/columns';
import { Datasets } from '../../src/store/dataset/datasets';
import { Store } from '../../src/store/kernel/store';
import { FakeClock } from '../support/clock';
import { altered, arrow, buffersOf, incoming, json } from '../support/fixtures';

/** The dataset of the golden messages, and what it asks the kernel for. */
function described() {
  const datasets = new Datasets();
  datasets.take(incoming('samples'));
  const dataset = datasets.of('r1', 'report')!;
  const asked: ColumnRequest[] = [];
  const need = (...names: string[]) => {
    dataset.need(names, request => asked.push(request));
  };
  return { datasets, dataset, asked, need };
}

function labels(dataset: ReturnType<typeof described>['dataset']): unknown {
  const column = dataset.column('label');
  return column && [0, 1, 2, 3].map(row => valueAt(column, row));
}

describe('the messages', () => {
  it('describe columns with roles, and bring values with their dictionary', () => {
    const message = incoming('samples');
    expect(message.kind === 'samples' && message.columns[3]).toEqual({
      name: 'projection_dense_x',
      role: 'x',
      type: 'float',
      title: 'projection x',
      response: 'dense',
      since: 3,
    });
    const chunk = incoming('sample_chunk');
    expect(chunk.kind === 'sample_chunk' && chunk.values).toEqual({
      type: 'codes',
      codes: Int32Array.of(1, 0, -1, 1),
      dictionary: ['cat', '<b>dog</b>'],
    });
  });

  it.each([
    ['columns of one name', 'samples', { columns: [column('a'), column('a')] }, /different names, got a, a/],
    ['an unknown role', 'samples', { columns: [{ ...column('a'), role: 'pixel' }] }, /role: expected one of/],
    ['fewer values than it says', 'sample_chunk', { rows: 5 }, /expected 5 values, got 4/],
    ['one buffer too many', 'sample_chunk', { type: 'int' }, /expected 1 Arrow buffers, got 2/],
  ])('with %s are refused', (_, name, fields, problem) => {
    expect(() => decode(altered(name, fields), buffersOf(name))).toThrow(problem);
  });

  it('without their buffers are refused', () => {
    expect(() => decode(json('sample_chunk'), [])).toThrow(ProtocolError);
    const cut = arrow('sample_chunk_value').slice(0, 40);
    expect(() => decode(json('sample_chunk'), [cut, arrow('sample_chunk_word')])).toThrow(/not an Arrow/);
  });
});

function column(name: string): object {
  return { name, role: 'score', type: 'float', title: name, response: null, since: 1 };
}

describe('a dataset', () => {
  it('asks for a column once, when a view first needs it', () => {
    const { dataset, asked, need } = described();
    expect(asked).toEqual([]);
    need('label', 'no such column');
    need('label');
    expect(asked).toEqual([{ introspector: 'report', column: 'label', since: 1, start: 0 }]);
    expect(labels(dataset)).toBeNull();
  });

  it('has the values once they are there, and asks for no more', () => {
    const { datasets, dataset, asked, need } = described();
    need('label');
    datasets.take(incoming('sample_chunk'));
    expect(labels(dataset)).toEqual(['<b>dog</b>', 'cat', null, '<b>dog</b>']);
    expect(asked).toHaveLength(1);
  });

  it('asks for the rest of a column chunk by chunk, and again for one that was lost', () => {
    const { datasets, dataset, asked, need } = described();
    const chunk = incoming('sample_chunk');
    if (chunk.kind !== 'sample_chunk' || chunk.values.type !== 'codes') {
      throw new Error('not a chunk of codes');
    }
    const part = (start: number, rows: number, codes: readonly number[]) => {
      datasets.take({
        ...chunk,
        start,
        rows,
        values: { ...chunk.values, type: 'codes', codes: Int32Array.from(codes), dictionary: ['cat', 'dog'] },
      });
    };
    need('label');
    part(0, 1, [0]);
    part(2, 2, [0, 1]); // the one before was lost
    part(1, 2, [1, 1]);
    part(0, 1, [1]); // came twice
    part(3, 1, [0]);
    expect(asked.map(({ start }) => start)).toEqual([0, 1, 1, 3]);
    expect(labels(dataset)).toEqual(['cat', 'dog', 'dog', 'cat']);
  });

  it('ignores values of an older version, and nobody', () => {
    const { datasets, dataset, need } = described();
    need('label');
    datasets.take(incoming('sample_chunk', { since: 0 }));
    datasets.take(incoming('sample_chunk', { introspector: 'other' }));
    datasets.take(incoming('sample_chunk', { start: 1 }));
    expect(labels(dataset)).toBeNull();
  });

  it('keeps the values of columns that a new version did not change', () => {
    const { datasets, dataset, need } = described();
    need('label');
    datasets.take(incoming('sample_chunk'));
    datasets.take(incoming('samples', { version: 4 }));
    expect(labels(dataset)).not.toBeNull();
    datasets.take(
      incoming('samples', {
        version: 5,
        columns: [{ ...column('label'), role: 'label', type: 'category', since: 5 }],
      }),
    );
    expect(datasets.of('r1', 'report')).toBe(dataset);
    expect(labels(dataset)).toBeNull();
    expect(dataset.table.specs.map(({ name }) => name)).toEqual(['label']);
  });

  it('goes on where it was after a resync', () => {
    const { datasets, asked, need } = described();
    need('label');
    datasets.take(incoming('samples'));
    expect(asked).toEqual([asked[0], asked[0]]);
  });

  it('begins anew when there are other samples', () => {
    const { datasets, dataset } = described();
    datasets.take(incoming('samples', { rows: 9 }));
    expect(datasets.of('r1', 'report')).not.toBe(dataset);
  });

  it('says that a sample is in no set by a missing value', () => {
    const { datasets, dataset, need } = described();
    need('duplicates_dense');
    const chunk = incoming('sample_chunk');
    if (chunk.kind === 'sample_chunk') {
      const values = { type: 'numbers', values: Int32Array.of(-1, 0, 0, -1) } as const;
      datasets.take({ ...chunk, column: 'duplicates_dense', type: 'int', since: 2, values });
    }
    const sets = dataset.column('duplicates_dense')!;
    expect([0, 1, 2, 3].map(row => valueAt(sets, row))).toEqual([null, 0, 0, null]);
  });
});

describe('the store', () => {
  it('takes descriptions with the next paint and values at once', () => {
    const clock = new FakeClock();
    const store = new Store(clock);
    store.take(incoming('samples'), () => undefined);
    clock.advance(250);
    expect(store.run('r1')?.samples.get('report')?.version).toBe(3);
    const dataset = store.datasets.of('r1', 'report')!;
    dataset.need(['label'], () => undefined);
    store.take(incoming('sample_chunk'), () => undefined);
    expect(labels(dataset)).toEqual(['<b>dog</b>', 'cat', null, '<b>dog</b>']);
  });
});
