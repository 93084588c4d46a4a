import { beforeEach, describe, expect, it } from 'vitest';
import { excessOf } from '../../src/views/layers/KlRule';
import { ALL, CanvasUnderTest, drawn } from '../support/canvas';

let canvas: CanvasUnderTest;

beforeEach(async () => {
  canvas = new CanvasUnderTest();
  await canvas.show(...ALL, 'layer_detail');
  canvas.row('block/relu_1').click();
  await drawn();
});

describe('the total', () => {
  it('counts a group of channels once: of the layers that share them the last', () => {
    const said = canvas.get('dv-total').textContent;
    expect(said).toContain('7 of 16 channels −56.3%');
    expect(said).toContain('1 group of channels');
    // (16 + 144 + 81920) * 7 / 16: the dense layer loses the inputs from channels that go.
    expect(canvas.get('dv-total-parameters').textContent).toBe('82,080 → 35,910 parameters');
  });

  it('counts marked rows only, while there are any', async () => {
    canvas.row('conv_1').querySelector<HTMLElement>('.dv-Mark')?.click();
    await drawn();
    expect(canvas.get('dv-total').textContent).toContain('12 of 16 channels −25.0%');
    expect(canvas.get('dv-total').textContent).toContain('1 group of the marked layers');
  });

  it('is none where no layer tells its group, and says why', async () => {
    const layer = (name: string) => ({ name, kind: 'relu', type: 'ReLU', shape: [null, 16], units: 16 });
    await canvas.show(['layers', { layers: [layer('conv_1'), layer('block/relu_1')] }]);
    expect(canvas.get('dv-total').textContent).toBe('No total: it is not known which layers share channels.');
  });
});

describe('the rule of KL', () => {
  it('is explained with the numbers of the layer, while KL is the strategy', async () => {
    const rule = canvas.get('dv-kl-rule');
    expect(rule.textContent).toContain('16 × (1 − 1.43 / 2.77) = 7.');
    expect(rule.querySelector('a')?.href).toBe('https://arxiv.org/abs/1807.10585');
    expect(rule.querySelector('button')).toBeNull();
    canvas.host.querySelector<HTMLInputElement>('.dv-TotalBar [value="energy"]')?.click();
    await drawn();
    expect(canvas.has('dv-kl-rule')).toBe(false);
  });

  it('keeps more than has energy where the spectrum ends early', () => {
    // Of 8 components 3 have energy: 90 %, 6 % and 4 % of it; the others are rounding.
    const eigenvalue = Float64Array.of(9, 0.6, 0.4, 1e-9, 1e-10, 0, 0, 0);
    const energy = Float64Array.of(0.9, 0.96, 1, 1, 1, 1, 1, 1);
    expect(excessOf({ eigenvalue, energy }, 5)).toEqual({ energetic: 3, enough: 2 });
    expect(excessOf({ eigenvalue, energy }, 3)).toBeNull();
  });
});
