import { describe, expect, it } from 'vitest';
import { Camera } from '../../src/render/scatter/camera';
import { extentOf } from '../../src/render/scatter/points/extent';

function cameraOf(points: [number, number][], width = 400, height = 200): Camera {
  const camera = new Camera();
  camera.resize(width, height);
  camera.setExtent(
    extentOf(
      Float64Array.from(points, p => p[0]),
      Float64Array.from(points, p => p[1]),
    ),
  );
  return camera;
}

const SQUARE: [number, number][] = [
  [0, 0],
  [10, 10],
];

describe('camera', () => {
  it('fits all points with one scale for both axes, y upwards', () => {
    const camera = cameraOf(SQUARE);
    expect(camera.scale).toBe((200 - 32) / 10);
    expect([camera.screenX(5), camera.screenY(5)]).toEqual([200, 100]);
    expect([camera.screenY(0), camera.screenY(10)]).toEqual([184, 16]);
  });

  it('returns from the screen to the data, also far from the origin and deeply zoomed', () => {
    const camera = cameraOf([
      [1e6, -1e6],
      [1e6 + 1, -1e6 + 1],
    ]);
    camera.zoom(123, 45, 1e4);
    expect(camera.screenX(camera.dataX(310))).toBeCloseTo(310, 2);
    expect(camera.screenY(camera.dataY(17))).toBeCloseTo(17, 2);
  });

  it('keeps the data under the pointer when it zooms', () => {
    const camera = cameraOf(SQUARE);
    const before = [camera.dataX(150), camera.dataY(60)];
    camera.zoom(150, 60, 7);
    expect(camera.dataX(150)).toBeCloseTo(before[0]!, 12);
    expect(camera.dataY(60)).toBeCloseTo(before[1]!, 12);
    expect(camera.zoomed).toBeCloseTo(7, 12);
  });

  it('moves the data with the pointer when it pans, and never loses them', () => {
    const camera = cameraOf(SQUARE);
    const before = camera.screenX(3);
    camera.pan(20, 0);
    expect(camera.screenX(3)).toBeCloseTo(before + 20, 9);
    camera.pan(1e9, -1e9);
    expect([camera.centreX, camera.centreY]).toEqual([0, 0]);
  });

  it('stops zooming where pixels become finer than kept places, and at a quarter of the fitted size', () => {
    const camera = cameraOf(SQUARE);
    camera.zoom(200, 100, 1e30);
    expect(camera.scale * 10).toBeCloseTo(2 ** 29, 0);
    camera.zoom(200, 100, 1e-30);
    expect(camera.zoomed).toBeCloseTo(0.25, 12);
  });

  it('stays fitted when its size changes, until the user moves it', () => {
    const camera = cameraOf(SQUARE);
    camera.resize(800, 400);
    expect(camera.scale).toBe((400 - 32) / 10);
    camera.zoom(400, 200, 2);
    const { scale } = camera;
    camera.resize(400, 200);
    expect([camera.scale, camera.centreX]).toEqual([scale, 5]);
    camera.fit();
    camera.resize(800, 400);
    expect(camera.scale).toBe((400 - 32) / 10);
  });

  it.each([
    ['ArrowLeft', -1, 0],
    ['ArrowRight', 1, 0],
    ['ArrowUp', 0, 1],
    ['ArrowDown', 0, -1],
  ])('%s looks further in its direction', (key, x, y) => {
    const camera = cameraOf(SQUARE);
    expect(camera.press(key)).toBe(true);
    expect([Math.sign(camera.centreX - 5), Math.sign(camera.centreY - 5)]).toEqual([x, y]);
  });

  it('zooms and fits by keys, and leaves other keys alone', () => {
    const camera = cameraOf(SQUARE);
    camera.press('+');
    expect(camera.zoomed).toBeCloseTo(1.25, 12);
    camera.press('-');
    camera.press('-');
    expect(camera.zoomed).toBeCloseTo(0.8, 12);
    camera.press('f');
    expect(camera.zoomed).toBe(1);
    expect(camera.press('a')).toBe(false);
  });
});

describe('extent', () => {
  it.each([
    ['no rows', [], 0],
    ['only rows that cannot be drawn', [[NaN, 0], [0, Infinity], [1e200, 0]], 0], // prettier-ignore
    ['one row', [[3, 4]], 1],
    ['equal rows', [[1e20, -1e20], [1e20, -1e20]], 2], // prettier-ignore
    ['rows whose span overflows an inverse', [[0, 0], [5e-324, 1]], 2], // prettier-ignore
  ] satisfies [string, [number, number][], number][])(
    'of %s is never empty and fits finitely',
    (_, points, count) => {
      const camera = cameraOf(points);
      expect(Number.isFinite(camera.scale) && camera.scale > 0).toBe(true);
      const extent = extentOf(
        Float64Array.from(points, p => p[0]),
        Float64Array.from(points, p => p[1]),
      );
      expect(extent.count).toBe(count);
      expect(extent.left + extent.width).toBeGreaterThan(extent.left);
    },
  );
});
