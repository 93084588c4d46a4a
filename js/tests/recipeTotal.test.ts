import { describe, expect, it } from 'vitest';
import type { ChannelGroup } from '../src/protocol/messages';
import { recipeTotal } from '../src/store/layers/recipeTotal';
import type { LayerRow, PfaCells } from '../src/store/layers/rows';

function group(name: string, parameters: number, links: Record<string, number> = {}): ChannelGroup {
  return {
    name,
    parameters,
    links: Object.entries(links).map(([other, count]) => ({ group: other, parameters: count })),
  };
}

function row(name: string, of: ChannelGroup | null, keep: number | null, units: number): LayerRow {
  const cells: PfaCells = {
    analysis: 'pfa',
    samples: 100,
    nonfinite: 0,
    units,
    note: '',
    stableSince: null,
    final: true,
    state: 'ok',
    needed: 0,
    constant: 0,
    keep,
    kl: 0,
    energy: new Float32Array(),
    age: 100,
  };
  const info = { name, kind: 'relu', type: 'ReLU', shape: [null, units], units, group: of };
  return { name, info, units, cells: new Map([['pfa', cells]]) };
}

// input of 3 -> conv (3x3) of 8 -> conv (1x1) of 4 -> dense of 2, each with a bias.
const A = group('a', 8, { '': 216, b: 32 });
const B = group('b', 4, { a: 32, out: 8 });

describe('the total of a recipe', () => {
  it('counts kernels between two groups once, by both shares', () => {
    expect(recipeTotal([row('a', A, 4, 8), row('b', B, 1, 4)], 'pfa')).toEqual({
      groups: 2,
      units: 12,
      keep: 5,
      before: 8 + 216 + 32 + 4 + 8,
      // As if the network were built anew: biases 4 and 1, kernels 3x3x3x4, 4x1 and 1x2.
      after: 4 + 1 + 108 + 4 + 2,
    });
  });

  it('counts kernels of a group with itself once, and takes the last of its layers', () => {
    const joined = group('a', 8, { a: 64 });
    const rows = [row('conv', joined, 8, 8), row('add', joined, 2, 8), row('late', joined, null, 8)];
    expect(recipeTotal(rows, 'pfa')).toEqual({ groups: 1, units: 8, keep: 2, before: 72, after: 2 + 4 });
  });

  it('leaves out what has no group, and is none where nothing has one', () => {
    expect(recipeTotal([row('x', null, 1, 3), row('a', A, 8, 8)], 'pfa')).toMatchObject({
      groups: 1,
      units: 8,
    });
    expect(recipeTotal([row('x', null, 1, 3)], 'pfa')).toBeNull();
    expect(recipeTotal([row('a', A, 8, 8)], 'other')).toMatchObject({ groups: 0, before: 0 });
  });
});
