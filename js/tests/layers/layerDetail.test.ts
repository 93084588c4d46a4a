import { beforeEach, describe, expect, it, vi } from 'vitest';
import { bufferCount, decode } from '../../src/protocol/decode';
import { ProtocolError } from '../../src/protocol/fields';
import { shareBins } from '../../src/render/histogram';
import { logScale } from '../../src/render/spectrum';
import { mapLayout, unitAt } from '../../src/render/unitMap';
import { RecipeChoice } from '../../src/store/layers/recipeChoice';
import { ALL, CanvasUnderTest, drawn } from '../support/canvas';
import { arrow, buffersOf, json } from '../support/fixtures';

let canvas: CanvasUnderTest;

beforeEach(async () => {
  canvas = new CanvasUnderTest();
  await canvas.show(...ALL);
});

function figure(name: string): string {
  return canvas.get(`dv-figure-${name}`).textContent;
}

async function choose(strategy: 'kl' | 'energy' | 'size'): Promise<void> {
  canvas.host.querySelector<HTMLInputElement>(`.dv-TotalBar [value="${strategy}"]`)!.click();
  await drawn();
}

async function type(text: string): Promise<void> {
  const field = canvas.get('dv-strategy-value');
  if (field instanceof HTMLInputElement) {
    field.value = text;
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }
  await drawn();
}

it('asks once for the numbers that an ended run lacks, as nobody saw it', async () => {
  const nothing = { layer: null, strategy: 'kl', value: 0 };
  expect(canvas.focus).not.toHaveBeenCalled();
  await canvas.show(['pfa', { final: false }], ['run', { status: 'done' }]);
  expect(canvas.focus.mock.calls).toEqual([['r1', nothing]]);
  await canvas.show(['pfa', { final: false }], ['pfa', { final: true }]);
  expect(canvas.focus).toHaveBeenCalledTimes(1);
});

describe('the details of a layer', () => {
  it('are asked for when it is opened, while it is open, and no longer', async () => {
    canvas.row('block/relu_1').click();
    await drawn();
    expect(canvas.focus).toHaveBeenLastCalledWith('r1', { layer: 'block/relu_1', strategy: 'kl', value: 0 });
    expect(canvas.get('dv-layer-detail').textContent).toContain('Waiting for the kernel.');
    canvas.store.link.value = 'connecting';
    canvas.store.link.value = 'live';
    await drawn();
    expect(canvas.focus).toHaveBeenCalledTimes(2);
    canvas.get('dv-detail-close').click();
    await drawn();
    expect(canvas.focus).toHaveBeenLastCalledWith('r1', { layer: null, strategy: 'kl', value: 0 });
    expect(canvas.has('dv-layer-detail')).toBe(false);
  });

  it('show the spectrum with the cut of the recipe, and the units', async () => {
    await canvas.show('layer_detail');
    canvas.row('block/relu_1').click();
    await drawn();
    expect([figure('keep'), figure('energy'), figure('kl')]).toEqual(['7 of 16', '99.9 %', '1.43 nats']);
    expect(canvas.host.querySelector('.dv-Spectrum')?.getAttribute('aria-label')).toBe(
      'Spectrum of 16 components, from 4.0e+0 to 1.0e-6; keep 7 · 99.9%',
    );
    const detail = canvas.get('dv-layer-detail').textContent;
    expect(detail).toContain('50.6% ± 6.3% inactive · 3 dead');
    expect(detail).toContain('From 8,000 samples. 3 units do not vary.');
    expect(detail).toContain('28×28×16 · 16 units');
  });

  it('list units by their inactive share, the dead first', async () => {
    await canvas.show('layer_detail');
    canvas.row('block/relu_1').click();
    await drawn();
    canvas.host.querySelector<HTMLInputElement>('.dv-Detail [value="list"]')!.click();
    await drawn();
    const rows = [...canvas.host.querySelectorAll('.dv-UnitList tbody tr')].map(
      ({ textContent }) => textContent,
    );
    expect(rows).toHaveLength(16);
    expect(rows.slice(0, 4)).toEqual(['13dead', '14dead', '15dead', '1296.0%']);
    expect(rows.at(-1)).toBe('00.0%');
  });

  it('go from layer to layer, and say when there are no numbers', async () => {
    await canvas.show('layer_detail');
    canvas.row('conv_1').click();
    await drawn();
    expect(canvas.button('Previous layer').hasAttribute('disabled')).toBe(true);
    canvas.button('Next layer').click();
    await drawn();
    expect(figure('keep')).toBe('7 of 16');
    canvas.store.link.value = 'saved';
    canvas.button('Next layer').click();
    await drawn();
    expect(canvas.get('dv-layer-detail').textContent).toContain('The details of this layer were not kept.');
  });
});

