import type { Palette } from './palette';

/** Draws one pixel per bin; the canvas is stretched by its style. */
export function drawHeatStrip(canvas: HTMLCanvasElement, bins: Uint8Array, colours: Palette): void {
  const context = canvas.getContext('2d');
  if (context === null || bins.length === 0) {
    return;
  }
  if (canvas.width !== bins.length || canvas.height !== 1) {
    canvas.width = bins.length;
    canvas.height = 1;
  }
  const image = new ImageData(bins.length, 1);
  const pixels = new Uint32Array(image.data.buffer);
  const palette = new Uint32Array(colours.buffer);
  for (let i = 0; i < bins.length; i++) {
    pixels[i] = palette[bins[i] ?? 0] ?? 0;
  }
  context.putImageData(image, 0, 0);
}
