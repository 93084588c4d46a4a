import { expect, it } from 'vitest';
import { jsonFileName, runJson } from '../../src/store/files/runJson';
import { EMPTY } from '../../src/store/kernel/state';
import { reduce } from '../../src/store/kernel/reduce';
import { incoming, json } from '../support/fixtures';

it('holds the state, the layers, and the numbers of each table; what is no number is null', () => {
  const state = ['hello', 'run', 'layers', 'iua', 'pfa', 'findings'].reduce(
    (before, name) => reduce(before, incoming(name)),
    EMPTY,
  );
  const record = [...state.runs.values()].find(({ snapshots }) => snapshots.size > 0);
  if (record === undefined) {
    throw new Error('no run');
  }
  const saved: unknown = JSON.parse(runJson(record));
  expect(saved).toMatchObject({
    format: 'deepview-lab-run',
    version: 1,
    run: json('run'),
    tables: { iua: { analysis: 'iua' }, pfa: { analysis: 'pfa' } },
  });
  const iua = record.snapshots.get('iua')?.table;
  const means = iua !== undefined && 'inactiveMean' in iua ? [...iua.inactiveMean] : [];
  expect(means.length).toBeGreaterThan(0);
  expect(saved).toHaveProperty(
    'tables.iua.columns.inactiveMean',
    means.map(value => (Number.isFinite(value) ? value : null)),
  );
  expect(saved).not.toHaveProperty('tables.iua.columns.strip');
});

it.each([
  ['iua+pfa · train_ds', 'iua+pfa _ train_ds.json'],
  ['../../etc/passwd', '_.._etc_passwd.json'],
  ['a/b\\c:d\u202Egnp', 'a_b_c_d_gnp.json'],
  ['', 'run.json'],
  ['...', 'run.json'],
])('names the file of %j %j', (run, file) => {
  expect(jsonFileName(run)).toBe(file);
});
