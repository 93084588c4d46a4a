import type { Camera } from '../camera';
import type { PointGrid } from './pointGrid';
import type { PointList } from './pointLists';

/** The cells that a view shows: a rectangle, last ones included. */
export class CellWindow {
  left = 0;
  right = -1;
  bottom = 0;
  top = -1;

  /** Takes the cells of a view; `margin` is how much further it looks on each side, as a share of the view. */
  look(grid: PointGrid, camera: Camera, margin: number): void {
    const wide = margin * camera.width;
    const high = margin * camera.height;
    this.left = grid.cellOf(grid.stepX(camera.dataX(-wide)));
    this.right = grid.cellOf(grid.stepX(camera.dataX(camera.width + wide)));
    this.bottom = grid.cellOf(grid.stepY(camera.dataY(camera.height + high)));
    this.top = grid.cellOf(grid.stepY(camera.dataY(-high)));
  }

  contains(other: CellWindow): boolean {
    return (
      other.left >= this.left &&
      other.right <= this.right &&
      other.bottom >= this.bottom &&
      other.top <= this.top
    );
  }

  /** How many points of the list are in these cells. */
  count(list: PointList, side: number): number {
    let count = 0;
    for (let row = this.bottom; row <= this.top; row++) {
      const end = list.starts[row * side + this.right + 1] ?? 0;
      count += end - (list.starts[row * side + this.left] ?? 0);
    }
    return count;
  }
}

/** Ranges of a point list: begin, end, begin, end, ... */
export class Ranges {
  readonly bounds: Uint32Array;
  /** How many numbers of `bounds` count. */
  length = 0;

  /** Makes room for a range for each row of cells. */
  constructor(side: number) {
    this.bounds = new Uint32Array(2 * side);
  }

  /** Takes the points of a list in a window: a range for each row of cells, joined where they touch. */
  take(list: PointList, side: number, window: CellWindow): void {
    this.length = 0;
    for (let row = window.bottom; row <= window.top; row++) {
      const begin = list.starts[row * side + window.left] ?? 0;
      const end = list.starts[row * side + window.right + 1] ?? 0;
      if (begin === end) {
        continue;
      }
      if (this.length > 0 && this.bounds[this.length - 1] === begin) {
        this.bounds[this.length - 1] = end;
      } else {
        this.bounds[this.length++] = begin;
        this.bounds[this.length++] = end;
      }
    }
  }
}
