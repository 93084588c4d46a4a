import type { Palette } from './palette';

/** Draws one pixel per bin; the canvas is stretched by its style. */
export function drawHeatStrip(canvas: HTMLCanvasElement, bins: Uint8Array, colours: Palette): void {
  canvas.width = bins.length;
  canvas.height = 1;
  const context = canvas.getContext('2d');
  if (context === null || bins.length === 0) {
    return;
  }
  const image = context.createImageData(bins.length, 1);
  bins.forEach((value, i) => {
    image.data.set(colours.subarray(4 * value, 4 * value + 4), 4 * i);
  });
  context.putImageData(image, 0, 0);
}
