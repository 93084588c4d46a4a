import type { Camera } from './camera';
import { css } from './colours';
import type { ScatterData, ScatterStyle } from './scatter';

const RING_GAP = 3;
const RING_WIDTH = 2;
const HALO_WIDTH = 5;
const OUTLINE_WIDTH = 1.5;
const OUTLINE_DASH = [4, 3];
const INSIDE_OPACITY = 0.12;

/** What is drawn above the points, without drawing them again: the ring of the hovered point, and the lasso. */
export class Overlay {
  hover: number | null = null;
  outline: ArrayLike<number> | null = null;

  draw(
    context: CanvasRenderingContext2D,
    ratio: number,
    camera: Camera,
    data: ScatterData,
    style: ScatterStyle,
    pointSize: number,
  ): void {
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, camera.width, camera.height);
    if (this.outline !== null) {
      drawOutline(context, this.outline, css(style.accent));
    }
    if (this.hover !== null) {
      const x = camera.screenX(data.x[this.hover] ?? NaN);
      const y = camera.screenY(data.y[this.hover] ?? NaN);
      if (Number.isFinite(x) && Number.isFinite(y)) {
        drawRing(context, x, y, pointSize / 2 + RING_GAP, style);
      }
    }
  }
}

function drawRing(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  radius: number,
  style: ScatterStyle,
): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.lineWidth = HALO_WIDTH;
  context.strokeStyle = css(style.background);
  context.stroke();
  context.lineWidth = RING_WIDTH;
  context.strokeStyle = css(style.accent);
  context.stroke();
}

/** Fills by the even-odd rule, by which rows are selected. */
function drawOutline(context: CanvasRenderingContext2D, polygon: ArrayLike<number>, colour: string): void {
  context.beginPath();
  for (let i = 0; i + 1 < polygon.length; i += 2) {
    context.lineTo(polygon[i] ?? 0, polygon[i + 1] ?? 0);
  }
  context.closePath();
  context.fillStyle = colour;
  context.globalAlpha = INSIDE_OPACITY;
  context.fill('evenodd');
  context.globalAlpha = 1;
  context.strokeStyle = colour;
  context.lineWidth = OUTLINE_WIDTH;
  context.setLineDash(OUTLINE_DASH);
  context.stroke();
  context.setLineDash([]);
}
