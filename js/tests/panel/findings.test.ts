import { beforeEach, describe, expect, it } from 'vitest';
import { decode } from '../../src/protocol/decode';
import { ProtocolError } from '../../src/protocol/fields';
import { textsOf } from '../../src/views/findings/cellText';
import { CanvasUnderTest } from '../support/canvas';
import { arrow, incoming, json } from '../support/fixtures';

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

describe('numbers', () => {
  it('have as many digits as tell them apart', () => {
    expect(textsOf([-7666.12, -7666.34, NaN])).toEqual(['−7666.1', '−7666.3', '']);
    expect(textsOf([0.25, 0.5])).toEqual(['0.250', '0.500']);
    expect(textsOf([-7666.00001, -7666.00002])).toEqual(['−7666.0000', '−7666.0000']);
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
      ['17', 'seven', '−310.5', 'yes'],
      ['4', '', '', ''],
      ['1,200', '<b>one</b>', '−80.3', ''],
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

  it('says why there is no table of a run that has ended', async () => {
    const errors = [
      { introspector: 'familiarity', type: 'ValueError', message: 'Too few samples.', traceback: '' },
    ];
    await canvas.show(['run', { introspections: BOTH, status: 'done', errors }]);
    [...canvas.get('dv-page-switch').querySelectorAll('button')][1]?.click();
    await canvas.show();
    expect(canvas.text).toContain('No resultThis analysis was skipped. The message above says why.');
    await canvas.show(['run', { introspections: BOTH, status: 'failed', errors: [] }]);
    expect(canvas.text).toContain('The run ended before this analysis had a table.');
  });

  it('is one Tab stop, whose arrows go from page to page', async () => {
    await canvas.show(['run', { introspections: BOTH }]);
    const buttons = [...canvas.get('dv-page-switch').querySelectorAll('button')];
    expect(buttons.map(({ tabIndex }) => tabIndex)).toEqual([0, -1]);
    buttons[0]?.focus();
    buttons[0]?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
    expect(document.activeElement).toBe(buttons[1]);
  });
});

describe('the numbers of a column', () => {
  it('have as many decimals as the largest leaves room for, and stand below each other', () => {
    expect(textsOf([0.25, 1, -0.5])).toEqual(['0.250', '1.000', '−0.500']);
    expect(textsOf([724.817, 7.2])).toEqual(['724.8', '7.2']);
    expect(textsOf([182295.151, 2])).toEqual(['182,295', '2']);
    expect(textsOf([3, -1, 12000])).toEqual(['3', '−1', '12,000']);
  });

  it('never pass for zero, and are left out where they are none', () => {
    expect(textsOf([0.5, 0.00012])).toEqual(['0.500', '0.00012']);
    expect(textsOf([NaN, Infinity, -Infinity, 1.5])).toEqual(['', '∞', '−∞', '1.500']);
    expect(textsOf([])).toEqual([]);
  });
});
