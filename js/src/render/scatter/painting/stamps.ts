/** Places within a pixel, along each axis, for which the shape of a point is kept. */
export const SUBPIXELS = 4;
const FULL = 256;
const SMALLEST_STEP = 1 / 8;

/**
 * The shape of a round, smooth point for each place within a pixel: which pixels it covers, and how much.
 *
 * The pixels of place p are `offsets[i]` with cover `covers[i]` (0 to 256) for i from `starts[p]` to `starts[p + 1]`.
 */
export class Stamps {
  readonly starts = new Uint32Array(SUBPIXELS * SUBPIXELS + 1);
  offsets = new Int32Array(0);
  covers = new Int32Array(0);
  /** How far a point reaches from the pixel that it is in. */
  reach = 0;
  private size = 0;
  private pitch = 0;
  private opacity = 0;

  /** Makes the shapes for points of this diameter in a picture of `pitch` pixels a line, if they have changed. */
  shape(diameter: number, pitch: number, opacity: number): void {
    const size = Math.round(diameter / SMALLEST_STEP) * SMALLEST_STEP;
    if (size === this.size && pitch === this.pitch && opacity === this.opacity) {
      return;
    }
    [this.size, this.pitch, this.opacity] = [size, pitch, opacity];
    this.reach = Math.ceil(size / 2 + 0.5);
    this.makeRoom(SUBPIXELS * SUBPIXELS * (2 * this.reach + 1) ** 2);
    let at = 0;
    for (let place = 0; place < SUBPIXELS * SUBPIXELS; place++) {
      this.starts[place] = at;
      at = this.add(place, at);
    }
    this.starts[SUBPIXELS * SUBPIXELS] = at;
  }

  private makeRoom(length: number): void {
    if (this.offsets.length < length) {
      this.offsets = new Int32Array(length);
      this.covers = new Int32Array(length);
    }
  }

  private add(place: number, start: number): number {
    const { reach, size, pitch, opacity } = this;
    const x = ((place % SUBPIXELS) + 0.5) / SUBPIXELS;
    const y = (Math.floor(place / SUBPIXELS) + 0.5) / SUBPIXELS;
    let at = start;
    for (let row = -reach; row <= reach; row++) {
      for (let column = -reach; column <= reach; column++) {
        const distance = Math.hypot(column + 0.5 - x, row + 0.5 - y);
        const cover = Math.min(1, Math.max(0, size / 2 - distance + 0.5));
        const share = Math.round(cover * opacity * FULL);
        if (share > 0) {
          this.offsets[at] = row * pitch + column;
          this.covers[at++] = share;
        }
      }
    }
    return at;
  }
}
