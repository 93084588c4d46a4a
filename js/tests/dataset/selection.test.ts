import { describe, expect, it } from 'vitest';
import { Bitset } from '../../src/store/dataset/bitset';
import { packTexts } from '../../src/store/dataset/texts';
import { historyOf, record, redo, replace, undo } from '../../src/store/dataset/history';
import { IdIndex } from '../../src/store/dataset/idIndex';
import { idsOf, invertWithin, select, selectIds } from '../../src/store/dataset/selection';
import { exclude, include, noTags, tag, tagsOf, untag } from '../../src/store/dataset/tags';
import { SEEDS, random } from './samples';

describe('a set of rows', () => {
  it.each([...SEEDS, 32, 33, 64])('does what a Set of numbers does, of %i rows', length => {
    const next = random(length);
    const draw = () => new Set(Array.from({ length }, (_, row) => row).filter(() => next() < 0.4));
    const [one, other] = [draw(), draw()];
    const [a, b] = [Bitset.ofRows(length, one), Bitset.ofRows(length, other)];
    const rows = (holds: (row: number) => boolean) => Array.from({ length }, (_, row) => row).filter(holds);
    expect([...a.rows()]).toEqual(rows(row => one.has(row)));
    expect([...a.union(b).rows()]).toEqual(rows(row => one.has(row) || other.has(row)));
    expect([...a.minus(b).rows()]).toEqual(rows(row => one.has(row) && !other.has(row)));
    expect([...a.intersection(b).rows()]).toEqual(rows(row => one.has(row) && other.has(row)));
    expect([...a.toggled(b).rows()]).toEqual(rows(row => one.has(row) !== other.has(row)));
    expect([...a.inverted().rows()]).toEqual(rows(row => !one.has(row)));
    expect(a.inverted().count).toBe(length - one.size);
    expect(Bitset.all(length).count).toBe(length);
    expect(Bitset.ofBytes(length, a.bytes()).equals(a)).toBe(true);
    expect(a.bytes()).toHaveLength(Math.ceil(length / 8));
  });

  it('is on the wire as NumPy packs it, little bits first', () => {
    expect([...Bitset.ofRows(10, [0, 3, 8]).bytes()]).toEqual([0b1001, 0b1]);
    expect([...Bitset.ofBytes(10, Uint8Array.of(0, 0xff)).rows()]).toEqual([8, 9]);
  });

  it('takes an eighth of a byte a row', () => {
    expect(Bitset.all(1_000_000).bytes()).toHaveLength(125_000);
  });

  it('refuses what was made for another table', () => {
    expect(() => Bitset.ofBytes(10, Uint8Array.of(1))).toThrow('Expected 2 bytes for 10 rows, got 1');
    expect(() => Bitset.all(3).union(Bitset.all(4))).toThrow('two tables');
    expect([...Bitset.ofRows(3, [-1, 7, 2]).rows()]).toEqual([2]);
  });
});

describe('a selection', () => {
  const [a, b] = [Bitset.ofRows(6, [0, 1]), Bitset.ofRows(6, [1, 2])];

  it.each([
    ['replace', [1, 2]],
    ['add', [0, 1, 2]],
    ['remove', [0]],
    ['toggle', [0, 2]],
  ] as const)('can %s rows', (mode, rows) => {
    expect([...select(a, b, mode).rows()]).toEqual(rows);
  });

  it('is inverted within what is shown', () => {
    expect([...invertWithin(a, Bitset.ofRows(6, [1, 2, 5])).rows()]).toEqual([2, 5]);
  });

  it('comes from ids and goes to ids', () => {
    const index = new IdIndex(3, { name: 'id', role: 'id', kind: 'text', texts: packTexts(['x', 'y', 'x']) });
    const { rows, unknown } = selectIds(['x', 'z'], index);
    expect([...rows.rows()]).toEqual([0, 2]);
    expect(unknown).toEqual(['z']);
    expect(idsOf(rows, index)).toEqual(['x', 'x']);
  });
});

describe('the history', () => {
  it('undoes and redoes, with the words of what was done', () => {
    let history = record(record(historyOf('a'), 'b', 'tag'), 'c', 'exclude');
    expect(history.past.at(-1)?.words).toBe('exclude');
    history = undo(history);
    expect([history.present, history.future[0]?.words]).toEqual(['b', 'exclude']);
    history = undo(undo(undo(history)));
    expect(history.present).toBe('a');
    expect(redo(redo(redo(history))).present).toBe('c');
  });

  it('forgets what was undone once something else is done', () => {
    const history = record(undo(record(historyOf('a'), 'b', 'tag')), 'c', 'exclude');
    expect(redo(history).present).toBe('c');
    expect(undo(history).present).toBe('a');
  });

  it('keeps 100 steps', () => {
    let history = historyOf(0);
    for (let step = 1; step <= 150; step++) {
      history = record(history, step, 'brush');
    }
    for (let step = 0; step < 200; step++) {
      history = undo(history);
    }
    expect(history.present).toBe(50);
  });

  it('takes a gesture as one step, and nothing as none', () => {
    const begun = record(historyOf('a'), 'b', 'brush');
    expect(undo(replace(replace(begun, 'c'), 'd')).present).toBe('a');
    expect(record(begun, 'b', 'brush')).toBe(begun);
  });
});

describe('tags', () => {
  const rows = Bitset.ofRows(4, [1, 2]);

  it('are added and removed without changing what was there', () => {
    const before = tag(noTags(4), ' night ', rows);
    const after = untag(tag(before, 'check', rows), 'night', Bitset.ofRows(4, [1]));
    expect(tagsOf(before, 1)).toEqual(['night']);
    expect([tagsOf(after, 1), tagsOf(after, 2), tagsOf(after, 0)]).toEqual([
      ['check'],
      ['night', 'check'],
      [],
    ]);
    expect([...untag(before, 'night', rows).byName.keys()]).toEqual([]);
    expect(untag(before, 'unknown', rows)).toBe(before);
  });

  it('may have any name that people can read', () => {
    expect(tagsOf(tag(noTags(4), '__proto__', rows), 1)).toEqual(['__proto__']);
    expect(() => tag(noTags(4), '  ', rows)).toThrow('Expected a tag of 1 to 200 characters, got 0.');
  });

  it('exclude samples, and include them again', () => {
    const excluded = exclude(noTags(4), rows);
    expect(excluded.excluded.count).toBe(2);
    expect(include(excluded, Bitset.ofRows(4, [1])).excluded.count).toBe(1);
  });
});
