import { describe, expect, it } from 'vitest';
import { countBits, hasBit, type Bitset } from '../../src/render/scatter/points/bitset';
import { isDrawable } from '../../src/render/scatter/points/extent';
import { rowsInBox, rowsInPolygon } from '../../src/render/scatter/points/lasso';
import { PointGrid } from '../../src/render/scatter/points/pointGrid';
import type { ScatterData } from '../../src/render/scatter/scatter';
import { heaps, seeded } from '../support/scatter';

/** The even-odd rule by a loop over all edges, in double precision. */
function isInside(polygon: ArrayLike<number>, x: number, y: number): boolean {
  let inside = false;
  for (let i = 0, j = polygon.length - 2; i < polygon.length; j = i, i += 2) {
    const [ax, ay, bx, by] = [polygon[i]!, polygon[i + 1]!, polygon[j]!, polygon[j + 1]!];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) {
      inside = !inside;
    }
  }
  return inside;
}

function wrongRows(data: ScatterData, polygon: ArrayLike<number>, found: Bitset): number[] {
  const wrong: number[] = [];
  for (let row = 0; row < data.x.length; row++) {
    const [x, y] = [data.x[row]!, data.y[row]!];
    if (hasBit(found, row) !== (isDrawable(x, y) && isInside(polygon, x, y))) {
      wrong.push(row);
    }
  }
  return wrong;
}

function check(data: ScatterData, polygon: ArrayLike<number>): number {
  const found = rowsInPolygon(new PointGrid(data), polygon);
  expect(wrongRows(data, polygon, found)).toEqual([]);
  return countBits(found);
}

/** A line around a centre, as a hand draws it. */
function drawn(corners: number, random: () => number, centre: [number, number], radius: number): number[] {
  return Array.from({ length: corners }, (_, i) => {
    const angle = (2 * Math.PI * i) / corners;
    const far = radius * (0.6 + 0.4 * random());
    return [centre[0] + far * Math.cos(angle), centre[1] + far * Math.sin(angle)];
  }).flat();
}

describe('lasso', () => {
  it('of 400 corners has no wrong row among 30,000', () => {
    const data = heaps(30_000);
    expect(check(data, drawn(400, seeded(2), [5, 5], 4))).toBeGreaterThan(3000);
  });

  it('has no wrong row for random polygons that cross themselves', () => {
    const data = heaps(3000, 7);
    for (let seed = 0; seed < 150; seed++) {
      const random = seeded(seed);
      const corners = 3 + Math.floor(20 * random());
      check(
        data,
        Array.from({ length: 2 * corners }, () => 16 * random() - 3),
      );
    }
  });

  it('has no wrong row where points lie on edges, corners and the lines of the grid', () => {
    const side = 65;
    const data = {
      x: Float64Array.from({ length: side * side }, (_, i) => (i % side) / 64),
      y: Float64Array.from({ length: side * side }, (_, i) => Math.floor(i / side) / 64),
    };
    for (let seed = 0; seed < 150; seed++) {
      const random = seeded(1000 + seed);
      const corners = 3 + Math.floor(8 * random());
      // Corners on points, so that edges run along rows, columns and diagonals of points.
      check(
        data,
        Array.from({ length: 2 * corners }, () => Math.floor(17 * random()) / 16),
      );
    }
  });

  it('has no wrong row at an offset of a thousand million, in single and double precision', () => {
    for (const seed of [1, 2, 3]) {
      const random = seeded(seed);
      const { x, y } = heaps(5000, seed, 1e9);
      const polygon = Array.from({ length: 24 }, () => 1e9 + 12 * random());
      check({ x, y }, polygon);
      check({ x: Float32Array.from(x), y: Float32Array.from(y) }, polygon);
    }
  });

  it('has no wrong row where one far point puts all others into one cell', () => {
    const { x, y } = heaps(5000, 4);
    x[0] = 1e9;
    expect(check({ x, y }, drawn(100, seeded(1), [5, 5], 3))).toBeGreaterThan(100);
  });

  it('leaves out rows that cannot be drawn, also inside a polygon that holds everything', () => {
    const data = {
      x: Float64Array.of(0, NaN, 1, -Infinity, 0.5),
      y: Float64Array.of(0, 0, Infinity, 0, 0.5),
    };
    expect(check(data, [-9, -9, 9, -9, 9, 9, -9, 9])).toBe(2);
  });

  it('takes all of equal points or none', () => {
    const data = { x: new Float32Array(100).fill(3), y: new Float32Array(100).fill(4) };
    expect(check(data, [2, 3, 4, 3, 4, 5, 2, 5])).toBe(100);
    expect(check(data, [5, 5, 6, 5, 6, 6])).toBe(0);
  });

  it.each([
    ['nothing', []],
    ['a point', [5, 5]],
    ['a line', [0, 0, 9, 9]],
    ['a flat polygon', [0, 5, 9, 5, 3, 5]],
    ['corners that are not finite', [NaN, 0, 9, Infinity, 3, 3]],
  ])('of %s is empty', (_, polygon) => {
    expect(countBits(rowsInPolygon(new PointGrid(heaps(1000)), polygon))).toBe(0);
  });

  it('that circles an area twice does not have it: the even-odd rule', () => {
    const data = { x: Float32Array.of(1), y: Float32Array.of(1) };
    const square = [0, 0, 2, 0, 2, 2, 0, 2];
    expect(check(data, square)).toBe(1);
    expect(check(data, [...square, ...square])).toBe(0);
  });
});

describe('rectangle', () => {
  it('has the rows between its edges, edges included', () => {
    const data = heaps(20_000, 6);
    const grid = new PointGrid(data);
    const random = seeded(3);
    for (let round = 0; round < 50; round++) {
      // Edges through points.
      const [a, b] = [Math.floor(20_000 * random()), Math.floor(20_000 * random())];
      const left = Math.min(data.x[a]!, data.x[b]!);
      const right = Math.max(data.x[a]!, data.x[b]!);
      const bottom = Math.min(data.y[a]!, data.y[b]!);
      const top = Math.max(data.y[a]!, data.y[b]!);
      const found = rowsInBox(grid, left, bottom, right, top);
      for (let row = 0; row < 20_000; row++) {
        const [x, y] = [data.x[row]!, data.y[row]!];
        const inside = x >= left && x <= right && y >= bottom && y <= top;
        if (hasBit(found, row) !== inside) {
          expect.fail(`row ${row} in round ${round}`);
        }
      }
      expect(hasBit(found, a) && hasBit(found, b)).toBe(true);
    }
  });
});
