import type { Bins } from '../../../store/dataset/bins';
import type { Filter } from '../../../store/dataset/filters';

/** A brush over bins: from the beginning of one to the end of another, as edges 0..size. */
export interface Brush {
  readonly from: number;
  readonly to: number;
}

type Range = Extract<Filter, { type: 'range' }>;

/** The number at an edge between bins. */
export function edgeValue({ low, high, size }: Bins, edge: number): number {
  return edge === size ? high : low + ((high - low) * edge) / size;
}

/** Where a range is on the bins; null without one. Ends may lie inside bins. */
export function brushOf({ low, high, size }: Bins, filter: Range | null): Brush | null {
  if (filter === null) {
    return null;
  }
  const at = (value: number) => Math.min(size, Math.max(0, ((value - low) / (high - low)) * size));
  return {
    from: filter.low === null ? 0 : at(filter.low),
    to: filter.high === null ? size : at(filter.high),
  };
}

/** The range of a brush. An end at the outermost edge is open, so that infinite numbers pass; null when both are. */
export function rangeOf(column: string, bins: Bins, { from, to }: Brush): Range | null {
  const low = from <= 0 ? null : edgeValue(bins, from);
  const high = to >= bins.size ? null : edgeValue(bins, to);
  return low === null && high === null ? null : { type: 'range', column, low, high };
}

/** What is dragged: a new brush from an edge, an end, or the brush as a whole. */
export type Grip =
  | { readonly kind: 'edge'; readonly fixed: number }
  | { readonly kind: 'whole'; readonly brush: Brush; readonly at: number };

/** Bins beside an end from where on it is taken. */
const NEAR = 1;

export function gripAt(brush: Brush | null, at: number): Grip {
  if (brush !== null) {
    const toFrom = Math.abs(at - brush.from);
    const toTo = Math.abs(at - brush.to);
    if (Math.min(toFrom, toTo) <= NEAR) {
      return { kind: 'edge', fixed: toFrom < toTo ? brush.to : brush.from };
    }
    if (at > brush.from && at < brush.to) {
      return { kind: 'whole', brush, at };
    }
  }
  return { kind: 'edge', fixed: Math.round(at) };
}

/** The brush after the pointer has gone to a place; at least one bin wide, ends on edges. */
export function dragged(grip: Grip, at: number, size: number): Brush {
  if (grip.kind === 'whole') {
    const width = grip.brush.to - grip.brush.from;
    const from = Math.min(size - width, Math.max(0, Math.round(grip.brush.from + at - grip.at)));
    return { from, to: from + width };
  }
  const edge = Math.min(size, Math.max(0, Math.round(at)));
  const { fixed } = grip;
  return edge === fixed
    ? { from: Math.max(0, Math.min(fixed, size - 1)), to: Math.max(1, Math.min(fixed + 1, size)) }
    : { from: Math.min(fixed, edge), to: Math.max(fixed, edge) };
}
