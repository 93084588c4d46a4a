import { type ReadonlySignal, type Signal, useComputed, useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { visibleRange } from './rowWindow';

/** Enough to fill a screen before the rows have been measured. */
const ASSUMED_HEIGHT = 800;

interface Viewport {
  readonly top: number;
  readonly height: number;
}

/** The rows that a scroller shows. Only a change of the range draws again, not every pixel of scrolling. */
export function useVisibleRange(
  scroller: RefObject<HTMLElement | null>,
  rowHeight: number,
  rows: ReadonlySignal<readonly unknown[]>,
): readonly [from: number, to: number] {
  const viewport = useViewport(scroller);
  const range = useComputed(() => {
    const { top, height } = viewport.value;
    return visibleRange(top, height, rowHeight, rows.value.length).join(' ');
  });
  const [from = 0, to = 0] = range.value.split(' ').map(Number);
  return [from, to];
}

function useViewport(scroller: RefObject<HTMLElement | null>): Signal<Viewport> {
  const viewport = useSignal<Viewport>({ top: 0, height: ASSUMED_HEIGHT });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) {
      return;
    }
    const measure = () => {
      viewport.value = { top: element.scrollTop, height: element.clientHeight || ASSUMED_HEIGHT };
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, [scroller, viewport]);
  return viewport;
}
