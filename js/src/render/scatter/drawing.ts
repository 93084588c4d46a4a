import type { Camera } from './camera';
import { CellWindow, Ranges } from './points/cellWindow';
import { packed } from './colours';
import type { Frame, Painter } from './painting/painter';
import type { PointGrid } from './points/pointGrid';
import type { PointLists } from './points/pointLists';
import { pointOpacity, pointSize } from './painting/pointStyle';
import type { ScatterStyle } from './scatter';
import { SAMPLE_SIZE, ViewSample } from './points/viewSample';

/** The points as they are to be drawn. */
export interface DrawnPoints {
  readonly grid: PointGrid;
  readonly lists: PointLists;
  readonly colours: Int32Array;
}

/** The points of a layer that a frame draws. */
class LayerProgress {
  /** The next range, and how much of it is done. */
  private index = 0;
  private done = 0;
  opacity = 1;

  constructor(
    private readonly layer: 'base' | 'raised',
    readonly ranges: Ranges,
  ) {}

  restart(): void {
    this.index = 0;
    this.done = 0;
  }

  /** Paints at most `most` points; returns how many. */
  paint(painter: Painter, most: number, isDimmed: boolean): number {
    const { bounds, length } = this.ranges;
    let painted = 0;
    while (this.index < length && painted < most) {
      const begin = (bounds[this.index] ?? 0) + this.done;
      const end = bounds[this.index + 1] ?? 0;
      const stop = Math.min(end, begin + most - painted);
      painter.paint(this.layer, begin, stop, this.opacity, isDimmed);
      painted += stop - begin;
      this.done = stop === end ? 0 : this.done + stop - begin;
      this.index += stop === end ? 2 : 0;
    }
    return painted;
  }
}

/** Draws frames: a sample of the view at once, or all its points in steps. Allocates nothing per frame. */
export class Drawing {
  private readonly frame: Frame = {
    width: 1,
    height: 1,
    centreX: 0,
    centreY: 0,
    scaleX: 1,
    scaleY: 1,
    size: 1,
    background: 0,
    dimmed: 0,
  };
  private readonly view = new CellWindow();
  private readonly sample = new ViewSample();
  private base: LayerProgress;
  private raised: LayerProgress;
  /** The diameter of points in CSS pixels in the last frame. */
  size = 1;

  constructor(
    private points: DrawnPoints,
    private painter: Painter,
  ) {
    this.base = new LayerProgress('base', new Ranges(points.grid.side));
    this.raised = new LayerProgress('raised', new Ranges(points.grid.side));
  }

  /** Gives the points to a painter that does not have them. */
  usePainter(painter: Painter): void {
    this.painter = painter;
    painter.usePoints(this.points.grid);
    this.useColours();
    this.useLists(this.points);
  }

  usePoints(points: DrawnPoints): void {
    this.base = new LayerProgress('base', new Ranges(points.grid.side));
    this.raised = new LayerProgress('raised', new Ranges(points.grid.side));
    this.points = points;
    this.usePainter(this.painter);
  }

  /** Tells the painter that the colours have changed. */
  useColours(): void {
    this.painter.useColours(this.points.colours);
  }

  useLists(points: DrawnPoints): void {
    this.points = points;
    const { base, raised } = points.lists;
    this.painter.useSlots('base', base.slots, base.count);
    this.painter.useSlots('raised', raised.slots, raised.count);
    this.sample.expire();
  }

  /** Draws a frame as far as one step goes; `isMoving` allows a sample. Returns whether all points of the view are drawn. */
  begin(camera: Camera, style: ScatterStyle, ratio: number, isMoving: boolean, now: number): Progress {
    const { grid, lists } = this.points;
    this.lookAt(camera, style, ratio);
    this.view.look(grid, camera, 0);
    const base = this.view.count(lists.base, grid.side);
    const raised = this.view.count(lists.raised, grid.side);
    const isSampled = isMoving && base + raised > SAMPLE_SIZE;
    const drawn = isSampled ? SAMPLE_SIZE : base + raised;
    const area = camera.width * camera.height;
    this.base.opacity = Math.min(1, style.opacityFactor * pointOpacity(drawn, this.size, area));
    this.raised.opacity = Math.min(
      1,
      style.opacityFactor * pointOpacity(Math.min(raised, drawn), this.size, area),
    );
    this.painter.begin(this.frame);
    if (isSampled) {
      this.paintSample(camera, now);
      return 'sampled';
    }
    this.base.ranges.take(lists.base, grid.side, this.view);
    this.raised.ranges.take(lists.raised, grid.side, this.view);
    this.base.restart();
    this.raised.restart();
    return this.step();
  }

  /** Goes on with a frame that is not finished. */
  step(): Progress {
    const { painter } = this;
    const most = painter.pointsPerStep;
    const painted = this.base.paint(painter, most, this.points.lists.isDimmed);
    return painted + this.raised.paint(painter, most - painted, false) < most ? 'complete' : 'unfinished';
  }

  private paintSample(camera: Camera, now: number): void {
    const { grid, lists } = this.points;
    const { sample, painter } = this;
    if (sample.renew(grid, lists, camera, now)) {
      painter.useSlots('sample', sample.slots, sample.count);
    }
    painter.paint('sample', 0, sample.baseCount, this.base.opacity, lists.isDimmed);
    painter.paint('sample', sample.baseCount, sample.count, this.raised.opacity, false);
  }

  private lookAt(camera: Camera, style: ScatterStyle, ratio: number): void {
    const { frame } = this;
    const { grid, lists } = this.points;
    const count = lists.base.count + lists.raised.count;
    this.size = style.sizeFactor * pointSize(count, camera.width * camera.height, camera.zoomed);
    frame.width = Math.round(camera.width * ratio);
    frame.height = Math.round(camera.height * ratio);
    frame.centreX = grid.stepX(camera.centreX);
    frame.centreY = grid.stepY(camera.centreY);
    frame.scaleX = (camera.scale * ratio) / grid.stepsPerX;
    frame.scaleY = (camera.scale * ratio) / grid.stepsPerY;
    frame.size = this.size * ratio;
    frame.background = packed(style.background);
    frame.dimmed = packed(style.dimmed);
  }
}

/** How far a frame is: a sample of its points, all of them, or not all yet. */
export type Progress = 'sampled' | 'complete' | 'unfinished';
