import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Incoming } from '../../src/protocol/decode';
import { reduce } from '../../src/store/kernel/reduce';
import { EMPTY, type RunRecord } from '../../src/store/kernel/state';
import { staticHtml, staticText } from '../../src/store/staticHtml/run';
import { incoming } from '../support/fixtures';

const FROM_PYTHON = readFileSync(
  join(__dirname, '../../../protocol/fixtures/static_table.html'),
  'utf8',
).trimEnd();

function recordOf(...messages: readonly Incoming[]): RunRecord {
  const record = messages.reduce(reduce, EMPTY).runs.get('r1');
  if (record === undefined) {
    throw new Error('no such run');
  }
  return record;
}

describe('static HTML', () => {
  it('is what Python writes of the same run', () => {
    const record = recordOf(
      incoming('run'),
      incoming('layers'),
      incoming('iua'),
      incoming('pfa'),
      incoming('findings', { rows: 3 }),
      incoming('own'),
    );
    expect(staticHtml(record, 'audit & <b>', 'running, 8,448 samples')).toBe(FROM_PYTHON);
  });

  it.each([
    ['done', 'complete'],
    ['cancelled', 'stopped'],
    ['paused', 'paused'],
  ])('of a run that is %s says of its layers: %s', (status, word) => {
    const html = staticHtml(recordOf(incoming('run', { status }), incoming('iua')), 'audit', '');
    expect(html.match(new RegExp(`>${word}<`, 'g'))).toHaveLength(3);
    expect(html).toContain('>tiny values<');
    expect(html).toContain('>no exact zeros<');
  });

  it('before data it waits, and names of strangers stay text', () => {
    const record = recordOf(incoming('run'));
    const html = staticHtml(record, '<script>', '"\u202e');
    expect(html).toContain('Waiting for the first batch.');
    expect(html).toContain('&lt;script&gt;');
    expect(html).toContain('&quot;\\u202e');
    expect(staticText(record, 'done')).toBe("<Run r1 'audit': done>");
  });

  it('of very many layers shows the first 2,000', () => {
    const layers = Array.from({ length: 2001 }, (_, i) => ({
      name: `layer ${i}`,
      kind: 'relu',
      type: 'ReLU',
      shape: [null, 4],
      units: 4,
    }));
    const html = staticHtml(recordOf(incoming('run'), incoming('layers', { layers })), 'audit', 'done');
    expect(html.match(/scope="row"/g)).toHaveLength(2000);
    expect(html).toContain('1 more layers.');
  });

  it('of findings alone there is no table of layers', () => {
    const html = staticHtml(recordOf(incoming('run'), incoming('findings')), 'audit', 'done');
    expect(html.match(/<table/g)).toHaveLength(1);
    expect(html).toContain('8,428 more rows.');
  });
});
