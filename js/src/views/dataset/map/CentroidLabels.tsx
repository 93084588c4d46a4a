import type { JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { ScatterView } from '../../../render/scatter/scatter';
import type { Column } from '../../../store/dataset/columns';
import { quantile } from '../../../store/dataset/quantiles';
import type { ColouredCategories } from '../../../store/dataset/view/categories';

/** Rows that are looked at for the middle of a category. */
const SAMPLE = 1000;

interface Props {
  plot: ScatterView;
  x: Column;
  y: Column;
  found: ColouredCategories;
}

/** The name of each category in its middle, so that colour is not the only key. */
export function CentroidLabels({ plot, x, y, found }: Props): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const middles = useMemo(() => middlesOf(found, x, y), [found, x, y]);
  useEffect(() => {
    const place = () => {
      middles.forEach(([middleX, middleY], i) => {
        const label = host.current?.children[i];
        if (label instanceof HTMLElement) {
          const at = plot.toScreen(middleX, middleY);
          label.hidden = !Number.isFinite(at.x) || !Number.isFinite(at.y);
          label.style.transform = `translate(${at.x}px, ${at.y}px) translate(-50%, -50%)`;
        }
      });
    };
    place();
    return plot.onFrame(place);
  }, [plot, middles]);
  return (
    <div ref={host} class="dv-MapLabels" aria-hidden="true">
      {found.categories.map(({ word, code }) => (
        <span key={code}>{word}</span>
      ))}
    </div>
  );
}

/** The median place of each category; NaN where none of its rows has one. */
export function middlesOf(
  { categories, colours }: ColouredCategories,
  x: Column,
  y: Column,
): (readonly [number, number])[] {
  const numeric = (column: Column) =>
    column.kind === 'float' || column.kind === 'int' ? column.values : new Float64Array(0);
  const [xs, ys] = [numeric(x), numeric(y)];
  const places = categories.map(() => ({
    x: new Float64Array(SAMPLE),
    y: new Float64Array(SAMPLE),
    size: 0,
  }));
  const steps = categories.map(({ count }) => Math.max(1, Math.ceil(count / SAMPLE)));
  const seen = new Uint32Array(categories.length);
  for (let row = 0; row < colours.length; row++) {
    const colour = colours[row] ?? 0;
    const place = places[colour];
    const at = seen[colour] ?? 0;
    if (place === undefined || !Number.isFinite(xs[row]) || !Number.isFinite(ys[row])) {
      continue;
    }
    seen[colour] = at + 1;
    if (at % (steps[colour] ?? 1) === 0 && place.size < SAMPLE) {
      place.x[place.size] = xs[row] ?? NaN;
      place.y[place.size++] = ys[row] ?? NaN;
    }
  }
  return places.map(
    place =>
      [
        quantile(place.x.subarray(0, place.size), 0.5),
        quantile(place.y.subarray(0, place.size), 0.5),
      ] as const,
  );
}
