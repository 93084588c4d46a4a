import type { Bitset } from './points/bitset';
import { Camera } from './camera';
import { fillColours } from './colours';
import { Drawing, type DrawnPoints, type Progress } from './drawing';
import type { Frames } from './frames';
import { nearestRow } from './points/hitTest';
import { rowsInBox, rowsInPolygon } from './points/lasso';
import { Overlay } from './overlay';
import { Painters } from './painting/painters';
import { PointGrid } from './points/pointGrid';
import { pointLists } from './points/pointLists';
import {
  ALL_ROWS,
  type PainterChoice,
  type ScatterColours,
  type ScatterData,
  type ScatterMasks,
  type ScatterStyle,
  type ScatterView,
  type ScreenPoint,
} from './scatter';

/** So long after a frame nothing may change before all points are drawn. */
const SETTLE_MS = 150;

const NOTHING: ScatterData = { x: new Float32Array(0), y: new Float32Array(0) };

/** Two canvases in an element: the points, and above them what follows the pointer. */
export class ScatterPlot implements ScatterView {
  private readonly camera = new Camera();
  private readonly painters: Painters;
  private readonly drawing: Drawing;
  private readonly overlay = new Overlay();
  private readonly pointCanvas = plotCanvas();
  private readonly overlayCanvas = plotCanvas();
  private readonly pointContext = this.pointCanvas.getContext('2d', { alpha: false });
  private readonly overlayContext = this.overlayCanvas.getContext('2d');
  private readonly listeners = new Set<() => void>();
  private points: DrawnPoints;
  private masks = ALL_ROWS;
  private ratio = 1;
  private request: number | null = null;
  private cancelSettle: (() => void) | null = null;
  private drawnAt = -Infinity;
  private isMoving = true;
  private isDisposed = false;
  private progress: Progress = 'sampled';

  constructor(
    host: HTMLElement,
    private style: ScatterStyle,
    private scatterColours: ScatterColours,
    choice: PainterChoice,
    private readonly frames: Frames,
  ) {
    this.points = this.sorted(NOTHING);
    this.painters = new Painters(choice, this.repaint);
    this.drawing = new Drawing(this.points, this.painters.current);
    this.drawing.usePainter(this.painters.current);
    host.append(this.pointCanvas, this.overlayCanvas);
  }

  get painter(): 'webgl' | 'canvas' {
    return this.painters.current.name;
  }

  get isComplete(): boolean {
    return this.progress === 'complete' && this.request === null;
  }

  /** Shows all of the new points. The colours and masks stay, as rows mean the same. */
  setData(data: ScatterData): void {
    this.points = this.sorted(data);
    this.camera.setExtent(this.points.grid.extent);
    this.drawing.usePoints(this.points);
    this.changed();
  }

  setColours(colours: ScatterColours): void {
    this.scatterColours = colours;
    fillColours(this.points.grid, colours, this.points.colours);
    this.drawing.useColours();
    this.changed();
  }

  setMasks(masks: ScatterMasks): void {
    this.masks = masks;
    this.points = { ...this.points, lists: pointLists(this.points.grid, masks) };
    this.drawing.useLists(this.points);
    this.changed();
  }

  setStyle(style: ScatterStyle): void {
    this.style = style;
    this.changed();
  }

  setHover(row: number | null): void {
    if (this.overlay.hover !== row) {
      this.overlay.hover = row;
      this.drawOverlay();
    }
  }

  setOutline(polygon: ArrayLike<number> | null): void {
    this.overlay.outline = polygon;
    this.drawOverlay();
  }

  /** Draws at once, as a canvas whose size changes is empty. */
  resize(width: number, height: number, pixelRatio: number): void {
    if (this.isDisposed || width < 1 || height < 1) {
      return;
    }
    this.ratio = pixelRatio;
    this.camera.resize(width, height);
    for (const canvas of [this.pointCanvas, this.overlayCanvas]) {
      canvas.width = Math.round(this.camera.width * pixelRatio);
      canvas.height = Math.round(this.camera.height * pixelRatio);
    }
    this.changed();
    this.drawFrame();
  }

  pan(dx: number, dy: number): void {
    this.camera.pan(dx, dy);
    this.changed();
  }

  zoom(x: number, y: number, factor: number): void {
    this.camera.zoom(x, y, factor);
    this.changed();
  }

