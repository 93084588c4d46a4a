import { describe, expect, it } from 'vitest';
import { render } from 'preact';
import { EnergySpark, KeepBullet, ShareBar, interpolate } from '../src/render/marks';
import { DEAD as DEAD_SENT } from '../src/protocol/messages';
import { DEAD, palette, paletteOf } from '../src/render/palette';
import { count, duration, plural, rate, splitName } from '../src/views/ui/words/format';

describe('palette', () => {
  it('draws as dead what the kernel sends as dead', () => {
    expect(DEAD).toBe(DEAD_SENT);
  });

  it('runs from the first stop to the last, and has a colour of its own for dead units', () => {
    const colours = palette(
      [
        [0, 0, 0],
        [254, 0, 0],
      ],
      [1, 2, 3],
    );
    expect([...colours.subarray(0, 4)]).toEqual([0, 0, 0, 255]);
    expect([...colours.subarray(4 * 127, 4 * 127 + 4)]).toEqual([127, 0, 0, 255]);
    expect([...colours.subarray(4 * 254, 4 * 254 + 4)]).toEqual([254, 0, 0, 255]);
    expect([...colours.subarray(4 * 255)]).toEqual([1, 2, 3, 255]);
  });

  it('is not known before the element has its styles', () => {
    expect(paletteOf(document.createElement('div'))).toBeNull();
  });
});

describe('marks', () => {
  const draw = (element: Parameters<typeof render>[0]) => {
    const host = document.createElement('div');
    render(element, host);
    return host;
  };

  it('a share of one half fills half of the bar, and the whisker ends at 0 and 100 %', () => {
    const bar = draw(<ShareBar mean={0.5} std={0.7} />);
    expect(bar.querySelectorAll('rect')[1]?.getAttribute('width')).toBe('37');
    expect(bar.querySelector('path')?.getAttribute('d')).toBe('M0 7H74M0 4.5v5M74 4.5v5');
  });

  it('the bullet is filled as far as units are kept', () => {
    const bullet = draw(<KeepBullet keep={4} units={16} />);
    expect(bullet.querySelectorAll('rect')[1]?.getAttribute('width')).toBe('13');
  });

  it('the dot of the energy curve is where the kept share meets the curve', () => {
    const curve = new Float32Array([0, 0.8, 1]);
    expect(interpolate(curve, 0.25)).toBeCloseTo(0.4);
    expect(interpolate(curve, 2)).toBe(1);
    const spark = draw(<EnergySpark energy={curve} share={0.5} />);
    expect(spark.querySelector('circle')?.getAttribute('cx')).toBe('26');
  });
});

describe('words', () => {
  it.each([
    [0.4, '0 s'],
    [19.4, '19 s'],
    [161, '2 min 41 s'],
    [120, '2 min'],
    [3900, '1 h 5 min'],
  ])('%d seconds are %s', (seconds, words) => {
    expect(duration(seconds)).toBe(words);
  });

  it('numbers have thousands separators and a true minus', () => {
    expect([count(12400), count(-1234), rate(212.4), rate(0.534)]).toEqual([
      '12,400',
      '−1,234',
      '212',
      '0.53',
    ]);
    expect(count(-0.4)).toBe('0');
    expect([plural(1, 'batch', 'batches'), plural(2, 'sample')]).toEqual(['1 batch', '2 samples']);
  });

  it.each([
    ['layer3.1.relu', 'layer3.1.', 'relu'],
    ['block/relu_1', 'block/', 'relu_1'],
    ['conv', '', 'conv'],
    ['odd.', '', 'odd.'],
  ])('%s is split for reading', (name, path, last) => {
    expect(splitName(name)).toEqual([path, last]);
  });
});
