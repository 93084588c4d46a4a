import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { Fields } from '../../src/protocol/fields';
import { trans } from '../../src/store/shared/trans';
import { isPlain, visibleLines, visibleText } from '../../src/store/shared/visible';
import { ALL, CanvasUnderTest } from '../support/canvas';
import { PanelUnderTest } from '../support/panel';

const PAIRS = new Fields(JSON.parse(readFileSync('protocol/fixtures/visible_text.json', 'utf8')), 'pairs');
const pairs = (of: string) =>
  PAIRS.list(of, (pair, path) => {
    if (!Array.isArray(pair) || typeof pair[0] !== 'string' || typeof pair[1] !== 'string') {
      throw new TypeError(path);
    }
    return [pair[0], pair[1]] as const;
  });

it('isolates without end are read in linear time', () => {
  // In quadratic time this would take an hour.
  const letter = '\u05e9';
  expect(visibleLines(`\u2068${letter.repeat(500_000)}`)).toBe(`\\u2068${letter.repeat(500_000)}`);
});

describe('what people see of a text is the same as in Python', () => {
  it.each(pairs('names'))('the name %j', (text, seen) => {
    expect(visibleText(text)).toBe(seen);
  });

  it.each(pairs('lines'))('the lines %j', (text, seen) => {
    expect(visibleLines(text)).toBe(seen);
  });

  it('and is plain where nothing was hidden', () => {
    const texts = ['a\n\tb', 'größe', 'a\u2028b', '\u202e', '\r'];
    expect(texts.map(isPlain)).toEqual([true, true, false, false, false]);
  });
});

it('a name in a sentence moves no word, however often it is put into another', () => {
  const once = trans.__('Stop %1', 'שלום\u202e');
  expect(once).toBe('Stop \u2068שלום\\u202e\u2069');
  expect(trans.__('%1: DeepView', once)).toBe(`${once}: DeepView`);
  expect(trans.__('Stop %1', '\u2068conv\u2069')).toBe('Stop \\u2068conv\\u2069');
});

const HOSTILE = '<img src=x onerror="pwned=1">\u202egpj.\u2028\x1b[2K\u200bשלום';
const SEEN = '<img src=x onerror="pwned=1">\\u202egpj.\\u2028\\x1b[2K\\u200bשלום';

/** All that a reader sees or hears in an element. */
function seenIn(host: HTMLElement): string {
  const spoken = [...host.querySelectorAll('*')].flatMap(({ attributes }) =>
    [...attributes].filter(({ name }) => /^(title|aria-label|alt|placeholder)$/.test(name)),
  );
  return [host.textContent, ...spoken.map(({ value }) => value)].join('\n');
}

function expectNothingHidden(host: HTMLElement): void {
  const seen = seenIn(host);
  expect(seen).toContain(SEEN);
  expect(seen).not.toContain('\u202e');
  expect(isPlain(seen.replace(/\u2068([^\u2068\u2069]*)\u2069/g, '$1'))).toBe(true);
  expect(host.querySelector('img, script, iframe')).toBeNull();
}

describe('a hostile name is text and nothing else', () => {
  let canvas: CanvasUnderTest;

  beforeEach(() => {
    canvas = new CanvasUnderTest();
  });

  it('of a layer, in the live table, in its detail and while it is marked', async () => {
    const layer = { name: HOSTILE, kind: HOSTILE, type: HOSTILE, shape: [null, 4], units: 4 };
    await canvas.show('hello', 'run', ['layers', { layers: [layer] }]);
    expect(canvas.names()).toEqual([HOSTILE]);
    expectNothingHidden(canvas.host);
    canvas.store.view('r1').show(HOSTILE);
    await canvas.show();
    expect(canvas.get('dv-layer-detail').dataset['layer']).toBe(HOSTILE);
    expectNothingHidden(canvas.host);
  });

  it('of a run, its introspector, note, error and traceback, in canvas and panel', async () => {
    const error = { type: 'E', message: HOSTILE, traceback: HOSTILE, introspector: HOSTILE };
    const fields = { name: HOSTILE, note: HOSTILE, errors: [error], status: 'failed' };
    await canvas.show(...ALL, ['run', fields]);
    expectNothingHidden(canvas.host);
    const panel = new PanelUnderTest();
    await panel.show('hello', ['run', fields]);
    expectNothingHidden(panel.get('dv-run'));
  });

  it('of what the panel lists: layers, kept runs, reports', async () => {
    const panel = new PanelUnderTest();
    const layer = { name: HOSTILE, kind: 'relu', type: HOSTILE, shape: [null, 4], units: 4 };
    await panel.show('hello', 'namespace', ['source_layers', { layers: [layer] }]);
    const { server, kept, shelf } = panel.reports;
    const folder = `deepview-checkpoints/${HOSTILE.replaceAll('/', '')}`;
    server.put(`${folder}/run.json`, '2026-11-24T10:20:00Z');
    const about = { name: HOSTILE, batches: 1, total_batches: 2, done: false, code: null, variable: null };
    server.texts.set(`${folder}/run.json`, JSON.stringify(about));
    server.put(`${HOSTILE}.dvreport`, '2026-11-24T10:20:00Z');
    await kept.refresh();
    await shelf.refresh();
    await panel.show();
    for (const part of ['dv-layers', 'dv-kept-run', 'dv-reports']) {
      expectNothingHidden(panel.get(part));
    }
  });
});
