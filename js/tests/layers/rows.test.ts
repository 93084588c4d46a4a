import { describe, expect, it } from 'vitest';
import { columnsOf } from '../../src/store/layers/columns';
import { absence, layerState } from '../../src/store/layers/layerState';
import { reduce } from '../../src/store/kernel/reduce';
import { type Cells, type LayerRow, type PfaCells, hasDead, rowsOf } from '../../src/store/layers/rows';
import { EMPTY, type RunRecord } from '../../src/store/kernel/state';
import { incoming } from '../support/fixtures';

function recordAfter(...names: (string | readonly [string, Record<string, unknown>])[]): RunRecord {
  const state = names
    .map(name => (typeof name === 'string' ? incoming(name) : incoming(...name)))
    .reduce(reduce, EMPTY);
  const record = state.runs.get('r1');
  if (record === undefined) {
    throw new Error('no run r1');
  }
  return record;
}

const ALL = ['run', 'layers', 'iua', 'pfa'] as const;

describe('rows', () => {
  it('join layers and snapshots by layer name, in network order', () => {
    const [first, second] = rowsOf(recordAfter(...ALL));
    expect(first).toMatchObject({ name: 'conv_1', units: 16, info: { type: 'Conv2D' } });
    expect(second?.cells.get('iua')).toMatchObject({ mean: 0.506, dead: 3, samples: 8448 });
    expect(second?.cells.get('pfa')).toMatchObject({ keep: 7, kl: 1.43, state: 'ok' });
  });

  it('are there before any data', () => {
    expect(rowsOf(recordAfter('run', 'layers')).map(({ name, cells }) => [name, cells.size])).toEqual([
      ['conv_1', 0],
      ['block/relu_1', 0],
      ['flatten', 0],
      ['dense', 0],
    ]);
  });

  it('come from the snapshot when the layers are not known', () => {
    const rows = rowsOf(recordAfter('run', 'iua'));
    expect(rows.map(({ name }) => name)).toEqual(['conv_1', 'block/relu_1', 'flatten', 'dense']);
    expect(rows[0]).toMatchObject({ info: null, units: 16 });
  });

  it('keep what is absent as null', () => {
    expect(rowsOf(recordAfter(...ALL))[2]?.cells.get('pfa')).toMatchObject({ keep: null, kl: NaN });
  });
});

describe('columns', () => {
  const iua = { name: 'iua', analysis: 'iua' } as const;
  const pfa = { name: 'pfa', analysis: 'pfa' } as const;

  it('are those of the introspectors in the run', () => {
    expect(columnsOf([iua]).map(({ id }) => id)).toEqual([
      'layer',
      'kind',
      'units',
      'iua.mean',
      'iua.dead',
      'iua.strip',
      'state',
    ]);
    expect(columnsOf([pfa, iua]).map(({ field }) => field)).toEqual([
      'layer',
      'kind',
      'units',
      'mean',
      'dead',
      'strip',
      'keep',
      'kl',
      'energy',
      'state',
    ]);
  });

  it('are there for each of two introspectors of a kind', () => {
    const ids = columnsOf([iua, { name: 'strict', analysis: 'iua' }]).map(({ id }) => id);
    expect(ids.filter(id => id.endsWith('.dead'))).toEqual(['iua.dead', 'strict.dead']);
  });
});

describe('state of a layer', () => {
  const stateAt = (index: number, record: RunRecord, link: 'live' | 'disconnected' = 'live') => {
    const row = rowsOf(record)[index];
    if (row === undefined) {
      throw new Error('no such row');
    }
    return layerState(row, record, link);
  };
  const running = (fields: Record<string, unknown>) => recordAfter(['run', fields], 'layers', 'iua', 'pfa');

  it.each([
    ['running', 'streaming', 'live'],
    ['cancelling', 'streaming', 'live'],
    ['done', 'complete', 'ok'],
    ['cancelled', 'stopped', 'off'],
    ['failed', 'stopped', 'off'],
  ])('in a run that is %s is %s', (status, word, tone) => {
    expect(stateAt(0, running({ status }))).toMatchObject({ word, tone, note: '' });
  });

  it('waits before the first batch', () => {
    expect(stateAt(0, recordAfter(['run', { batches: 0 }], 'layers'))).toMatchObject({ word: 'waiting' });
  });

  it('is stable only when all its numbers are there', () => {
    const record = running({ total_samples: null });
    const row = (kl: number): LayerRow => {
      const cells = rowsOf(record)[1]?.cells ?? new Map<string, Cells>();
      const iua = cells.get('iua');
      const pfa = cells.get('pfa');
      if (iua?.analysis !== 'iua' || pfa?.analysis !== 'pfa') {
        throw new Error('no such cells');
      }
      const found: [string, Cells][] = [
        ['iua', { ...iua, stableSince: 1024 }],
        ['pfa', { ...pfa, stableSince: 1024, kl }],
      ];
      return { name: 'a', info: null, units: 16, cells: new Map(found) };
    };
    expect(layerState(row(1.4), record, 'live')).toMatchObject({
      word: 'stable',
      note: 'Stable since sample 1,024.',
    });
    expect(layerState(row(NaN), record, 'live')).toMatchObject({ word: 'streaming', note: '' });
  });

  it('says how far it came when the kernel is gone', () => {
    expect(stateAt(0, running({}), 'disconnected')).toMatchObject({ word: 'at batch 132', tone: 'off' });
  });

  it('carries the notes of its introspectors', () => {
    expect(stateAt(3, running({})).note).toBe(
      'All values are below 1e-6: check the scale or `atol`. 2 samples left out: NaN, infinite or above 3.4e+38.',
    );
  });

  it('of values near the tolerance is a warning, and no unit of it counts as dead', () => {
    expect(stateAt(3, running({ status: 'done' }))).toMatchObject({ word: 'tiny values', tone: 'warn' });
    const rows = rowsOf(recordAfter(...ALL));
    expect(rows.map(hasDead)).toEqual([false, true, true, false]);
    expect(rows[3]?.cells.get('iua')).toMatchObject({ mean: 1, dead: null });
  });

  it('warns of few samples only when no more will come', () => {
    expect(stateAt(2, running({ total_samples: null }))).toMatchObject({ word: 'streaming' });
    expect(stateAt(2, running({ total_samples: 9000 }))).toMatchObject({ word: 'few samples', tone: 'warn' });
    expect(stateAt(2, running({ total_samples: null, status: 'done' }))).toMatchObject({
      word: 'few samples',
    });
  });
});

describe('absent principal filters', () => {
  const cells = (state: PfaCells['state']): PfaCells => ({
    analysis: 'pfa',
    samples: 100,
    nonfinite: 0,
    units: 512,
    note: '',
    stableSince: null,
    final: false,
    state,
    needed: 1512,
    constant: -1,
    keep: null,
    kl: NaN,
    energy: new Float32Array(),
    age: 0,
  });

  it.each([
    ['few', 'running', 'needs 1,512 samples'],
    ['refused', 'running', 'refused'],
    ['waiting', 'running', 'waiting'],
    ['waiting', 'cancelled', 'not computed'],
    ['waiting', 'paused', 'paused'],
  ] as const)('that are %s in a run that is %s: %s', (state, status, words) => {
    expect(absence(cells(state), recordAfter(['run', { status }]))).toBe(words);
  });

  it('are not absent when there is a number', () => {
    expect(absence({ ...cells('few'), keep: 3 }, recordAfter('run'))).toBeNull();
  });
});
