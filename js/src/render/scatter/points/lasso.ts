import { emptyBitset, setBit, type Bitset } from './bitset';
import { EdgeBands } from './edgeBands';
import type { PointGrid } from './pointGrid';

/** Rounding errors stay below this share of the largest number that takes part. */
const ROUNDING = 32 * Number.EPSILON;
/** How far beside an edge cells are tested point by point, as a share of a cell. */
const SLACK = 1e-6;

/**
 * The rows inside a polygon of data coordinates (x, y, x, y, ...), by the even-odd rule.
 *
 * Exact: the answer for each row is that of the plain loop over all edges in double precision. Cells of the grid that no edge comes
 * near are inside or outside as a whole; points are tested in the other cells only. Rows without drawable coordinates
 * are never inside. Corners that are not finite are left out.
 */
export function rowsInPolygon(grid: PointGrid, polygon: ArrayLike<number>): Bitset {
  const bits = emptyBitset(grid.rowCount);
  const edges = new EdgeBands(finiteCorners(polygon));
  if (edges.length < 3) {
    return bits;
  }
  const { side } = grid;
  const left = grid.cellOf(grid.stepX(edges.left));
  const right = grid.cellOf(grid.stepX(edges.right));
  const bottom = grid.cellOf(grid.stepY(edges.bottom));
  const top = grid.cellOf(grid.stepY(edges.top));
  const isBoundary = boundaryCells(grid, edges);
  for (let row = bottom; row <= top; row++) {
    let cell = row * side + left;
    const end = row * side + right + 1;
    while (cell < end) {
      const first = cell++;
      const kind = isBoundary[first];
      while (cell < end && isBoundary[cell] === kind) {
        cell++;
      }
      takeRun(grid, edges, first, cell, kind === 1, bits);
    }
  }
  return bits;
}

/** The rows inside a rectangle of data coordinates, its edges included. */
export function rowsInBox(grid: PointGrid, left: number, bottom: number, right: number, top: number): Bitset {
  const bits = emptyBitset(grid.rowCount);
  const { data, rows, starts, side } = grid;
  const firstColumn = grid.cellOf(grid.stepX(left));
  const lastColumn = grid.cellOf(grid.stepX(right));
  const lastRow = grid.cellOf(grid.stepY(top));
  for (let cellRow = grid.cellOf(grid.stepY(bottom)); cellRow <= lastRow; cellRow++) {
    const end = starts[cellRow * side + lastColumn + 1] ?? 0;
    for (let slot = starts[cellRow * side + firstColumn] ?? 0; slot < end; slot++) {
      const row = rows[slot] ?? 0;
      const x = data.x[row] ?? NaN;
      const y = data.y[row] ?? NaN;
      if (x >= left && x <= right && y >= bottom && y <= top) {
        setBit(bits, row);
      }
    }
  }
  return bits;
}

function finiteCorners(polygon: ArrayLike<number>): Float64Array {
  const corners = new Float64Array(polygon.length & ~1);
  let length = 0;
  for (let i = 0; i + 1 < polygon.length; i += 2) {
    const x = polygon[i] ?? NaN;
    const y = polygon[i + 1] ?? NaN;
    if (Number.isFinite(x) && Number.isFinite(y)) {
      corners[length++] = x;
      corners[length++] = y;
    }
  }
  return corners.subarray(0, length);
}

/** Takes the points of neighbouring cells of one kind: one by one on the boundary, else all or none. */
function takeRun(
  grid: PointGrid,
  edges: EdgeBands,
  firstCell: number,
  endCell: number,
  isBoundary: boolean,
  bits: Bitset,
): void {
  const { data, rows, starts } = grid;
  const first = starts[firstCell] ?? 0;
  const end = starts[endCell] ?? 0;
  if (first === end) {
    return;
  }
  if (isBoundary) {
    for (let slot = first; slot < end; slot++) {
      const row = rows[slot] ?? 0;
      if (edges.isInside(data.x[row] ?? NaN, data.y[row] ?? NaN)) {
        setBit(bits, row);
      }
    }
    return;
  }
  const sample = rows[first] ?? 0;
  if (edges.isInside(data.x[sample] ?? NaN, data.y[sample] ?? NaN)) {
    for (let slot = first; slot < end; slot++) {
      setBit(bits, rows[slot] ?? 0);
    }
  }
}

/** Marks the cells that an edge touches or comes near to. */
function boundaryCells(grid: PointGrid, edges: EdgeBands): Uint8Array {
  const { side, extent } = grid;
  const cells = new Uint8Array(side * side);
  const { corners } = edges;
  const padX = padding(extent.left, extent.width, side, edges.left, edges.right);
  const padY = padding(extent.bottom, extent.height, side, edges.bottom, edges.top);
  const cellHeight = extent.height / side;
  let ax = corners[corners.length - 2] ?? 0;
  let ay = corners[corners.length - 1] ?? 0;
  for (let i = 0; i < corners.length; i += 2) {
    const bx = corners[i] ?? 0;
    const by = corners[i + 1] ?? 0;
    const low = Math.min(ay, by) - padY;
    const high = Math.max(ay, by) + padY;
    const lastRow = grid.cellOf(grid.stepY(high));
    for (let row = grid.cellOf(grid.stepY(low)); row <= lastRow; row++) {
      // The part of the edge at the height of this row of cells.
      const rowBottom = extent.bottom + row * cellHeight - padY;
      const rowTop = extent.bottom + (row + 1) * cellHeight + padY;
      const from = crossing(ax, ay, bx, by, Math.max(low, rowBottom));
      const to = crossing(ax, ay, bx, by, Math.min(high, rowTop));
      const first = row * side + grid.cellOf(grid.stepX(Math.min(from, to) - padX));
      const last = row * side + grid.cellOf(grid.stepX(Math.max(from, to) + padX));
      cells.fill(1, first, last + 1);
    }
    ax = bx;
    ay = by;
  }
  return cells;
}

function padding(start: number, span: number, side: number, low: number, high: number): number {
  const largest = Math.abs(start) + span + Math.max(Math.abs(low), Math.abs(high));
  return ROUNDING * largest + (SLACK * span) / side;
}

/** The x of an edge at a height; that of the nearer end for heights beyond the edge. */
function crossing(ax: number, ay: number, bx: number, by: number, y: number): number {
  const share = (y - ay) / (by - ay);
  return share > 0 ? (share < 1 ? ax + (bx - ax) * share : bx) : ax;
}
