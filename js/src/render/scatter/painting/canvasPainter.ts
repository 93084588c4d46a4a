import type { Frame, Layer, Painter } from './painter';
import type { PointGrid } from '../points/pointGrid';
import { Stamps, SUBPIXELS } from './stamps';

/** Room around the picture for points at its edges; wider than half of the largest point. */
const MARGIN = 32;
const RED_BLUE = 0x00ff00ff;
const GREEN = 0x0000ff00;
const OPAQUE = -0x1000000;

/**
 * Draws points into the pixels of a picture, without a graphics processor.
 *
 * Sorted by cell, points that follow each other lie beside each other, so that the pixels stay in the cache.
 */
export class CanvasPainter implements Painter {
  readonly name = 'canvas';
  readonly pointsPerStep = 500_000;
  private places: Int32Array = new Int32Array(0);
  private colours: Int32Array = new Int32Array(0);
  private readonly slots: Record<Layer, Uint32Array | null> = { base: null, raised: null, sample: null };
  private image: ImageData | null = null;
  private pixels = new Int32Array(0);
  private readonly stamps = new Stamps();
  private frame: Frame | null = null;

  usePoints(grid: PointGrid): void {
    this.places = grid.places;
  }

  useColours(colours: Int32Array): void {
    this.colours = colours;
  }

  useSlots(layer: Layer, slots: Uint32Array | null): void {
    this.slots[layer] = slots;
  }

  begin(frame: Frame): void {
    this.frame = frame;
    const width = frame.width + 2 * MARGIN;
    const height = frame.height + 2 * MARGIN;
    if (this.image?.width !== width || this.image.height !== height) {
      this.image = new ImageData(width, height);
      this.pixels = new Int32Array(this.image.data.buffer);
    }
    this.pixels.fill(frame.background);
  }

  paint(layer: Layer, from: number, to: number, opacity: number, isDimmed: boolean): void {
    const { frame, image, stamps } = this;
    if (frame === null || image === null || from === to) {
      return;
    }
    stamps.shape(Math.min(frame.size, MARGIN), image.width, opacity);
    this.stampAll(frame, this.slots[layer], from, to, isDimmed ? frame.dimmed : null);
  }

  present(context: CanvasRenderingContext2D): void {
    if (this.image !== null) {
      context.putImageData(this.image, -MARGIN, -MARGIN);
    }
  }

  dispose(): void {
    this.image = null;
    this.pixels = new Int32Array(0);
    this.colours = this.places = this.pixels;
    this.slots.base = this.slots.raised = this.slots.sample = null;
  }

  /** The inner loop: everything it reads is in local variables. */
  private stampAll(
    frame: Frame,
    slots: Uint32Array | null,
    from: number,
    to: number,
    dimmed: number | null,
  ): void {
    const { places, colours, pixels, stamps } = this;
    const { width, height, scaleX, scaleY } = frame;
    const pitch = width + 2 * MARGIN;
    const shiftX = width / 2 - frame.centreX * scaleX;
    const shiftY = height / 2 + frame.centreY * scaleY;
    for (let i = from; i < to; i++) {
      const slot = slots === null ? i : (slots[i] ?? 0);
      const x = (places[2 * slot] ?? 0) * scaleX + shiftX;
      const y = shiftY - (places[2 * slot + 1] ?? 0) * scaleY;
      if (!(x >= 0 && x < width && y >= 0 && y < height)) {
        continue;
      }
      const colour = dimmed ?? colours[slot] ?? 0;
      const column = x | 0;
      const row = y | 0;
      const place = (((y - row) * SUBPIXELS) | 0) * SUBPIXELS + (((x - column) * SUBPIXELS) | 0);
      stamp(pixels, (row + MARGIN) * pitch + column + MARGIN, colour, stamps, place);
    }
  }
}

/** Blends a colour into the pixels that a point at the pixel `at` covers. A function of its own, as engines compile it earlier. */
function stamp(pixels: Int32Array, at: number, colour: number, stamps: Stamps, place: number): void {
  const { offsets, covers, starts } = stamps;
  const redBlue = colour & RED_BLUE;
  const green = colour & GREEN;
  const end = starts[place + 1] ?? 0;
  for (let k = starts[place] ?? 0; k < end; k++) {
    const pixel = at + (offsets[k] ?? 0);
    const cover = covers[k] ?? 0;
    const below = pixels[pixel] ?? 0;
    const belowRedBlue = below & RED_BLUE;
    const belowGreen = below & GREEN;
    pixels[pixel] =
      OPAQUE |
      ((belowRedBlue + (Math.imul(redBlue - belowRedBlue, cover) >> 8)) & RED_BLUE) |
      ((belowGreen + (Math.imul(green - belowGreen, cover) >> 8)) & GREEN);
  }
}
