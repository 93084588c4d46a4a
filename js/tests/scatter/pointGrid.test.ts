import { describe, expect, it } from 'vitest';
import { Camera } from '../../src/render/scatter/camera';
import {
  countBits,
  emptyBitset,
  hasBit,
  rowsOfCategories,
  setBit,
} from '../../src/render/scatter/points/bitset';
import { CellWindow, Ranges } from '../../src/render/scatter/points/cellWindow';
import { fillColours, packed } from '../../src/render/scatter/colours';
import { nearestRow } from '../../src/render/scatter/points/hitTest';
import { PointGrid } from '../../src/render/scatter/points/pointGrid';
import { pointLists } from '../../src/render/scatter/points/pointLists';
import { ALL_ROWS } from '../../src/render/scatter/scatter';
import { heaps, seeded } from '../support/scatter';

function cellOfSlot(grid: PointGrid, slot: number): number {
  return grid.cellOf(grid.places[2 * slot + 1]!) * grid.side + grid.cellOf(grid.places[2 * slot]!);
}

describe('point grid', () => {
  it('has each drawable row once, in the cell that its place says', () => {
    const { x, y } = heaps(5000);
    x[3] = NaN;
    y[4] = Infinity;
    const grid = new PointGrid({ x, y });
    expect(grid.side).toBeGreaterThan(8);
    const rows = [...grid.rows].sort((a, b) => a - b);
    expect(rows).toEqual([...Array(5000).keys()].filter(row => row !== 3 && row !== 4));
    for (let cell = 0; cell < grid.side ** 2; cell++) {
      const slots = [...Array(grid.starts[cell + 1]! - grid.starts[cell]!).keys()];
      expect(slots.every(i => cellOfSlot(grid, grid.starts[cell]! + i) === cell)).toBe(true);
    }
  });

  it('keeps places to a part in two thousand million of the extent, at an offset of a million', () => {
    const { x, y } = heaps(1000, 5, 1e6);
    const grid = new PointGrid({ x, y });
    const { extent } = grid;
    for (let slot = 0; slot < 1000; slot++) {
      const back = extent.left + grid.places[2 * slot]! / grid.stepsPerX;
      expect(Math.abs(back - x[grid.rows[slot]!]!)).toBeLessThan(extent.width * 2 ** -30 + 1e-9);
    }
  });

  it('shuffles the rows of a cell in the same way each time', () => {
    const data = { x: new Float32Array(1000), y: new Float32Array(1000) };
    const grid = new PointGrid(data);
    expect([...grid.rows]).toEqual([...new PointGrid(data).rows]);
    const early = grid.rows.subarray(0, 500).filter(row => row < 500).length;
    expect(early).toBeGreaterThan(200);
    expect(early).toBeLessThan(300);
  });

  it.each([0, 1])('takes %i rows', count => {
    const grid = new PointGrid(heaps(count));
    expect([grid.rows.length, grid.starts.at(-1)]).toEqual([count, count]);
  });
});

describe('point lists', () => {
  const grid = new PointGrid(heaps(1000));
  const every = (step: number) => {
    const bits = emptyBitset(1000);
    for (let row = 0; row < 1000; row += step) {
      setBit(bits, row);
    }
    return bits;
  };
  const rowsOf = (slots: Uint32Array) => [...slots].map(slot => grid.rows[slot]!).sort((a, b) => a - b);

  it('have all points in the base layer without masks', () => {
    const { base, raised, isDimmed } = pointLists(grid, ALL_ROWS);
    expect([base.slots, base.count, raised.count, isDimmed]).toEqual([null, 1000, 0, false]);
  });

  it('leave out what the filters hide', () => {
    const { base, isDimmed } = pointLists(grid, { ...ALL_ROWS, shown: every(3) });
    expect(rowsOf(base.slots!)).toEqual([...Array(334).keys()].map(i => 3 * i));
    expect(isDimmed).toBe(false);
  });

  it('raise the rows that are shown, selected and isolated, and dim the others', () => {
    const { base, raised, isDimmed } = pointLists(grid, {
      shown: every(2),
      selected: every(3),
      isolated: every(5),
    });
    expect(rowsOf(raised.slots!)).toEqual([...Array(34).keys()].map(i => 30 * i));
    expect(rowsOf(base.slots!)).toEqual([...Array(1000).keys()].filter(i => i % 2 === 0 && i % 30 !== 0));
    expect(isDimmed).toBe(true);
  });

  it('are sorted by cell', () => {
    const { base } = pointLists(grid, { ...ALL_ROWS, shown: every(2) });
    for (let cell = 0; cell < grid.side ** 2; cell++) {
      for (const slot of base.slots!.subarray(base.starts[cell], base.starts[cell + 1])) {
        expect(cellOfSlot(grid, slot)).toBe(cell);
      }
    }
  });
});

