import { beforeEach, describe, expect, it } from 'vitest';
import { decode } from '../src/protocol/decode';
import { ProtocolError } from '../src/protocol/fields';
import { CanvasUnderTest } from './support/canvas';
import { arrow, incoming, json } from './support/fixtures';

const BOTH = [
  { name: 'iua', analysis: 'iua' },
  { name: 'familiarity', analysis: 'familiarity' },
];
const ALONE = [{ name: 'familiarity', analysis: 'familiarity' }];

let canvas: CanvasUnderTest;

beforeEach(() => {
  canvas = new CanvasUnderTest();
});

describe('the message', () => {
  it('comes with its columns in order, whatever they hold', () => {
    const message = incoming('findings');
    expect(message).toMatchObject({ introspector: 'familiarity', rows: 8448, final: true });
    const columns = message.kind === 'findings' ? message.columns : [];
    expect(columns).toEqual([
      { heading: 'id', values: [17, 4, 1200] },
      { heading: 'label', values: ['seven', '', '<b>one</b>'] },
      { heading: 'familiarity', values: [-310.5, NaN, -80.25] },
      { heading: 'leak', values: [true, false, false] },
    ]);
  });

  it('without its table is refused', () => {
    expect(() => decode(json('findings'), [])).toThrow(ProtocolError);
    expect(() => decode(json('findings'), [arrow('findings').slice(0, 40)])).toThrow(
      /findings: not an Arrow/,
    );
  });
});

describe('the page', () => {
  it('of a run with nothing else is there at once, and says what it waits for', async () => {
    await canvas.show(['run', { introspections: ALONE, stage: 'Fitting mixtures', stage_done: 0.4 }]);
    expect(canvas.text).toContain('Fitting mixtures…');
    expect(canvas.get('dv-progress').textContent).toBe('Fitting mixtures 40.0% · 8,448 of 12,400 samples');
    expect(canvas.host.querySelector('[data-testid="dv-layer-table"]')).toBeNull();
    expect(canvas.host.querySelector('[data-testid="dv-page-switch"]')).toBeNull();
  });

  it('shows the sentence and the table, as text', async () => {
    await canvas.show(['run', { introspections: ALONE }], 'findings');
    const page = canvas.get('dv-findings');
    expect(page.textContent).toContain('3 samples, rarest first.');
    const rows = [...page.querySelectorAll('tbody tr')].map(row =>
      [...row.children].map(cell => cell.textContent),
    );
    expect(rows).toEqual([
      ['17', 'seven', '−310.500', 'yes'],
      ['4', '', '', ''],
      ['1,200', '<b>one</b>', '−80.250', ''],
    ]);
    expect(page.textContent).toContain('The first 3 of 8,448 rows. All are in the result.');
  });

  it('is chosen beside the layers where there are both', async () => {
    await canvas.show(['run', { introspections: BOTH }], 'layers', 'iua', 'findings');
    expect(canvas.rows().length).toBeGreaterThan(0);
    const buttons = [...canvas.get('dv-page-switch').querySelectorAll('button')];
    expect(buttons.map(button => [button.textContent, button.getAttribute('aria-pressed')])).toEqual([
      ['Layers', 'true'],
      ['Familiarity', 'false'],
    ]);
    buttons[1]?.click();
    await canvas.show();
    expect(canvas.get('dv-findings').dataset['introspector']).toBe('familiarity');
    expect(canvas.host.querySelector('[data-testid="dv-layer-table"]')).toBeNull();
  });
});
