import type { ScatterView } from '../../../render/scatter/scatter';
import { Bitset } from '../../../store/dataset/bitset';
import type { SelectionMode } from '../../../store/dataset/selection';

export type Tool = 'lasso' | 'rectangle' | 'pan';

/** What the pointer asks of the page. */
export interface MapActions {
  readonly tool: () => Tool;
  readonly select: (rows: Bitset, mode: SelectionMode) => void;
  readonly hover: (row: number | null, x: number, y: number) => void;
  /** Whether the wheel zooms now, rather than scrolling what is around the map. */
  readonly zooms: (event: WheelEvent) => boolean;
}

type Drag =
  | { readonly tool: 'lasso'; readonly corners: number[] }
  | { readonly tool: 'rectangle'; readonly x: number; readonly y: number; toX: number; toY: number }
  | { readonly tool: 'pan'; x: number; y: number; moved: number };

/** Pixels between two corners of a lasso, and up to which a drag is a click. */
const STEP = 2;
const CLICK = 4;
const REACH = 8;
const WHEEL = 0.0015;
const LINE = 16;

/** Drags, clicks and the wheel on a map. Everything is in CSS pixels from the corner of the element. */
export class MapPointer {
  private drag: Drag | null = null;
  private frame: number | null = null;

  constructor(
    private readonly element: HTMLElement,
    private readonly plot: ScatterView,
    private readonly rows: number,
    private readonly actions: MapActions,
  ) {
    element.addEventListener('pointerdown', this.down);
    element.addEventListener('pointermove', this.move);
    element.addEventListener('pointerup', this.up);
    element.addEventListener('pointercancel', this.cancel);
    element.addEventListener('pointerleave', this.leave);
    element.addEventListener('wheel', this.wheel, { passive: false });
  }

  dispose(): void {
    const { element } = this;
    element.removeEventListener('pointerdown', this.down);
    element.removeEventListener('pointermove', this.move);
    element.removeEventListener('pointerup', this.up);
    element.removeEventListener('pointercancel', this.cancel);
    element.removeEventListener('pointerleave', this.leave);
    element.removeEventListener('wheel', this.wheel);
    if (this.frame !== null) {
      cancelAnimationFrame(this.frame);
    }
  }

  /** Gives up what is being drawn; tells whether there was something. */
  readonly cancel = (): boolean => {
    const drew = this.drag !== null;
    this.drag = null;
    this.plot.setOutline(null);
    return drew;
  };

  private readonly down = (event: PointerEvent): void => {
    const isMiddle = event.button === 1;
    if (event.button !== 0 && !isMiddle) {
      return;
    }
    const [x, y] = this.place(event);
    const tool = isMiddle ? 'pan' : this.actions.tool();
    this.drag =
      tool === 'lasso'
        ? { tool, corners: [x, y] }
        : tool === 'rectangle'
          ? { tool, x, y, toX: x, toY: y }
          : { tool, x, y, moved: 0 };
    this.element.setPointerCapture(event.pointerId);
    this.actions.hover(null, x, y);
    if (isMiddle) {
      event.preventDefault();
    }
  };

  private readonly move = (event: PointerEvent): void => {
    const { drag } = this;
    const [x, y] = this.place(event);
    if (drag === null) {
      this.frame ??= requestAnimationFrame(() => {
        this.frame = null;
        this.actions.hover(this.plot.rowAt(x, y, REACH), x, y);
      });
    } else if (drag.tool === 'pan') {
      drag.moved += Math.abs(x - drag.x) + Math.abs(y - drag.y);
      this.plot.pan(x - drag.x, y - drag.y);
      drag.x = x;
      drag.y = y;
    } else if (drag.tool === 'rectangle') {
      drag.toX = x;
      drag.toY = y;
      this.plot.setOutline([drag.x, drag.y, x, drag.y, x, y, drag.x, y]);
    } else {
      const [lastX = x, lastY = y] = drag.corners.slice(-2);
      if (Math.hypot(x - lastX, y - lastY) >= STEP) {
        drag.corners.push(x, y);
        this.plot.setOutline(drag.corners);
      }
    }
  };

  private readonly up = (event: PointerEvent): void => {
    const { drag } = this;
    if (drag === null) {
      return;
    }
    this.cancel();
    const mode = modeOf(event);
    const [x, y] = this.place(event);
    if (isClick(drag)) {
      const row = this.plot.rowAt(x, y, REACH);
      if (row !== null || (mode === 'replace' && drag.tool !== 'pan')) {
        this.actions.select(Bitset.ofRows(this.rows, row === null ? [] : [row]), mode);
      }
    } else if (drag.tool === 'lasso') {
      this.actions.select(new Bitset(this.rows, this.plot.rowsInLasso(drag.corners)), mode);
    } else if (drag.tool === 'rectangle') {
      const words = this.plot.rowsInRectangle(drag.x, drag.y, drag.toX, drag.toY);
      this.actions.select(new Bitset(this.rows, words), mode);
    }
  };

  private readonly leave = (): void => {
    if (this.frame !== null) {
      cancelAnimationFrame(this.frame);
      this.frame = null;
    }
    this.actions.hover(null, 0, 0);
  };

  private readonly wheel = (event: WheelEvent): void => {
    if (!this.actions.zooms(event)) {
      return;
    }
    event.preventDefault();
    const [x, y] = this.place(event);
    const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : 1);
    this.plot.zoom(x, y, Math.exp(-pixels * WHEEL));
  };

  private place(event: MouseEvent): [number, number] {
    const box = this.element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }
}

/** Shift adds, Alt removes. */
export function modeOf(event: { readonly shiftKey: boolean; readonly altKey: boolean }): SelectionMode {
  return event.shiftKey ? 'add' : event.altKey ? 'remove' : 'replace';
}

function isClick(drag: Drag): boolean {
  switch (drag.tool) {
    case 'lasso':
      return drag.corners.length <= 2 * 2;
    case 'rectangle':
      return Math.abs(drag.toX - drag.x) + Math.abs(drag.toY - drag.y) < CLICK;
    case 'pan':
      return drag.moved < CLICK;
  }
}
