import { describe, expect, it } from 'vitest';
import { Camera } from '../../src/render/scatter/camera';
import { emptyBitset, setBit } from '../../src/render/scatter/points/bitset';
import { PointGrid } from '../../src/render/scatter/points/pointGrid';
import { pointLists } from '../../src/render/scatter/points/pointLists';
import { pointOpacity, pointSize } from '../../src/render/scatter/painting/pointStyle';
import { ALL_ROWS } from '../../src/render/scatter/scatter';
import { SAMPLE_SIZE, ViewSample } from '../../src/render/scatter/points/viewSample';
import { heaps } from '../support/scatter';

const COUNT = 400_000;
const data = heaps(COUNT);
const grid = new PointGrid(data);
const lists = pointLists(grid, ALL_ROWS);

function cameraOf(zoom: number): Camera {
  const camera = new Camera();
  camera.resize(800, 600);
  camera.setExtent(grid.extent);
  camera.zoom(400, 300, zoom);
  return camera;
}

describe('the sample that is drawn while the view moves', () => {
  it('is as large as it may be, and no point is in it twice', () => {
    const sample = new ViewSample();
    sample.renew(grid, lists, cameraOf(1), 0);
    expect(sample.count).toBeLessThanOrEqual(SAMPLE_SIZE);
    expect(sample.count).toBeGreaterThan(0.98 * SAMPLE_SIZE);
    expect(new Set(sample.slots.subarray(0, sample.count)).size).toBe(sample.count);
  });

  it('has about the same share of dense and of sparse places', () => {
    const sample = new ViewSample();
    sample.renew(grid, lists, cameraOf(1), 0);
    const share = SAMPLE_SIZE / COUNT;
    const inHeap = new Uint32Array(8);
    for (const slot of sample.slots.subarray(0, sample.count)) {
      inHeap[grid.rows[slot]! % 8]!++;
    }
    for (const count of inHeap) {
      expect(count / (COUNT / 8)).toBeCloseTo(share, 1);
    }
  });

  it('has all points of a view that holds few of them: a zoomed-in map is not thinned', () => {
    const camera = cameraOf(12);
    const sample = new ViewSample();
    sample.renew(grid, lists, camera, 0);
    const rows = new Set([...sample.slots.subarray(0, sample.count)].map(slot => grid.rows[slot]));
    let inView = 0;
    for (let row = 0; row < COUNT; row++) {
      const [x, y] = [camera.screenX(data.x[row]!), camera.screenY(data.y[row]!)];
      if (x >= 0 && x < 800 && y >= 0 && y < 600) {
        inView++;
        if (!rows.has(row)) {
          expect.fail(`row ${row} is in view and not in the sample`);
        }
      }
    }
    expect(inView).toBeGreaterThan(100);
  });

  it('is kept for 200 ms, unless the view leaves it or zooms', () => {
    const sample = new ViewSample();
    const camera = cameraOf(4);
    const renewed = (now: number) => sample.renew(grid, lists, camera, now);
    expect([renewed(0), renewed(199), renewed(200)]).toEqual([true, false, true]);
    camera.pan(20, 0);
    expect(renewed(210)).toBe(false);
    camera.pan(300, 0);
    expect(renewed(220)).toBe(true);
    camera.zoom(400, 300, 1.3);
    expect(renewed(230)).toBe(true);
    sample.expire();
    expect(renewed(231)).toBe(true);
  });

  it('keeps its points when it is made anew for the same view', () => {
    const sample = new ViewSample();
    sample.renew(grid, lists, cameraOf(2), 0);
    const before = sample.slots.slice(0, sample.count);
    sample.renew(grid, lists, cameraOf(2), 1000);
    expect(sample.slots.subarray(0, sample.count).join()).toBe(before.join());
  });

  it('takes all selected points where they are few, and half of it where they are many', () => {
    const pick = (step: number) => {
      const selected = emptyBitset(COUNT);
      for (let row = 0; row < COUNT; row += step) {
        setBit(selected, row);
      }
      const sample = new ViewSample();
      const picked = pointLists(grid, { ...ALL_ROWS, selected });
      sample.renew(grid, picked, cameraOf(1), 0);
      return sample.count - sample.baseCount;
    };
    expect(pick(1000)).toBe(400);
    expect(pick(2)).toBeGreaterThan(0.48 * SAMPLE_SIZE);
    expect(pick(2)).toBeLessThan(0.52 * SAMPLE_SIZE);
  });
});

describe('the style of points', () => {
  it('is smaller and fainter the more there are, larger the closer one looks, within limits', () => {
    const area = 800 * 600;
    const sizes = [10, 10_000, 100_000, 10_000_000].map(count => pointSize(count, area, 1));
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect([sizes[0], sizes[3]]).toEqual([6, 1.6]);
    expect(pointSize(10_000, area, 8)).toBeGreaterThan(pointSize(10_000, area, 1));
    expect(pointSize(10, area, 1e6)).toBe(9);
    expect([pointOpacity(10, 6, area), pointOpacity(10_000_000, 2, area)]).toEqual([0.9, 0.25]);
  });
});
