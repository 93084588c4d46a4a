import { describe, expect, it } from 'vitest';
import { type Column, valueAt } from '../../src/store/dataset/columns';
import { IdIndex } from '../../src/store/dataset/idIndex';
import { SampleTable } from '../../src/store/dataset/sampleTable';
import { packTexts } from '../../src/store/dataset/texts';

const table = () =>
  new SampleTable(4, [
    { name: 'label', role: 'label', kind: 'category' },
    { name: 'text', role: 'text', kind: 'text' },
    { name: 'score', role: 'score', kind: 'float' },
    { name: 'stars', role: 'number', kind: 'int' },
    { name: 'seen', role: 'number', kind: 'bool' },
  ]);

function values(samples: SampleTable, name: string): unknown[] {
  const column = samples.column(name);
  return column === null ? [] : [0, 1, 2, 3].map(row => valueAt(column, row));
}

describe('a column', () => {
  it('is absent, loading and present, and tells who listens', () => {
    const samples = table();
    const told: string[] = [];
    const end = samples.subscribe(name =>
      told.push(`${name} ${samples.state(name)} ${samples.progress(name)}`),
    );
    expect(samples.state('score')).toBe('absent');
    expect(samples.request('score')).toBe(true);
    expect(samples.request('score')).toBe(false);
    samples.write('score', 0, { type: 'numbers', values: Float32Array.of(1, NaN) });
    expect(samples.column('score')).toBeNull();
    samples.write('score', 2, { type: 'numbers', values: Float32Array.of(3, 4) });
    end();
    samples.forget('score');
    expect(told).toEqual(['score loading 0', 'score loading 0.5', 'score present 1']);
    expect(samples.state('score')).toBe('absent');
  });

  it('joins the dictionaries of its chunks and grows its codes', () => {
    const samples = new SampleTable(300, [{ name: 'label', role: 'label', kind: 'category' }]);
    samples.request('label');
    samples.write('label', 0, { type: 'codes', codes: Int32Array.of(1, 0, -1), dictionary: ['dog', 'cat'] });
    const words = Array.from({ length: 297 }, (_, index) => (index === 0 ? 'cat' : `w${index}`));
    samples.write('label', 3, { type: 'codes', codes: Uint16Array.from(words.keys()), dictionary: words });
    const column = samples.column('label')!;
    expect([0, 1, 2, 3, 4, 299].map(row => valueAt(column, row))).toEqual([
      'cat',
      'dog',
      null,
      'cat',
      'w1',
      'w296',
    ]);
    expect(column.kind === 'category' && column.codes).toBeInstanceOf(Int16Array);
  });

  it('of text keeps empty, missing, long and right-to-left ones', () => {
    const samples = table();
    samples.request('text');
    samples.write('text', 0, { type: 'texts', texts: ['', null] });
    samples.write('text', 2, { type: 'texts', texts: ['שלום 😀', 'x'.repeat(100_000)] });
    expect(values(samples, 'text')).toEqual(['', null, 'שלום 😀', 'x'.repeat(100_000)]);
  });

  it('of integers becomes one of floats when a later chunk has a missing value', () => {
    const samples = table();
    samples.request('stars');
    samples.write('stars', 0, { type: 'numbers', values: Int32Array.of(2 ** 30, 5) });
    samples.write('stars', 2, { type: 'numbers', values: Float64Array.of(NaN, 1) });
    expect(values(samples, 'stars')).toEqual([2 ** 30, 5, null, 1]);
  });

  it('of yes and no reads what is neither as missing', () => {
    const samples = table();
    samples.request('seen');
    samples.write('seen', 0, { type: 'numbers', values: Float32Array.of(0, 1, NaN, 9) });
    expect(values(samples, 'seen')).toEqual([false, true, null, null]);
  });

  it('ignores chunks that it has, or that nobody requested, and refuses a gap', () => {
    const samples = table();
    const chunk = { type: 'numbers', values: Float32Array.of(1, 2) } as const;
    samples.write('score', 0, chunk);
    samples.request('score');
    samples.write('score', 0, chunk);
    samples.write('score', 0, chunk);
    expect(samples.progress('score')).toBe(0.5);
    expect(() => {
      samples.write('score', 3, chunk);
    }).toThrow("Column 'score': expected a chunk from row 2 to at most 4, got rows 3 to 5.");
    expect(() => {
      samples.write('score', 2, { type: 'texts', texts: ['a', 'b'] });
    }).toThrow('expected a chunk of numbers, got texts');
  });

  it('of no rows is there as soon as it is requested', () => {
    const samples = new SampleTable(0, [{ name: 'label', role: 'label', kind: 'category' }]);
    expect(samples.request('label')).toBe(false);
    expect(samples.state('label')).toBe('present');
  });

  it('has a name of its own, whatever the name', () => {
    const specs = [{ name: '__proto__', role: 'number', kind: 'float' }] as const;
    expect(new SampleTable(1, specs).state('__proto__')).toBe('absent');
    expect(new SampleTable(1, specs).state('constructor')).toBe('absent');
    expect(() => new SampleTable(1, [...specs, ...specs])).toThrow("two columns '__proto__'");
    expect(() => new SampleTable(1, specs).request('b')).toThrow("Unknown column 'b'. Columns: __proto__.");
  });
});

describe('ids', () => {
  const ids = (...texts: (string | null)[]): Column => ({
    name: 'id',
    role: 'id',
    kind: 'text',
    texts: packTexts(texts),
  });

  it('find their rows, all of them where an id is repeated', () => {
    const index = new IdIndex(5, ids('a', 'b', 'a', null, 'a'));
    expect(index.rowsOf('a')).toEqual([0, 2, 4]);
    expect(index.rowsOf('c')).toEqual([]);
    expect(index.repeated).toBe(2);
    expect(index.idOf(1)).toBe('b');
  });

  it('are row numbers where the table has none', () => {
    const index = new IdIndex(3, null);
    expect([index.rowsOf('2'), index.rowsOf('3'), index.rowsOf('02'), index.rowsOf('x')]).toEqual([
      [2],
      [],
      [],
      [],
    ]);
    expect(index.idOf(2)).toBe('2');
  });

  it('may be numbers', () => {
    const index = new IdIndex(2, {
      name: 'id',
      role: 'id',
      kind: 'int',
      values: Float64Array.of(2 ** 40, 7),
    });
    expect(index.rowsOf(String(2 ** 40))).toEqual([0]);
  });

  it('are all found among many', () => {
    const all = Array.from({ length: 5000 }, (_, row) => `train/${row}.png`);
    const index = new IdIndex(all.length, ids(...all));
    expect(all.every((id, row) => index.rowsOf(id)[0] === row)).toBe(true);
  });
});
