import { beforeEach, describe, expect, it, vi } from 'vitest';
import { emptyBitset, hasBit, setBit } from '../../src/render/scatter/points/bitset';
import { createScatter, LIGHT_STYLE } from '../../src/render/scatter/createScatter';
import type { ScatterView } from '../../src/render/scatter/scatter';
import { FakeFrames, fakeContexts, heaps, type FakeContext } from '../support/scatter';

const WHITE = [255, 255, 255];
const RED: [number, number, number] = [200, 0, 0];
const BLUE: [number, number, number] = [0, 0, 200];
const CATEGORIES = {
  kind: 'category',
  codes: Uint8Array.of(0, 1, 0),
  palette: [RED, BLUE],
  other: [9, 9, 9],
} as const;

const THREE = { x: Float32Array.of(0, 5, 10), y: Float32Array.of(0, 5, 10) };

/** A plot without WebGL, of 232 x 132 pixels: 10 units of the data are 100 pixels. */
class PlotUnderTest {
  readonly frames = new FakeFrames();
  readonly host = document.createElement('div');
  readonly contexts = fakeContexts();
  readonly view: ScatterView = createScatter(this.host, {
    frames: this.frames,
    style: { ...LIGHT_STYLE, opacityFactor: Infinity },
  });

  constructor() {
    this.view.resize(232, 132, 1);
  }

  get points(): FakeContext {
    return this.contexts[0]!;
  }

  /** The colour in the middle of a row's point. */
  colourAt(x: number, y: number): number[] {
    const place = this.view.toScreen(x, y);
    return this.points.pixel(Math.floor(place.x), Math.floor(place.y));
  }

  settle(): void {
    this.frames.frame();
    this.frames.advance(1000);
    this.frames.frame();
  }
}

let plot: PlotUnderTest;

beforeEach(() => {
  plot = new PlotUnderTest();
  plot.view.setData(THREE);
  plot.view.setColours(CATEGORIES);
});

describe('scatter plot without WebGL', () => {
  it('draws each row in the colour of its category, and the background elsewhere', () => {
    plot.frames.frame();
    expect(plot.view.painter).toBe('canvas');
    expect([plot.colourAt(0, 0), plot.colourAt(5, 5), plot.colourAt(10, 10)]).toEqual([RED, BLUE, RED]);
    expect(plot.colourAt(0, 10)).toEqual(WHITE);
  });

  it('draws on the background and in the grey that it is given', () => {
    const selected = emptyBitset(3);
    setBit(selected, 1);
    plot.view.setMasks({ shown: null, selected, isolated: null });
    plot.view.setStyle({
      ...LIGHT_STYLE,
      background: [0, 0, 0],
      dimmed: [90, 90, 90],
      opacityFactor: Infinity,
    });
    plot.frames.frame();
    expect([plot.colourAt(0, 0), plot.colourAt(5, 5)]).toEqual([[90, 90, 90], BLUE]);
    expect(plot.colourAt(0, 10)).toEqual([0, 0, 0]);
  });

  it('does not draw rows that the filters hide', () => {
    const shown = emptyBitset(3);
    setBit(shown, 0);
    plot.view.setMasks({ shown, selected: null, isolated: null });
    plot.frames.frame();
    expect([plot.colourAt(0, 0), plot.colourAt(5, 5)]).toEqual([RED, WHITE]);
  });

  it('draws selected rows above others at the same place', () => {
    const selected = emptyBitset(50);
    setBit(selected, 17);
    plot.view.setData({ x: new Float32Array(50), y: new Float32Array(50) });
    plot.view.setColours({ kind: 'single', colour: RED });
    plot.view.setMasks({ shown: null, selected, isolated: null });
    plot.frames.frame();
    expect(plot.colourAt(0, 0)).toEqual(RED);
  });

  it('points are round and as large as their number says', () => {
    plot.frames.frame();
    const painted = plot.points.painted(232, 132, WHITE);
    // Three points of 6 pixels, each with a smooth edge.
    expect(painted).toBeGreaterThan(3 * 28);
    expect(painted).toBeLessThan(3 * 49);
  });

  it('uses the pixels of the screen, with points of the same size', () => {
    plot.view.resize(232, 132, 2);
    const canvas = plot.host.querySelector('canvas')!;
    expect([canvas.width, canvas.height]).toEqual([464, 264]);
    const painted = plot.points.painted(464, 264, WHITE);
    expect(painted).toBeGreaterThan(3 * 4 * 28);
    expect(painted).toBeLessThan(3 * 4 * 42);
  });

  it('draws many changes in one frame', () => {
    plot.frames.frame();
    const { pictures } = plot.points;
    plot.view.pan(1, 1);
    plot.view.pan(1, 1);
    plot.view.zoom(50, 50, 2);
    plot.settle();
    expect(plot.points.pictures).toBe(pictures + 1);
  });

  it('tells after a frame that labels can follow, until it is told not to', () => {
    const followed = vi.fn();
    const stop = plot.view.onFrame(followed);
    plot.frames.frame();
    expect(followed).toHaveBeenCalledTimes(1);
    stop();
    plot.view.pan(1, 0);
    plot.frames.frame();
    expect(followed).toHaveBeenCalledTimes(1);
  });

  it('finds rows by the pointer, by lasso and by rectangle, in pixels', () => {
    const { x, y } = plot.view.toScreen(5, 5);
    expect(plot.view.rowAt(x + 3, y, 8)).toBe(1);
    expect(plot.view.rowAt(x + 30, y, 8)).toBeNull();
    const lasso = plot.view.rowsInLasso([x - 9, y - 9, x + 9, y - 9, x + 9, y + 9, x - 9, y + 9]);
    expect([...lasso]).toEqual([0b010]);
    expect([...plot.view.rowsInRectangle(x + 9, y + 9, 0, 0)]).toEqual([0b010]);
    expect([...plot.view.rowsInRectangle(0, 0, 232, 132)]).toEqual([0b111]);
  });

  it('rings the hovered row without drawing the points again', () => {
    plot.frames.frame();
    const { pictures } = plot.points;
    plot.view.setHover(1);
    expect(plot.contexts[1]!.calls.some(call => call.startsWith('arc(116 66'))).toBe(true);
    expect(plot.points.pictures).toBe(pictures);
  });

  it('fills the outline of a lasso by the rule that selects', () => {
    plot.view.setOutline([0, 0, 9, 0, 9, 9]);
    expect(plot.contexts[1]!.calls).toContain('fill(evenodd)');
  });

  it('may be disposed twice, and then neither draws nor waits', () => {
    plot.view.dispose();
    plot.view.dispose();
    expect(plot.host.children.length).toBe(0);
    plot.view.pan(1, 1);
    plot.view.setMasks({ shown: null, selected: null, isolated: null });
    plot.view.resize(10, 10, 1);
    expect(plot.frames.pending).toBe(0);
  });

  it('takes no rows, and rows that cannot be drawn', () => {
    plot.view.setData({ x: new Float32Array(0), y: new Float32Array(0) });
    plot.settle();
    expect(plot.points.painted(232, 132, WHITE)).toBe(0);
    plot.view.setData({ x: Float64Array.of(NaN, 1), y: Float64Array.of(1, Infinity) });
    plot.settle();
    expect(plot.points.painted(232, 132, WHITE)).toBe(0);
    expect(plot.view.rowAt(100, 60, 500)).toBeNull();
  });
});

