import type { Extent } from './points/extent';

/** Free room around the points when they fit, in CSS pixels. */
const MARGIN = 16;
const MOST_ZOOM_OUT = 4;
/** A pixel stays wider than this share of the extent: a few of the steps in which places are kept. */
const FINEST_PIXEL = 2 ** -29;
const KEY_PAN = 0.1;
const KEY_ZOOM = 1.25;

/** Where the plot looks: the same scale on both axes, y upwards. All in double precision. */
export class Camera {
  width = 1;
  height = 1;
  centreX = 0;
  centreY = 0;
  /** CSS pixels per unit of the data. */
  scale = 1;
  private extent: Extent = { left: -0.5, bottom: -0.5, width: 1, height: 1, count: 0 };
  private fitScale = 1;
  private isFitted = true;

  /** How much larger than fitted. */
  get zoomed(): number {
    return this.scale / this.fitScale;
  }

  /** Takes a new extent and shows all of it. */
  setExtent(extent: Extent): void {
    this.extent = extent;
    this.fitScale = this.scaleToFit();
    this.fit();
  }

  /** Keeps the centre and the scale, or all points in view if they were. */
  resize(width: number, height: number): void {
    this.width = Math.max(1, width);
    this.height = Math.max(1, height);
    this.fitScale = this.scaleToFit();
    if (this.isFitted) {
      this.fit();
    } else {
      this.keepWithin();
    }
  }

  fit(): void {
    const { left, bottom, width, height } = this.extent;
    this.centreX = left + width / 2;
    this.centreY = bottom + height / 2;
    this.scale = this.fitScale;
    this.isFitted = true;
  }

  pan(dx: number, dy: number): void {
    this.centreX -= dx / this.scale;
    this.centreY += dy / this.scale;
    this.isFitted = false;
    this.keepWithin();
  }

  /** The data under the place stays there, except where the centre would leave the points. */
  zoom(x: number, y: number, factor: number): void {
    const dataX = this.dataX(x);
    const dataY = this.dataY(y);
    this.scale *= factor;
    this.isFitted = false;
    this.keepWithin();
    this.centreX = dataX - (x - this.width / 2) / this.scale;
    this.centreY = dataY + (y - this.height / 2) / this.scale;
    this.keepWithin();
  }

  press(key: string): boolean {
    switch (key) {
      case 'ArrowLeft':
        this.pan(KEY_PAN * this.width, 0);
        return true;
      case 'ArrowRight':
        this.pan(-KEY_PAN * this.width, 0);
        return true;
      case 'ArrowUp':
        this.pan(0, KEY_PAN * this.height);
        return true;
      case 'ArrowDown':
        this.pan(0, -KEY_PAN * this.height);
        return true;
      case '+':
      case '=':
        this.zoom(this.width / 2, this.height / 2, KEY_ZOOM);
        return true;
      case '-':
        this.zoom(this.width / 2, this.height / 2, 1 / KEY_ZOOM);
        return true;
      case 'f':
      case 'F':
        this.fit();
        return true;
      default:
        return false;
    }
  }

  screenX(x: number): number {
    return (x - this.centreX) * this.scale + this.width / 2;
  }

  screenY(y: number): number {
    return (this.centreY - y) * this.scale + this.height / 2;
  }

  dataX(x: number): number {
    return this.centreX + (x - this.width / 2) / this.scale;
  }

  dataY(y: number): number {
    return this.centreY - (y - this.height / 2) / this.scale;
  }

  private scaleToFit(): number {
    const wide = Math.max(this.width - 2 * MARGIN, this.width / 2);
    const high = Math.max(this.height - 2 * MARGIN, this.height / 2);
    return Math.min(wide / this.extent.width, high / this.extent.height);
  }

  /** Nobody gets lost: the centre stays on the extent, the scale between limits. */
  private keepWithin(): void {
    const { left, bottom, width, height } = this.extent;
    const closest = 1 / (FINEST_PIXEL * Math.max(width, height));
    this.scale = clamp(this.scale, this.fitScale / MOST_ZOOM_OUT, Math.max(this.fitScale, closest));
    this.centreX = clamp(this.centreX, left, left + width);
    this.centreY = clamp(this.centreY, bottom, bottom + height);
  }
}

function clamp(value: number, low: number, high: number): number {
  return value > low ? Math.min(value, high) : low;
}
