import { beforeEach, describe, expect, it } from 'vitest';
import { decode } from '../../src/protocol/decode';
import { staticHtml } from '../../src/store/staticHtml/run';
import { CanvasUnderTest, drawn } from '../support/canvas';
import { altered, arrow, incoming } from '../support/fixtures';
import { PanelUnderTest } from '../support/panel';

/** An analysis that a user wrote, with a row in the kernel's catalogue. */
const OWN = { name: 'ranges', analysis: 'activation_range' };
const ALONE = ['run', { introspections: [OWN] }] as const;
const BOTH = ['run', { introspections: [{ name: 'iua', analysis: 'iua' }, OWN] }] as const;

let canvas: CanvasUnderTest;

beforeEach(() => {
  canvas = new CanvasUnderTest();
});

function rows(host: HTMLElement): string[][] {
  return [...host.querySelectorAll('tr')].map(row => [...row.children].map(cell => cell.textContent));
}

describe('the table of a kind that the page does not draw', () => {
  it('has the columns of one value per layer, under their names', async () => {
    await canvas.show('hello', ALONE, 'layers', 'own');
    expect(rows(canvas.get('dv-findings'))).toEqual([
      ['layer', 'samples', 'lowest', 'note'],
      ['conv_1', '8,448', '−0.250', ''],
      ['block/relu_1', '8,448', '0.000', ''],
      ['flatten', '8,448', '0.000', ''],
      ['dense', '0', '', '<b>nothing</b> seen'],
    ]);
    expect(canvas.get('dv-findings').ariaLabel).toBe('Activation <b>range</b>');
    expect(canvas.get('dv-findings').querySelector('.dv-Findings-summary')).toBeNull();
  });

  it('is a page beside the layers, called as the kernel says', async () => {
    await canvas.show('hello', BOTH, 'layers', 'iua', 'own');
    const [layers, own] = canvas.get('dv-page-switch').querySelectorAll('button');
    expect([layers?.textContent, own?.textContent]).toEqual(['Layers', 'Activation <b>range</b> · ranges']);
    own?.click();
    await drawn();
    expect(canvas.get('dv-findings').dataset['introspector']).toBe('ranges');
  });

  it('is called by its kind where no kernel answers, and waits for the first batch', async () => {
    await canvas.show(BOTH, 'layers', 'iua');
    const [, own] = canvas.get('dv-page-switch').querySelectorAll('button');
    expect(own?.textContent).toBe('activation_range · ranges');
    await canvas.show('hello');
    own?.click();
    await drawn();
    expect(canvas.text).toContain('Waiting for the first batch.');
  });

  it('is in the static HTML', () => {
    canvas.store.take(incoming(...ALONE), () => undefined);
    canvas.store.take(incoming('own'), () => undefined);
    canvas.clock.advance(250);
    const html = staticHtml(canvas.store.run('r1')!, 'audit', 'done');
    const { body } = new DOMParser().parseFromString(html, 'text/html');
    expect(rows(body).slice(0, 2)).toEqual([
      ['layer', 'samples', 'lowest', 'note'],
      ['conv_1', '8,448', '-0.25', ''],
    ]);
    expect(body.querySelectorAll('table')).toHaveLength(1);
  });
});

it('what it knows of an open layer is listed by unit', async () => {
  const parts = [
    { introspector: 'iua', analysis: 'iua', samples: 8448 },
    { introspector: 'ranges', analysis: 'activation_range', samples: 8448 },
  ];
  await canvas.show('hello', BOTH, 'layers', 'iua');
  canvas.row('block/relu_1').click();
  canvas.store.take(
    decode(altered('layer_detail', { parts }), [arrow('layer_detail_iua'), arrow('layer_detail_own')]),
    () => undefined,
  );
  await drawn();
  const section = [...canvas.get('dv-layer-detail').querySelectorAll('section')].at(-1)!;
  expect(section.ariaLabel).toBe('Activation <b>range</b> · ranges');
  expect(rows(section).slice(0, 3)).toEqual([
    ['Unit', 'lowest', 'highest'],
    ['0', '0.000', '0'],
    ['1', '0.050', '1'],
  ]);
});

it('the form offers it with its options, and inserts its code', async () => {
  const panel = new PanelUnderTest();
  await panel.show(['hello', { runs: [] }], 'namespace', 'source_layers');
  await panel.click(panel.button('All shown'));
  const option = panel.get('dv-run-form').querySelector<HTMLElement>('[data-kind="activation_range"]');
  expect(option?.textContent).toBe('Activation <b>range</b>lowest and highest values');
  option?.querySelector('input')?.click();
  await drawn();
  const choice = panel.get('dv-of');
  expect([...choice.querySelectorAll('option')].map(({ textContent }) => textContent)).toEqual([
    'values',
    'magnitudes',
  ]);
  await panel.type(choice, 'magnitudes');
  await panel.click(panel.button('Insert as code'));
  const code = panel.insertCode.mock.lastCall?.[0];
  expect(code).toContain('from own_analysis import ActivationRange\n');
  expect(code).toContain('    ActivationRange.spec(of="magnitudes"),\n');
});