describe('many points', () => {
  const COUNT = 700_000;

  it('are sampled while they move, and all drawn in steps once they rest', () => {
    plot.view.setData(heaps(COUNT));
    plot.view.setColours({ kind: 'single', colour: RED });
    plot.frames.frame();
    expect(plot.view.isComplete).toBe(false);
    const { pictures } = plot.points;
    plot.frames.advance(200);
    plot.frames.frame();
    expect([plot.view.isComplete, plot.points.pictures]).toEqual([false, pictures]);
    plot.frames.frame();
    expect([plot.view.isComplete, plot.points.pictures]).toEqual([true, pictures + 1]);
    expect(plot.frames.pending).toBe(0);
  });

  it('are not finished when the user moves on meanwhile', () => {
    plot.view.setData(heaps(COUNT));
    plot.frames.frame();
    plot.frames.advance(200);
    plot.frames.frame();
    plot.view.pan(5, 5);
    const { pictures } = plot.points;
    plot.frames.frame();
    expect([plot.view.isComplete, plot.points.pictures]).toEqual([false, pictures + 1]);
    plot.frames.advance(100);
    plot.view.pan(5, 5);
    plot.frames.advance(100);
    plot.frames.frame();
    expect(plot.view.isComplete).toBe(false);
  });

  it('are sampled in a frame that comes late', () => {
    plot.view.setData(heaps(COUNT));
    plot.frames.frame();
    plot.view.pan(5, 5);
    const { pictures } = plot.points;
    plot.frames.advance(1000);
    plot.frames.frame();
    expect([plot.view.isComplete, plot.points.pictures]).toEqual([false, pictures + 1]);
    plot.settle();
    plot.frames.frame();
    expect(plot.view.isComplete).toBe(true);
  });

  it('that are selected are found by the rows of a lasso', () => {
    const data = heaps(1000);
    plot.view.setData(data);
    const rows = plot.view.rowsInLasso([0, 0, 232, 0, 232, 132, 0, 132]);
    expect(data.x.every((_, row) => hasBit(rows, row))).toBe(true);
  });
});
