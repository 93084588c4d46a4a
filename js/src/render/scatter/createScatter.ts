import { pageFrames, type Frames } from './frames';
import type { PainterChoice, ScatterColours, ScatterStyle, ScatterView } from './scatter';
import { ScatterPlot } from './scatterPlot';

/** Of a light page, until the page's own colours are set. */
export const LIGHT_STYLE: ScatterStyle = {
  background: [255, 255, 255],
  dimmed: [206, 206, 206],
  accent: [25, 118, 210],
  sizeFactor: 1,
  opacityFactor: 1,
};

export interface ScatterOptions {
  readonly style?: ScatterStyle;
  readonly colours?: ScatterColours;
  readonly painter?: PainterChoice;
  readonly frames?: Frames;
}

/** Puts an empty scatter plot into an element that has a position of its own; `resize` and `setData` come next. */
export function createScatter(host: HTMLElement, options: ScatterOptions = {}): ScatterView {
  const {
    style = LIGHT_STYLE,
    colours = { kind: 'single', colour: [11, 94, 152] },
    painter = 'auto',
    frames = pageFrames,
  } = options;
  return new ScatterPlot(host, style, colours, painter, frames);
}
