import { hasBit, type Bitset } from './bitset';
import type { Camera } from '../camera';
import type { PointGrid } from './pointGrid';

/** Nearer than this, in pixels, no other point is looked for. */
const ON_IT = 0.5;

/** The shown row nearest to a place in CSS pixels, at most `reach` away; null if there is none. */
export function nearestRow(
  grid: PointGrid,
  camera: Camera,
  shown: Bitset | null,
  x: number,
  y: number,
  reach: number,
): number | null {
  const { data, rows, starts, side } = grid;
  const left = grid.cellOf(grid.stepX(camera.dataX(x - reach)));
  const right = grid.cellOf(grid.stepX(camera.dataX(x + reach)));
  const bottom = grid.cellOf(grid.stepY(camera.dataY(y + reach)));
  const top = grid.cellOf(grid.stepY(camera.dataY(y - reach)));
  let nearest: number | null = null;
  let least = reach * reach;
  for (let cellRow = bottom; cellRow <= top; cellRow++) {
    const end = starts[cellRow * side + right + 1] ?? 0;
    for (let slot = starts[cellRow * side + left] ?? 0; slot < end; slot++) {
      const row = rows[slot] ?? 0;
      const dx = camera.screenX(data.x[row] ?? NaN) - x;
      const dy = camera.screenY(data.y[row] ?? NaN) - y;
      const distance = dx * dx + dy * dy;
      if (distance <= least && (shown === null || hasBit(shown, row))) {
        if (distance < ON_IT * ON_IT) {
          return row;
        }
        nearest = row;
        least = distance;
      }
    }
  }
  return nearest;
}
