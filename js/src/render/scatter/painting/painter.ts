import type { PointGrid } from '../points/pointGrid';

/** Which points are meant: a layer of the point lists, or the sample that is drawn while the view moves. */
export type Layer = 'base' | 'raised' | 'sample';

/** What one frame has in common; the same object is used again for the next frame. */
export interface Frame {
  /** In device pixels. */
  width: number;
  height: number;
  /** The centre of the view in steps of the grid. */
  centreX: number;
  centreY: number;
  /** Device pixels per step. */
  scaleX: number;
  scaleY: number;
  /** The diameter of a point in device pixels. */
  size: number;
  /** Packed colours. */
  background: number;
  dimmed: number;
}

/** Draws points. A frame is `begin`, any number of `paint`, `present`. */
export interface Painter {
  readonly name: 'webgl' | 'canvas';
  /** How many points to paint at most before the page should look at what the user does. */
  readonly pointsPerStep: number;
  usePoints(grid: PointGrid): void;
  /** The packed colours of the slots; called again after they have changed. */
  useColours(colours: Int32Array): void;
  /** The slots of a layer, of which the first `count` matter; null stands for all points. */
  useSlots(layer: Layer, slots: Uint32Array | null, count: number): void;
  begin(frame: Frame): void;
  /** Paints a range of a layer's slots, grey if `isDimmed`. */
  paint(layer: Layer, from: number, to: number, opacity: number, isDimmed: boolean): void;
  /** Shows what was painted. */
  present(context: CanvasRenderingContext2D): void;
  dispose(): void;
}