describe('cell window', () => {
  it('holds every point of the view, in ranges that it counts', () => {
    const data = heaps(20_000, 3);
    const grid = new PointGrid(data);
    const { base } = pointLists(grid, ALL_ROWS);
    const camera = new Camera();
    camera.resize(500, 300);
    camera.setExtent(grid.extent);
    camera.zoom(200, 100, 5);
    const window = new CellWindow();
    window.look(grid, camera, 0);
    const ranges = new Ranges(grid.side);
    ranges.take(base, grid.side, window);
    const slots = new Set<number>();
    for (let i = 0; i < ranges.length; i += 2) {
      for (let slot = ranges.bounds[i]!; slot < ranges.bounds[i + 1]!; slot++) {
        slots.add(slot);
      }
    }
    expect(slots.size).toBe(window.count(base, grid.side));
    expect(slots.size).toBeLessThan(20_000);
    grid.rows.forEach((row, slot) => {
      const x = camera.screenX(data.x[row]!);
      const y = camera.screenY(data.y[row]!);
      if (x >= 0 && x <= 500 && y >= 0 && y <= 300) {
        expect(slots.has(slot)).toBe(true);
      }
    });
  });
});

describe('hit test', () => {
  it('finds what a look at every row finds', () => {
    const data = heaps(20_000, 9);
    const grid = new PointGrid(data);
    const shown = emptyBitset(20_000);
    const random = seeded(4);
    for (let row = 0; row < 20_000; row++) {
      if (random() < 0.5) {
        setBit(shown, row);
      }
    }
    const camera = new Camera();
    camera.resize(500, 300);
    camera.setExtent(grid.extent);
    camera.zoom(250, 150, 4);
    for (let round = 0; round < 200; round++) {
      const [x, y] = [500 * random(), 300 * random()];
      let least = 64;
      for (let row = 0; row < 20_000; row++) {
        if (hasBit(shown, row)) {
          const distance = (camera.screenX(data.x[row]!) - x) ** 2 + (camera.screenY(data.y[row]!) - y) ** 2;
          least = Math.min(least, distance);
        }
      }
      const found = nearestRow(grid, camera, shown, x, y, 8);
      const distance =
        found === null
          ? 64
          : (camera.screenX(data.x[found]!) - x) ** 2 + (camera.screenY(data.y[found]!) - y) ** 2;
      expect(found === null || hasBit(shown, found)).toBe(true);
      expect(least < 0.25 ? distance < 0.25 : distance === least).toBe(true);
    }
  });
});

describe('bitset', () => {
  it('counts what was set, over the edges of words', () => {
    const bits = emptyBitset(70);
    for (const row of [0, 31, 32, 63, 69, 69]) {
      setBit(bits, row);
    }
    expect([countBits(bits), hasBit(bits, 31), hasBit(bits, 30)]).toEqual([5, true, false]);
  });

  it('has the rows of some categories', () => {
    const bits = rowsOfCategories(Uint16Array.of(7, 300, 1, 300, 0), [300, 0]);
    expect([0, 1, 2, 3, 4].map(row => hasBit(bits, row))).toEqual([false, true, false, true, true]);
  });
});

describe('colours', () => {
  const grid = new PointGrid({ x: Float32Array.of(0, 1, 2, 3), y: Float32Array.of(0, 1, 2, 3) });
  const byRow = (colours: Parameters<typeof fillColours>[1]) => {
    const out = new Int32Array(4);
    fillColours(grid, colours, out);
    const rows: number[] = [];
    grid.rows.forEach((row, slot) => {
      rows[row] = out[slot]!;
    });
    return rows;
  };

  it('of categories come from the palette, and from `other` beyond it', () => {
    const colours = byRow({
      kind: 'category',
      codes: Uint8Array.of(1, 0, 2, 255),
      palette: [
        [1, 2, 3],
        [4, 5, 6],
      ],
      other: [7, 7, 7],
    });
    expect(colours).toEqual([packed([4, 5, 6]), packed([1, 2, 3]), packed([7, 7, 7]), packed([7, 7, 7])]);
  });

  it('of numbers run over the domain, stop at its ends, and leave NaN its own', () => {
    const colours = byRow({
      kind: 'ramp',
      values: Float32Array.of(-5, 1, 99, NaN),
      domain: [0, 2],
      ramp: [
        [0, 0, 0],
        [1, 1, 1],
        [2, 2, 2],
      ],
      missing: [9, 9, 9],
    });
    expect(colours).toEqual([packed([0, 0, 0]), packed([1, 1, 1]), packed([2, 2, 2]), packed([9, 9, 9])]);
  });
});
