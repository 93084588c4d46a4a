import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { Bins } from '../../../store/dataset/bins';
import { trans } from '../../../store/shared/trans';
import { consume, hasModifier } from '../../ui/keys';
import { type Brush, type Grip, dragged, edgeValue, gripAt } from './brush';

interface Props {
  name: string;
  bins: Bins;
  /** Rows by bin: all, and those that pass the filters of the other columns. */
  totals: Int32Array;
  counts: Int32Array;
  brush: Brush | null;
  textOf: (value: number) => string;
  /** Null takes the brush away. Steps with the same gesture belong together. */
  onBrush: (brush: Brush | null, gesture: symbol) => void;
}

const HEIGHT = 100;
const PAGE = 5;

/** A histogram over which a brush is drawn: drag, or move its ends by keyboard. */
export function BrushHistogram(props: Props): JSX.Element {
  const { name, bins, totals, counts, brush, onBrush } = props;
  const plot = useRef<HTMLDivElement>(null);
  const grip = useRef<{ readonly grip: Grip; readonly gesture: symbol } | null>(null);
  const frame = useRef(0);
  const most = Math.max(1, ...totals.subarray(0, bins.size));
  const shown = brush ?? { from: 0, to: bins.size };
  const place = (event: PointerEvent) => {
    const box = plot.current?.getBoundingClientRect();
    return box === undefined || box.width === 0 ? 0 : ((event.clientX - box.left) / box.width) * bins.size;
  };
  return (
    <div
      ref={plot}
      class={`dv-Brush${brush === null ? '' : ' on'}`}
      data-testid="dv-brush"
      onPointerDown={event => {
        if (event.button === 0) {
          grip.current = { grip: gripAt(brush, place(event)), gesture: Symbol(name) };
          event.currentTarget.setPointerCapture(event.pointerId);
        }
      }}
      onPointerMove={event => {
        const { current } = grip;
        if (current !== null) {
          const at = place(event);
          cancelAnimationFrame(frame.current);
          frame.current = requestAnimationFrame(() => {
            onBrush(dragged(current.grip, at, bins.size), current.gesture);
          });
        }
      }}
      onPointerUp={event => {
        const { current } = grip;
        grip.current = null;
        if (current !== null) {
          cancelAnimationFrame(frame.current);
          onBrush(dragged(current.grip, place(event), bins.size), current.gesture);
        }
      }}
      onPointerCancel={() => {
        grip.current = null;
      }}
      onDblClick={() => {
        onBrush(null, Symbol(name));
      }}
    >
      <svg viewBox={`0 0 ${bins.size} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <path class="dv-Brush-all" d={bars(totals, bins.size, most)} />
        <path class="dv-Brush-shown" d={bars(counts, bins.size, most, shown)} />
      </svg>
      {brush !== null && (
        <i
          class="dv-Brush-range"
          style={{
            left: `${(100 * brush.from) / bins.size}%`,
            width: `${(100 * (brush.to - brush.from)) / bins.size}%`,
          }}
        />
      )}
      <Handle {...props} end="from" shown={shown} />
      <Handle {...props} end="to" shown={shown} />
    </div>
  );
}

function Handle(props: Props & { end: keyof Brush; shown: Brush }): JSX.Element {
  const { name, bins, end, shown, brush, textOf, onBrush } = props;
  const gesture = useRef(Symbol(name));
  const at = shown[end];
  return (
    <span
      class="dv-Brush-handle"
      role="slider"
      tabIndex={0}
      aria-label={end === 'from' ? trans.__('%1, from', name) : trans.__('%1, to', name)}
      aria-valuemin={edgeValue(bins, 0)}
      aria-valuemax={edgeValue(bins, bins.size)}
      aria-valuenow={edgeValue(bins, at)}
      aria-valuetext={textOf(edgeValue(bins, at))}
      style={{ left: `${(100 * at) / bins.size}%` }}
      onFocus={() => {
        gesture.current = Symbol(name);
      }}
      onKeyDown={event => {
        if (event.key === 'Escape' && brush !== null) {
          consume(event);
          onBrush(null, gesture.current);
          return;
        }
        const to = hasModifier(event) ? null : targetOf(event.key, at, bins.size);
        if (to !== null) {
          consume(event);
          onBrush(
            end === 'from'
              ? { from: Math.min(to, shown.to - 1), to: shown.to }
              : { from: shown.from, to: Math.max(to, shown.from + 1) },
            gesture.current,
          );
        }
      }}
    />
  );
}

/** The edge that a key moves an end to; null for a key that moves nothing. */
function targetOf(key: string, at: number, size: number): number | null {
  const within = (edge: number) => Math.min(size, Math.max(0, edge));
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return within(Math.floor(at) + 1);
    case 'ArrowLeft':
    case 'ArrowDown':
      return within(Math.ceil(at) - 1);
    case 'PageUp':
      return within(Math.round(at) + PAGE);
    case 'PageDown':
      return within(Math.round(at) - PAGE);
    case 'Home':
      return 0;
    case 'End':
      return size;
    default:
      return null;
  }
}

/** One path for all bars, of which those outside a range are left out. */
function bars(counts: Int32Array, size: number, most: number, range?: Brush): string {
  const gap = size > 1 ? 0.08 : 0;
  let path = '';
  for (let bin = 0; bin < size; bin++) {
    const count = counts[bin] ?? 0;
    if (count > 0 && (range === undefined || (bin + 1 > range.from && bin < range.to))) {
      // A bin of one sample is still seen.
      const height = Math.max(2, (HEIGHT * count) / most);
      path += `M${bin + gap} ${HEIGHT}V${HEIGHT - height}H${bin + 1 - gap}V${HEIGHT}Z`;
    }
  }
  return path;
}
