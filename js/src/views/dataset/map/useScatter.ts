import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { createScatter } from '../../../render/scatter/createScatter';
import {
  ALL_ROWS,
  type Coordinates,
  type ScatterMasks,
  type ScatterView,
} from '../../../render/scatter/scatter';
import type { Column } from '../../../store/dataset/columns';
import { usePalette } from '../../ui/theme';
import { type Colouring, type MapPalette, mapPalette, scatterColours } from './mapStyle';

export interface Scatter {
  readonly plot: ScatterView | null;
  readonly palette: MapPalette | null;
}

/** A scatter plot in an element, in the colours of the theme and as large as the element. */
export function useScatter(host: RefObject<HTMLElement | null>): Scatter {
  const [plot, setPlot] = useState<ScatterView | null>(null);
  const [palette, setPalette] = useState<MapPalette | null>(null);
  const theme = usePalette();
  useEffect(() => {
    const element = host.current;
    if (element === null) {
      return;
    }
    const created = createScatter(element);
    const observer = new ResizeObserver(([entry]) => {
      // Not clientWidth, which is rounded: a lasso is exact to less than a pixel.
      created.resize(entry?.contentRect.width ?? 0, entry?.contentRect.height ?? 0, devicePixelRatio);
    });
    observer.observe(element);
    setPlot(created);
    return () => {
      observer.disconnect();
      created.dispose();
    };
  }, [host]);
  useEffect(() => {
    if (host.current !== null) {
      setPalette(mapPalette(host.current));
    }
  }, [host, theme]);
  return { plot, palette };
}

/** Draws the points of two columns in the colours of a third. */
export function usePoints(
  { plot, palette }: Scatter,
  x: Column | null,
  y: Column | null,
  colouring: Colouring,
): void {
  useEffect(() => {
    if (plot !== null && x !== null && y !== null) {
      plot.setData({ x: coordinates(x), y: coordinates(y) });
    }
  }, [plot, x, y]);
  useEffect(() => {
    if (plot !== null && palette !== null) {
      plot.setStyle(palette.style);
      plot.setColours(scatterColours(colouring, palette));
    }
  }, [plot, palette, colouring]);
}

/** Shows which rows are filtered and selected, once a frame at most. */
export function useMasks({ plot }: Scatter, masks: ScatterMasks): void {
  const { shown, selected, isolated } = masks;
  useEffect(() => {
    const request = requestAnimationFrame(() => {
      plot?.setMasks({ ...ALL_ROWS, shown, selected, isolated });
    });
    return () => {
      cancelAnimationFrame(request);
    };
  }, [plot, shown, selected, isolated]);
}

function coordinates(column: Column): Coordinates {
  if (column.kind !== 'float' && column.kind !== 'int') {
    return new Float64Array(0);
  }
  const { values } = column;
  return values instanceof Float32Array || values instanceof Float64Array
    ? values
    : Float64Array.from(values);
}
