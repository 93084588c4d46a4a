import { extentOf, isDrawable, type Extent } from './extent';
import type { ScatterData } from '../scatter';

/** Places are whole steps of 1/STEPS of the extent: the difference of two fits a signed 32-bit integer. */
const STEP_BITS = 31;
const STEPS = 2 ** STEP_BITS - 1;
const POINTS_PER_CELL = 8;
const MOST_SIDE_BITS = 10;
const SEED = 0x9e3779b9;

/**
 * The drawable points, sorted by the cells of a square grid, in a fixed shuffled order within each cell.
 *
 * Each point has a slot: its place in this order. The first points of a cell are thus a random sample of it, a row of cells is one
 * range of slots, and no category lies always above another. Places are fixed-point numbers re-based to the extent, so
 * that the painters subtract the centre of the view exactly: float32 coordinates would shake from a zoom of 1:10,000 on.
 */
export class PointGrid {
  readonly extent: Extent;
  /** Cells along an axis: a power of two. */
  readonly side: number;
  /** The row of each slot. */
  readonly rows: Uint32Array;
  /** The places of each slot: x, y, x, y, ... in steps from the lower left corner of the extent. */
  readonly places: Int32Array;
  /** The first slot of each cell, and behind the last cell the number of slots. Cells run from left to right, then up. */
  readonly starts: Uint32Array;
  readonly stepsPerX: number;
  readonly stepsPerY: number;
  private readonly cellShift: number;

  /** Takes O(N) time, and 12 bytes a point. */
  constructor(readonly data: ScatterData) {
    this.extent = extentOf(data.x, data.y);
    this.stepsPerX = STEPS / this.extent.width;
    this.stepsPerY = STEPS / this.extent.height;
    const { count } = this.extent;
    const bits = Math.ceil(Math.log2(Math.max(1, count / POINTS_PER_CELL)) / 2);
    this.side = 2 ** Math.min(MOST_SIDE_BITS, bits);
    this.cellShift = STEP_BITS - Math.log2(this.side);
    this.rows = new Uint32Array(count);
    this.places = new Int32Array(2 * count);
    this.starts = this.sortPoints();
    this.shuffleCells();
  }

  /** Of the whole rows, drawable or not. */
  get rowCount(): number {
    return Math.min(this.data.x.length, this.data.y.length);
  }

  /** The x of a data coordinate in steps; not rounded, outside of 0 to 2**31 for what lies outside of the extent. */
  stepX(x: number): number {
    return (x - this.extent.left) * this.stepsPerX;
  }

  stepY(y: number): number {
    return (y - this.extent.bottom) * this.stepsPerY;
  }

  /** The column or row of cells of a place in steps; the nearest one for what lies outside of the extent. */
  cellOf(step: number): number {
    return Math.min(STEPS, Math.max(0, Math.floor(step))) >>> this.cellShift;
  }

  /** The cell of each row, `nowhere` for those that are not drawn; and how many points each cell has. */
  private findCells(nowhere: number): { cells: Uint32Array; counts: Uint32Array } {
    const { data, rowCount, stepsPerX, stepsPerY, cellShift, side } = this;
    const { left, bottom } = this.extent;
    const { x, y } = data;
    const cells = new Uint32Array(rowCount);
    const counts = new Uint32Array(nowhere + 1);
    for (let row = 0; row < rowCount; row++) {
      const px = x[row] ?? NaN;
      const py = y[row] ?? NaN;
      let cell = nowhere;
      if (isDrawable(px, py)) {
        const column = Math.min(STEPS, (px - left) * stepsPerX) >>> cellShift;
        cell = (Math.min(STEPS, (py - bottom) * stepsPerY) >>> cellShift) * side + column;
      }
      cells[row] = cell;
      counts[cell] = (counts[cell] ?? 0) + 1;
    }
    return { cells, counts };
  }

  /** Sorts the points by cell, by counting; returns the first slot of each cell. */
  private sortPoints(): Uint32Array {
    const { data, rows, places, stepsPerX, stepsPerY } = this;
    const { left, bottom } = this.extent;
    const { x, y } = data;
    const nowhere = this.side * this.side;
    const { cells, counts: starts } = this.findCells(nowhere);
    let first = 0;
    for (let cell = 0; cell <= nowhere; cell++) {
      const count = starts[cell] ?? 0;
      starts[cell] = first;
      first += count;
    }
    const next = starts.slice();
    for (let row = 0; row < cells.length; row++) {
      const cell = cells[row] ?? nowhere;
      if (cell !== nowhere) {
        const slot = next[cell] ?? 0;
        next[cell] = slot + 1;
        rows[slot] = row;
        places[2 * slot] = Math.min(STEPS, ((x[row] ?? 0) - left) * stepsPerX);
        places[2 * slot + 1] = Math.min(STEPS, ((y[row] ?? 0) - bottom) * stepsPerY);
      }
    }
    return starts;
  }

  /** Fisher and Yates, with the numbers of xorshift32: equal data, equal order. */
  private shuffleCells(): void {
    const { starts } = this;
    let random = SEED;
    for (let cell = 0; cell + 1 < starts.length; cell++) {
      const start = starts[cell] ?? 0;
      for (let last = (starts[cell + 1] ?? 0) - 1; last > start; last--) {
        random ^= random << 13;
        random ^= random >>> 17;
        random ^= random << 5;
        this.swap(last, start + Math.floor(((random >>> 0) / 4294967296) * (last - start + 1)));
      }
    }
  }

  private swap(a: number, b: number): void {
    const { rows, places } = this;
    const row = rows[a] ?? 0;
    const x = places[2 * a] ?? 0;
    const y = places[2 * a + 1] ?? 0;
    rows[a] = rows[b] ?? 0;
    places[2 * a] = places[2 * b] ?? 0;
    places[2 * a + 1] = places[2 * b + 1] ?? 0;
    rows[b] = row;
    places[2 * b] = x;
    places[2 * b + 1] = y;
  }
}
