import { DEAD, type Palette } from './palette';

/** Width of the whole map. */
const WIDTH = 384;

/** How units are laid out: fewer and larger squares for few units. */
export interface MapLayout {
  readonly columns: number;
  /** Side of a square in pixels, with its margin. */
  readonly cell: number;
  readonly width: number;
  readonly height: number;
}

export function mapLayout(units: number): MapLayout {
  const columns = units <= 512 ? 32 : units <= 2048 ? 64 : 128;
  const cell = WIDTH / columns;
  return { columns, cell, width: WIDTH, height: cell * Math.ceil(units / columns) };
}

/** The unit at a place of the map, or null. */
export function unitAt(layout: MapLayout, units: number, x: number, y: number): number | null {
  const unit = Math.floor(y / layout.cell) * layout.columns + Math.floor(x / layout.cell);
  return x >= 0 && x < layout.width && y >= 0 && unit < units ? unit : null;
}

/** Draws a square per unit in the order of their numbers; dead ones are crossed. */
export function drawUnitMap(canvas: HTMLCanvasElement, shares: ArrayLike<number>, colours: Palette): void {
  const { columns, cell, width, height } = mapLayout(shares.length);
  const ratio = window.devicePixelRatio || 1;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const context = canvas.getContext('2d');
  if (context === null) {
    return;
  }
  context.scale(ratio, ratio);
  const side = cell > 4 ? cell - 1 : cell;
  for (let unit = 0; unit < shares.length; unit++) {
    const left = (unit % columns) * cell;
    const top = Math.floor(unit / columns) * cell;
    const share = shares[unit] ?? 0;
    const colour = share === 1 ? DEAD : Math.min(DEAD - 1, Math.round(share * (DEAD - 1)));
    context.fillStyle = rgb(colours, colour);
    context.fillRect(left, top, side, side);
    if (share === 1 && cell > 4) {
      context.strokeStyle = rgb(colours, 0);
      context.beginPath();
      context.moveTo(left + 0.25 * side, top + 0.25 * side);
      context.lineTo(left + 0.75 * side, top + 0.75 * side);
      context.moveTo(left + 0.75 * side, top + 0.25 * side);
      context.lineTo(left + 0.25 * side, top + 0.75 * side);
      context.stroke();
    }
  }
}

function rgb(colours: Palette, value: number): string {
  const [red = 0, green = 0, blue = 0] = colours.subarray(4 * value, 4 * value + 3);
  return `rgb(${red} ${green} ${blue})`;
}
