import { SplitPanel, type Widget } from '@lumino/widgets';

/** The width with which the panel opens for the first time. */
export const FIRST_WIDTH = 320;
const KEY = 'deepview-lab:width';

/** Widens a side panel when this browser shows it for the first time; the width that the user gives it later stays. */
export function widenOnce(panel: Widget, memory: Storage): void {
  if (memory.getItem(KEY) === null) {
    memory.setItem(KEY, String(FIRST_WIDTH));
    widen(panel, FIRST_WIDTH);
  }
}

/** Gives the part of the split panel that holds a widget at least that width, at the cost of its widest neighbour. */
export function widen(inside: Widget, width: number): void {
  let part = inside;
  while (part.parent !== null && !(part.parent instanceof SplitPanel)) {
    part = part.parent;
  }
  const split = part.parent;
  if (!(split instanceof SplitPanel)) {
    return;
  }
  const sizes = split.widgets.map(widget => (widget.isHidden ? 0 : widget.node.offsetWidth));
  const at = split.widgets.indexOf(part);
  const missing = width - (sizes[at] ?? width);
  const widest = sizes.indexOf(Math.max(...sizes));
  if (missing > 0 && widest !== at) {
    sizes[at] = width;
    sizes[widest] = (sizes[widest] ?? 0) - missing;
    split.setRelativeSizes(sizes);
  }
}
