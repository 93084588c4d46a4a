import { signal } from '@preact/signals';
import { describe, expect, it } from 'vitest';
import type { Column } from '../../src/store/layers/columns';
import { LayerView } from '../../src/store/layers/layerView';
import type { LayerRow } from '../../src/store/layers/rows';

const UNITS: Column = { id: 'units', field: 'units', introspection: null };
const LAYER: Column = { id: 'layer', field: 'layer', introspection: null };

function row(name: string, units: number | null, type: string): LayerRow {
  const info = { name, kind: 'unknown', type, shape: [null, 8], units, group: null };
  return { name, units, info, cells: new Map() };
}

const ROWS = [row('b/conv_2', 32, 'Conv2D'), row('b/relu', null, 'ReLU'), row('a/conv_10', 64, 'Conv2D')];

function setUp() {
  const rows = signal<readonly LayerRow[]>(ROWS);
  const view = new LayerView(rows);
  return { rows, view, names: () => view.visible.value.map(({ name }) => name), word: () => '' };
}

describe('sorting', () => {
  it('goes from descending to ascending to network order', () => {
    const { view, names, word } = setUp();
    view.cycleSort(UNITS, word);
    expect(view.sort.value).toEqual({ column: 'units', direction: 'descending' });
    expect(names()).toEqual(['a/conv_10', 'b/conv_2', 'b/relu']);
    view.cycleSort(UNITS, word);
    expect(names()).toEqual(['b/conv_2', 'a/conv_10', 'b/relu']);
    view.cycleSort(UNITS, word);
    expect(view.sort.value).toBeNull();
    expect(names()).toEqual(['b/conv_2', 'b/relu', 'a/conv_10']);
  });

  it('by another column starts with descending, numbers in names in their order', () => {
    const { view, names, word } = setUp();
    view.cycleSort(UNITS, word);
    view.cycleSort(LAYER, word);
    expect(view.sort.value?.direction).toBe('descending');
    expect(names()).toEqual(['b/relu', 'b/conv_2', 'a/conv_10']);
  });

  it('keeps its order when the numbers change, until the next click', () => {
    const { rows, view, names, word } = setUp();
    view.cycleSort(UNITS, word);
    rows.value = [row('b/conv_2', 99, 'Conv2D'), ...ROWS.slice(1), row('new', 100, 'Dense')];
    expect(names()).toEqual(['a/conv_10', 'b/conv_2', 'b/relu', 'new']);
    view.cycleSort(UNITS, word);
    expect(names()).toEqual(['a/conv_10', 'b/conv_2', 'new', 'b/relu']);
  });
});

describe('filtering', () => {
  it('by text looks for a part of the name, in any case', () => {
    const { view, names } = setUp();
    view.text.value = ' CONV ';
    expect(names()).toEqual(['b/conv_2', 'a/conv_10']);
  });

  it('by kinds shows the layers of any chosen kind', () => {
    const { view, names } = setUp();
    view.toggleKind('ReLU');
    expect(names()).toEqual(['b/relu']);
    view.toggleKind('Conv2D');
    expect(names()).toHaveLength(3);
    view.toggleKind('ReLU');
    expect(names()).toEqual(['b/conv_2', 'a/conv_10']);
  });

  it('counts kinds over all layers', () => {
    const { view } = setUp();
    view.text.value = 'relu';
    expect([...view.kindCounts.value]).toEqual([
      ['Conv2D', 2],
      ['ReLU', 1],
    ]);
  });

  it('is cleared as a whole', () => {
    const { view, names } = setUp();
    view.text.value = 'x';
    view.toggleKind('ReLU');
    expect(view.filtered).toBe(true);
    view.clearFilter();
    expect(view.filtered).toBe(false);
    expect(names()).toHaveLength(3);
  });
});