describe('the recipe strategy', () => {
  it('asks for other counts, and table, total and details show what the kernel answers', async () => {
    await canvas.show('layer_detail');
    canvas.row('block/relu_1').click();
    expect(canvas.get('dv-total').textContent).toContain('7 of 16 channels −56.3%');
    await choose('energy');
    await type('0.9');
    expect(canvas.focus).toHaveBeenLastCalledWith('r1', {
      layer: 'block/relu_1',
      strategy: 'energy',
      value: 0.9,
    });
    expect(canvas.get('dv-layer-table').getAttribute('aria-busy')).toBe('true');
    expect(canvas.row('conv_1').textContent).toContain('12 / 16');
    // The golden answer is what a recipe of Python says of these spectra.
    await canvas.show('recommendation');
    expect(canvas.get('dv-layer-table').getAttribute('aria-busy')).toBe('false');
    expect(canvas.row('conv_1').textContent).toContain('13 / 16');
    expect(canvas.row('block/relu_1').textContent).toContain('3 / 16');
    expect(figure('keep')).toBe('3 of 16');
    expect(canvas.get('dv-total').textContent).toContain('3 of 16 channels');
    await choose('kl');
    expect(canvas.row('conv_1').textContent).toContain('12 / 16');
  });

  it('keeps the last value that makes sense while another is typed', async () => {
    await choose('size');
    await type('1.5');
    expect(canvas.get('dv-strategy-value').getAttribute('aria-invalid')).toBe('true');
    expect(canvas.focus).toHaveBeenLastCalledWith('r1', { layer: null, strategy: 'size', value: 0.5 });
    await type('0.25');
    expect(canvas.focus).toHaveBeenLastCalledWith('r1', { layer: null, strategy: 'size', value: 0.25 });
  });

  it('cannot be changed where no kernel answers', async () => {
    canvas.store.link.value = 'saved';
    await drawn();
    const radios = [...canvas.host.querySelectorAll<HTMLInputElement>('.dv-TotalBar input')];
    expect(radios.map(({ disabled }) => disabled)).toEqual([true, true, true]);
  });

  it.each([
    ['0', true],
    ['.5', true],
    ['1.0', true],
    ['5e-1', true],
    ['', false],
    ['1.01', false],
    ['-0.1', false],
    ['0x1', false],
    ['NaN', false],
  ])('takes %j: %s', (text, valid) => {
    const choice = new RecipeChoice();
    choice.strategy.value = 'energy';
    choice.type(text);
    expect(choice.isValid).toBe(valid);
    expect(choice.recipe.value.value).toBe(valid ? Number(text) : 0.95);
  });
});

