import { Bitset } from './bitset';
import type { Crossfilter } from './crossfilter';
import type { Order } from './order';

/** What a list or grid shows, from first to last. */
export interface SampleList {
  readonly rows: Uint32Array<ArrayBuffer>;
  /** How many of them, at the beginning, are selected. */
  readonly selected: number;
}

/** The rows that pass the filters: selected ones first, each part in the order given. */
export function sampleList(order: Order, filter: Crossfilter, selection: Bitset): SampleList {
  const rows = new Uint32Array(filter.count);
  const selected = passingCount(selection, filter);
  const { words } = selection;
  let front = 0;
  let back = selected;
  for (const row of order.rows) {
    if (filter.passes(row)) {
      if (((words[row >>> 5] ?? 0) & (1 << (row & 31))) !== 0) {
        rows[front++] = row;
      } else {
        rows[back++] = row;
      }
    }
  }
  return { rows, selected };
}

/** The rows between two places of a list, both included, whichever comes first: Shift and click. */
export function rangeOf(list: SampleList, anchor: number, focus: number, length: number): Bitset {
  const start = Math.max(0, Math.min(anchor, focus));
  return Bitset.ofRows(length, list.rows.subarray(start, Math.max(anchor, focus) + 1));
}

function passingCount(selection: Bitset, filter: Crossfilter): number {
  let count = 0;
  for (const row of selection.rows()) {
    count += filter.passes(row) ? 1 : 0;
  }
  return count;
}
