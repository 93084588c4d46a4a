import { beforeEach, describe, expect, it } from 'vitest';
import { excessOf } from '../src/views/layers/KlRule';
import { ALL, CanvasUnderTest, drawn } from './support/canvas';

let canvas: CanvasUnderTest;

beforeEach(async () => {
  canvas = new CanvasUnderTest();
  await canvas.show(...ALL, 'layer_detail');
  canvas.row('block/relu_1').click();
  await drawn();
});

describe('the total', () => {
  it('says what is counted, and leaves inputs out', async () => {
    const layer = (name: string, kind: string) => ({ name, kind, type: kind, shape: [null, 16], units: 16 });
    expect(canvas.get('dv-total').textContent).toContain('19 of 32 units −40.6%sum over 2 layers, inputs');
    const layers = [layer('conv_1', 'placeholder'), layer('block/relu_1', 'relu')];
    await canvas.show(['layers', { layers }]);
    expect(canvas.get('dv-total').textContent).toContain('7 of 16 units −56.3%sum over 1 layer, inputs');
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