describe('the recipe as code', () => {
  const copied = vi.fn<(text: string) => Promise<void>>(() => Promise.resolve());

  beforeEach(() => {
    copied.mockClear();
    vi.stubGlobal('navigator', { clipboard: { writeText: copied } });
  });

  /** The line that makes the recipe, of what a click on the button copies; undefined where it copies nothing. */
  async function copy(): Promise<string | undefined> {
    copied.mockClear();
    canvas.get('dv-copy-recipe').click();
    await drawn();
    return copied.mock.lastCall?.[0].split('\n').find(line => line.startsWith('recipe = '));
  }

  /** Why the button cannot be used, as it is read out and shown. */
  function reason(): string | null {
    const button = canvas.get('dv-copy-recipe');
    expect(button.getAttribute('aria-disabled')).toBe(button.getAttribute('aria-describedby') && 'true');
    return document.getElementById(button.getAttribute('aria-describedby') ?? '')?.textContent ?? null;
  }

  it('finds the run in its kernel, and waits for its end where that has not come', async () => {
    await choose('energy');
    expect(await copy()).toBe('recipe = run.wait()["pfa"].get_recipe(strategy=PFA.Strategy.Energy(0.95))');
    expect(copied.mock.lastCall?.[0]).toContain(
      'run = next(run for run in deepview_lab.runs() if run.id == "r1")',
    );
    await canvas.show(['run', { status: 'done' }]);
    await choose('kl');
    expect(await copy()).toBe('recipe = run.results["pfa"].get_recipe(strategy=PFA.Strategy.KL())');
    expect(reason()).toBeNull();
  });

  it('has the value that the field shows, or is not to be had', async () => {
    await choose('size');
    await type('0.25');
    expect(await copy()).toContain('PFA.Strategy.Size(0.25)');
    await type('0.251');
    expect(await copy()).toContain('PFA.Strategy.Size(0.251)');
    await type('25');
    expect(await copy()).toBeUndefined();
    expect(reason()).toBe('The value is not a number from 0 to 1.');
    await choose('energy');
    expect(await copy()).toContain('PFA.Strategy.Energy(0.95)');
    await choose('size');
    expect(await copy()).toBeUndefined();
  });

  it('of a report opens its file, wherever it is pasted', async () => {
    await canvas.show(['run', { status: 'done', file: '/home/ada/audit.dvreport' }]);
    const code = [
      'import deepview_lab',
      'from deepview_lab.introspectors import PFA',
      '',
      'report = deepview_lab.open_report("/home/ada/audit.dvreport")',
      'recipe = report.results["pfa"].get_recipe(strategy=PFA.Strategy.KL())',
      'PFA.show(recipe)',
      '',
    ].join('\n');
    await copy();
    expect(copied.mock.lastCall).toEqual([code]);
    canvas.store.lose();
    canvas.store.link.value = 'dead';
    await drawn();
    await copy();
    expect(copied.mock.lastCall).toEqual([code]);
  });

  it.each(['dead', 'restarting', 'absent', 'saved'] as const)(
    'is not to be had of a run whose kernel is %s',
    async link => {
      canvas.store.link.value = link;
      await drawn();
      expect(await copy()).toBeUndefined();
      expect(reason()).toBe('The kernel does not have this run. Run it again, then copy its recipe.');
      expect(canvas.get('dv-copy-recipe').hasAttribute('disabled')).toBe(false);
    },
  );

  it('is not to be had of a run that a restart took, nor of an analysis that failed', async () => {
    const errors = [{ type: 'E', message: 'too wide', traceback: '', introspector: 'pfa' }];
    await canvas.show(['run', { status: 'done', errors }]);
    expect(reason()).toBe('This run has no result of pfa.');
    await canvas.show(['run', { status: 'done' }]);
    expect(reason()).toBeNull();
    canvas.store.lose();
    await drawn();
    expect(reason()).toContain('Run it again');
  });
});

describe('messages', () => {
  it('of a layer need a table for each part', () => {
    expect(() => decode(json('layer_detail'), [arrow('layer_detail_iua')])).toThrow(ProtocolError);
    expect(() => decode(json('layer_detail'), [...buffersOf('layer_detail')].reverse())).toThrow(
      'layer_detail of iua.share: expected a column',
    );
    expect(() => decode(json('recommendation'), [])).toThrow('expected one Arrow buffer, got 0');
  });

  it.each([
    ['run', 0],
    ['iua', 1],
    ['recommendation', 1],
    ['layer_detail', 2],
  ])('%s has %i buffers', (name, count) => {
    expect(bufferCount(json(name))).toBe(count);
  });
});

describe('charts', () => {
  it('the log scale spans the eigenvalues, however small the smallest', () => {
    const wide = logScale([1, 1e-30, 0]);
    expect(wide.ticks).toEqual([-8, -6, -4, -2, 0]);
    expect(wide.y(0)).toBeLessThan(wide.y(-1));
    expect(wide.y(-30)).toBe(wide.y(-9));
    expect(logScale([0, 0]).ticks).toEqual([]);
  });

  it('units fall into twentieths, the dead apart', () => {
    const { bins, dead } = shareBins([0, 0.049, 0.05, 0.999, 1, 1]);
    expect([bins[0], bins[1], bins[19], dead]).toEqual([2, 1, 1, 2]);
  });

  it('the map knows which unit is where', () => {
    const layout = mapLayout(100);
    expect(layout).toMatchObject({ columns: 32, cell: 12, height: 48 });
    expect(unitAt(layout, 100, 13, 1)).toBe(1);
    expect(unitAt(layout, 100, 0, 12)).toBe(32);
    expect(unitAt(layout, 100, 383, 47)).toBeNull();
    expect(mapLayout(8192)).toMatchObject({ columns: 128, height: 192 });
  });
});