  fit(): void {
    this.camera.fit();
    this.changed();
  }

  press(key: string): boolean {
    const isUsed = this.camera.press(key);
    if (isUsed) {
      this.changed();
    }
    return isUsed;
  }

  toScreen(x: number, y: number): ScreenPoint {
    return { x: this.camera.screenX(x), y: this.camera.screenY(y) };
  }

  rowAt(x: number, y: number, reach: number): number | null {
    return nearestRow(this.points.grid, this.camera, this.masks.shown, x, y, reach);
  }

  rowsInLasso(polygon: ArrayLike<number>): Bitset {
    const corners = Float64Array.from(polygon);
    for (let i = 0; i + 1 < corners.length; i += 2) {
      corners[i] = this.camera.dataX(corners[i] ?? NaN);
      corners[i + 1] = this.camera.dataY(corners[i + 1] ?? NaN);
    }
    return rowsInPolygon(this.points.grid, corners);
  }

  rowsInRectangle(left: number, top: number, right: number, bottom: number): Bitset {
    const { camera, points } = this;
    return rowsInBox(
      points.grid,
      camera.dataX(Math.min(left, right)),
      camera.dataY(Math.max(top, bottom)),
      camera.dataX(Math.max(left, right)),
      camera.dataY(Math.min(top, bottom)),
    );
  }

  onFrame(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this.isDisposed = true;
    if (this.request !== null) {
      this.frames.cancel(this.request);
    }
    this.cancelSettle?.();
    this.listeners.clear();
    this.painters.dispose();
    this.pointCanvas.remove();
    this.overlayCanvas.remove();
    this.points = this.sorted(NOTHING);
  }

  private sorted(data: ScatterData): DrawnPoints {
    const grid = new PointGrid(data);
    const colours = new Int32Array(grid.rows.length);
    fillColours(grid, this.scatterColours, colours);
    return { grid, lists: pointLists(grid, this.masks), colours };
  }

  private readonly repaint = (): void => {
    this.drawing.usePainter(this.painters.current);
    this.changed();
  };

  /** Draws with the next frame, and all points once nothing changes any more. */
  private changed(): void {
    if (this.isDisposed) {
      return;
    }
    this.isMoving = true;
    this.progress = 'sampled';
    this.requestFrame();
  }

  private requestFrame(): void {
    this.request ??= this.frames.request(this.drawFrame);
  }

  /** Time counts from the last frame, not from the last change: on a slow machine frames come late. */
  private readonly settle = (): void => {
    this.cancelSettle = null;
    if (this.request !== null) {
      return; // its frame starts anew
    }
    const rest = SETTLE_MS - (this.frames.now() - this.drawnAt);
    if (rest > 0) {
      this.cancelSettle = this.frames.after(rest, this.settle);
    } else {
      this.isMoving = false;
      if (this.progress !== 'complete') {
        this.requestFrame();
      }
    }
  };

  private readonly drawFrame = (): void => {
    if (this.request !== null) {
      this.frames.cancel(this.request);
      this.request = null;
    }
    if (this.pointContext === null) {
      return;
    }
    const { camera, style, ratio, isMoving } = this;
    if (isMoving) {
      this.drawnAt = this.frames.now();
      this.cancelSettle ??= this.frames.after(SETTLE_MS, this.settle);
    }
    this.progress =
      this.progress === 'unfinished'
        ? this.drawing.step()
        : this.drawing.begin(camera, style, ratio, isMoving, this.frames.now());
    if (this.progress === 'unfinished') {
      this.requestFrame();
      return;
    }
    this.painters.current.present(this.pointContext);
    this.drawOverlay();
    for (const listener of this.listeners) {
      listener();
    }
  };

  private drawOverlay(): void {
    if (this.overlayContext !== null && !this.isDisposed) {
      const { camera, points, style, ratio } = this;
      this.overlay.draw(this.overlayContext, ratio, camera, points.grid.data, style, this.drawing.size);
    }
  }
}

/** A canvas that covers its element, whatever device pixels it has. */
function plotCanvas(): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.style.cssText = 'position: absolute; inset: 0; width: 100%; height: 100%; pointer-events: none';
  canvas.ariaHidden = 'true';
  return canvas;
}
