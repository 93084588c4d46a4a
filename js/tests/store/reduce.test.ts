import { describe, expect, it } from 'vitest';
import { reduce } from '../../src/store/kernel/reduce';
import { EMPTY, type State } from '../../src/store/kernel/state';
import { incoming } from '../support/fixtures';

function after(...names: (string | readonly [string, Record<string, unknown>])[]): State {
  return names
    .map(name => (typeof name === 'string' ? incoming(name) : incoming(...name)))
    .reduce(reduce, EMPTY);
}

describe('a run', () => {
  it('is put together from its messages', () => {
    const state = after('hello', 'run', 'origin', 'layers', 'iua', 'pfa');
    const record = state.runs.get('r1');
    expect(state.version).toBe('0.1.0');
    expect(state.seq).toBe(5);
    expect(record?.state).toEqual(incoming('run'));
    expect(record?.origin).toEqual(incoming('origin'));
    expect(record?.layers).toHaveLength(4);
    expect([...(record?.snapshots.keys() ?? [])]).toEqual(['iua', 'pfa']);
    expect(record?.lost).toBe(false);
  });

  it('keeps the newest of each kind', () => {
    const state = after('hello', 'iua', ['iua', { samples: 9000, seq: 9 }], ['run', { batches: 140 }]);
    expect(state.runs.get('r1')?.snapshots.get('iua')?.samples).toBe(9000);
    expect(state.runs.get('r1')?.state?.batches).toBe(140);
  });

  it('may be known in parts before its state came', () => {
    expect(after('iua').runs.get('r1')?.state).toBeNull();
  });
});

describe('hello', () => {
  it('gives the order of the runs, oldest first', () => {
    const state = after(['run', { run: 'b' }], ['run', { run: 'a' }], ['hello', { runs: ['a', 'b'] }]);
    expect([...state.runs.keys()]).toEqual(['a', 'b']);
  });

  it('of another session keeps what there was, as lost', () => {
    const state = after('hello', 'run', 'iua', ['hello', { session: 's2', runs: [] }]);
    expect(state.runs.get('r1')).toMatchObject({ lost: true });
    expect(state.runs.get('r1')?.snapshots.size).toBe(1);
  });

  it('of the same session keeps the runs that it names', () => {
    const state = after('hello', 'run', 'iua', ['hello', { seq: 8 }]);
    expect(state.runs.get('r1')).toMatchObject({ lost: false });
    expect(state.runs.get('r1')?.snapshots.size).toBe(1);
  });

  it('a new run with the name of a lost one starts from nothing', () => {
    const state = after('hello', 'run', 'iua', ['hello', { session: 's2', runs: ['r1'] }], 'run');
    expect(state.runs.get('r1')?.snapshots.size).toBe(0);
    expect(state.runs.get('r1')?.lost).toBe(false);
  });
});

it('the state before is left as it was', () => {
  const before = after('hello', 'run');
  const runs = [...before.runs];
  reduce(before, incoming('iua'));
  expect([...before.runs]).toEqual(runs);
});
