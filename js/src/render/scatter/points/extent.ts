import type { Coordinates } from '../scatter';

/** What a rectangle of data coordinates spans; never empty. */
export interface Extent {
  readonly left: number;
  readonly bottom: number;
  readonly width: number;
  readonly height: number;
  /** How many rows have coordinates that can be drawn. */
  readonly count: number;
}

/** Above, spans and their products overflow. */
const LARGEST = 1e150;
/** Below, their inverses overflow. */
const SMALLEST_SPAN = 1e-290;

/** False for NaN and infinite coordinates. */
export function isDrawable(x: number, y: number): boolean {
  return Math.abs(x) <= LARGEST && Math.abs(y) <= LARGEST;
}

/** What the drawable points span; a span of 1 around them where they have none. */
export function extentOf(x: Coordinates, y: Coordinates): Extent {
  const rows = Math.min(x.length, y.length);
  let count = 0;
  let left = Infinity;
  let right = -Infinity;
  let bottom = Infinity;
  let top = -Infinity;
  for (let row = 0; row < rows; row++) {
    const px = x[row] ?? NaN;
    const py = y[row] ?? NaN;
    if (!isDrawable(px, py)) {
      continue;
    }
    count++;
    if (px < left) left = px;
    if (px > right) right = px;
    if (py < bottom) bottom = py;
    if (py > top) top = py;
  }
  if (count === 0) {
    return { left: -0.5, bottom: -0.5, width: 1, height: 1, count };
  }
  const [start, width] = spanOf(left, right);
  const [base, height] = spanOf(bottom, top);
  return { left: start, bottom: base, width, height, count };
}

function spanOf(low: number, high: number): [start: number, span: number] {
  const span = high - low;
  // Around 1e20 a span of 1 vanishes: points that are all equal get one that does not.
  return span < SMALLEST_SPAN ? aroundPoint(low) : [low, span];
}

function aroundPoint(value: number): [start: number, span: number] {
  const span = Math.max(1, Math.abs(value) * 1e-6);
  return [value - span / 2, span];
}
