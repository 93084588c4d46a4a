import type { Bitset } from './points/bitset';

/** A column of coordinates; rows that are not finite are not drawn. */
export type Coordinates = Float32Array | Float64Array;

/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** The points, one per row. The arrays are kept, not copied: pass new arrays when coordinates change. */
export interface ScatterData {
  readonly x: Coordinates;
  readonly y: Coordinates;
}

/** How the rows get their colours. */
export type ScatterColours =
  | { readonly kind: 'single'; readonly colour: Rgb }
  | {
      readonly kind: 'category';
      readonly codes: Uint8Array | Uint16Array;
      /** The colour of each code; codes beyond have the colour `other`. */
      readonly palette: readonly Rgb[];
      readonly other: Rgb;
    }
  | {
      readonly kind: 'ramp';
      readonly values: Float32Array | Float64Array;
      /** The values of the first and the last colour; values outside have these colours. */
      readonly domain: readonly [low: number, high: number];
      readonly ramp: readonly Rgb[];
      /** The colour of NaN. */
      readonly missing: Rgb;
    };

/** Which rows are drawn, and how. A missing mask takes in all rows. */
export interface ScatterMasks {
  /** Rows that pass the filters; the others are not drawn. */
  readonly shown: Bitset | null;
  /** Selected rows are drawn in colour above the others, which are grey. */
  readonly selected: Bitset | null;
  /** Rows of the categories that the legend isolates; drawn like selected rows. */
  readonly isolated: Bitset | null;
}

export const ALL_ROWS: ScatterMasks = { shown: null, selected: null, isolated: null };

/** Colours of what is not a row's own, and factors for the size and opacity that follow from the number of points. */
export interface ScatterStyle {
  readonly background: Rgb;
  /** Of rows that are neither selected nor isolated while others are. */
  readonly dimmed: Rgb;
  /** Of the ring around the hovered point and the line of the lasso. */
  readonly accent: Rgb;
  readonly sizeFactor: number;
  /** 1 for the automatic opacity; Infinity for opaque points, as in high contrast. */
  readonly opacityFactor: number;
}

/** A place on the plot in CSS pixels from its upper left corner. */
export interface ScreenPoint {
  readonly x: number;
  readonly y: number;
}

/** `auto` takes WebGL where a graphics processor does the work; else points are drawn by the processor itself. */
export type PainterChoice = 'auto' | 'webgl' | 'canvas';

/** A scatter plot in an element. All places are in CSS pixels from its upper left corner. */
export interface ScatterView {
  readonly painter: 'webgl' | 'canvas';
  /** Whether all points of the view are drawn: not while it moves. */
  readonly isComplete: boolean;

  setData(data: ScatterData): void;
  setColours(colours: ScatterColours): void;
  setMasks(masks: ScatterMasks): void;
  setStyle(style: ScatterStyle): void;
  /** Rings a row; null for none. */
  setHover(row: number | null): void;
  /** Draws the outline of a lasso or rectangle while it is made: x, y, x, y, ... */
  setOutline(polygon: ArrayLike<number> | null): void;

  resize(width: number, height: number, pixelRatio: number): void;
  pan(dx: number, dy: number): void;
  /** Zooms by a factor so that the place under the pointer stays. */
  zoom(x: number, y: number, factor: number): void;
  /** Shows all points. */
  fit(): void;
  /** Arrows pan, + and - zoom, F fits; tells whether the key was one of them. */
  press(key: string): boolean;

  /** The place of data coordinates on the plot. */
  toScreen(x: number, y: number): ScreenPoint;
  /** The shown row nearest to a place, at most `reach` pixels away; null if there is none. */
  rowAt(x: number, y: number, reach: number): number | null;
  /** The rows inside a polygon (x, y, x, y, ...) by the even-odd rule, whether shown or not. */
  rowsInLasso(polygon: ArrayLike<number>): Bitset;
  /** The rows inside a rectangle, edges included, whether shown or not. */
  rowsInRectangle(left: number, top: number, right: number, bottom: number): Bitset;

  /** Calls the listener after each drawn frame, so that labels follow; returns how to stop. */
  onFrame(listener: () => void): () => void;
  dispose(): void;
}
