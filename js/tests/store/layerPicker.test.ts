import { type Signal, signal } from '@preact/signals';
import { beforeEach, describe, expect, it } from 'vitest';
import type { LayerInfo } from '../../src/protocol/messages';
import { LayerPicker } from '../../src/store/launch/layerPicker';
import { readSearch } from '../../src/store/shared/search';

const NAMES = ['conv_1', 'relu_1', 'conv_2', 'relu_2', 'block/RELU', 'dense'];

function layer(name: string): LayerInfo {
  const type = /relu/i.test(name) ? 'ReLU' : name.startsWith('conv') ? 'Conv2D' : 'Dense';
  return { name, kind: 'unknown', type, shape: [null, 4], units: 4, group: null };
}

let layers: Signal<readonly LayerInfo[]>;
let picker: LayerPicker;

beforeEach(() => {
  layers = signal(NAMES.map(layer));
  picker = new LayerPicker(layers);
});

const shown = () => picker.visible.value.map(({ name }) => name);
const chosen = () => picker.chosen.value;

describe('the search', () => {
  it.each([
    ['', NAMES],
    ['RELU', ['relu_1', 'relu_2', 'block/RELU']],
    ['  dense ', ['dense']],
    ['block/', ['block/RELU']],
    ['/relu/', ['relu_1', 'relu_2']],
    ['/relu/i', ['relu_1', 'relu_2', 'block/RELU']],
    ['/_1$/', ['conv_1', 'relu_1']],
    ['/^(conv|dense)/', ['conv_1', 'conv_2', 'dense']],
    ['/', ['block/RELU']],
    ['//', []],
    ['nothing', []],
  ])('%j', (text, names) => {
    picker.text.value = text;
    expect(shown()).toEqual(names);
    expect(picker.search.value.problem).toBeNull();
  });

  it('of a broken expression finds nothing and says why', () => {
    picker.text.value = '/(/';
    expect(shown()).toEqual([]);
    expect(picker.search.value.problem).toMatch(/^[^/:]*group$/i); // the reason alone, with no flag of ours
  });

  it('keeps no state between two questions', () => {
    const { matches } = readSearch('/a/');
    expect([matches('a'), matches('a'), matches('b')]).toEqual([true, true, false]);
  });
});

describe('kinds', () => {
  it('are counted in the order of the network', () => {
    expect([...picker.kindCounts.value]).toEqual([
      ['Conv2D', 2],
      ['ReLU', 3],
      ['Dense', 1],
    ]);
  });

  it('filter, several at once, and together with the search', () => {
    picker.toggleKind('ReLU');
    expect(shown()).toEqual(['relu_1', 'relu_2', 'block/RELU']);
    picker.toggleKind('Dense');
    expect(shown()).toEqual(['relu_1', 'relu_2', 'block/RELU', 'dense']);
    picker.text.value = '_';
    expect(shown()).toEqual(['relu_1', 'relu_2']);
    picker.clearFilter();
    expect(shown()).toEqual(NAMES);
    expect(picker.filtered).toBe(false);
  });
});

describe('choosing', () => {
  it('one after the other, listed in the order of the network', () => {
    picker.toggle('dense', false);
    picker.toggle('conv_1', false);
    expect(chosen()).toEqual(['conv_1', 'dense']);
    picker.toggle('dense', false);
    expect(chosen()).toEqual(['conv_1']);
  });

  it('a range goes from the last click, in both directions, and does what the click does', () => {
    picker.toggle('relu_1', false);
    picker.toggle('relu_2', true);
    expect(chosen()).toEqual(['relu_1', 'conv_2', 'relu_2']);
    picker.toggle('conv_1', true);
    expect(chosen()).toEqual(['conv_1', 'relu_1', 'conv_2', 'relu_2']);
    picker.toggle('conv_2', true);
    expect(chosen()).toEqual(['relu_2']);
  });

  it('a range leaves out what is not shown', () => {
    picker.toggleKind('ReLU');
    picker.toggle('relu_1', false);
    picker.toggle('block/RELU', true);
    expect(chosen()).toEqual(['relu_1', 'relu_2', 'block/RELU']);
  });

  it('a range whose begin is not shown any more is one layer', () => {
    picker.toggle('conv_1', false);
    picker.toggleKind('ReLU');
    picker.toggle('relu_2', true);
    expect(chosen()).toEqual(['conv_1', 'relu_2']);
  });

  it('all and none act on what is shown only', () => {
    picker.toggle('dense', false);
    picker.text.value = 'conv';
    picker.setShown(true);
    expect(chosen()).toEqual(['conv_1', 'conv_2', 'dense']);
    picker.text.value = '2';
    picker.setShown(false);
    expect(chosen()).toEqual(['conv_1', 'dense']);
  });

  it('survives that the model is another one, as far as names are the same', () => {
    picker.setShown(true);
    layers.value = ['relu_1', 'new'].map(layer);
    expect(chosen()).toEqual(['relu_1']);
  });
});
