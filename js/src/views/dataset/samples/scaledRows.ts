import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

/** Browsers end elements at some 33 million pixels: longer lists are scrolled on a smaller scale. */
const HIGHEST = 8_000_000;
const ASSUMED_HEIGHT = 600;
/** Rows drawn beyond each edge. */
const OVERSCAN = 4;

export interface ScaledRows {
  /** Of the element that is scrolled through. */
  readonly height: number;
  readonly from: number;
  readonly to: number;
  /** Where the drawn rows begin. */
  readonly top: number;
}

/** The rows that a scroller shows of a list of any length. */
export function scaledRows(
  scrollTop: number,
  viewHeight: number,
  rowHeight: number,
  total: number,
): ScaledRows {
  const whole = total * rowHeight;
  const height = Math.min(whole, HIGHEST);
  const scale = height > viewHeight ? (whole - viewHeight) / (height - viewHeight) : 1;
  const offset = Math.min(scrollTop, Math.max(0, height - viewHeight)) * scale;
  const from = Math.max(0, Math.floor(offset / rowHeight) - OVERSCAN);
  const to = Math.min(total, Math.ceil((offset + viewHeight) / rowHeight) + OVERSCAN);
  return { height, from, to, top: scrollTop + from * rowHeight - offset };
}

/** Where to scroll so that a row is seen; the same place if it is. */
export function scrollTopFor(
  row: number,
  scrollTop: number,
  viewHeight: number,
  rowHeight: number,
  total: number,
): number {
  const whole = total * rowHeight;
  const height = Math.min(whole, HIGHEST);
  const scale = height > viewHeight ? (whole - viewHeight) / (height - viewHeight) : 1;
  const offset = scrollTop * scale;
  const wanted = Math.min(row * rowHeight, Math.max(offset, (row + 1) * rowHeight - viewHeight));
  return wanted === offset ? scrollTop : wanted / scale;
}

/** Follows a scroller, drawing again at most once a frame. */
export function useScaledRows(
  scroller: RefObject<HTMLElement | null>,
  rowHeight: number,
  headHeight: number,
  total: number,
): ScaledRows {
  const [viewport, setViewport] = useState({ top: 0, height: ASSUMED_HEIGHT });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) {
      return;
    }
    let frame = 0;
    const measure = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => {
        const height = element.clientHeight - headHeight;
        setViewport({ top: element.scrollTop, height: height > 0 ? height : ASSUMED_HEIGHT });
      });
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      cancelAnimationFrame(frame);
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, [scroller, headHeight]);
  return scaledRows(viewport.top, viewport.height, rowHeight, total);
}
