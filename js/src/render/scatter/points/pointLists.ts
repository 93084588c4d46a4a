import { countBits, emptyBitset, type Bitset } from './bitset';
import type { PointGrid } from './pointGrid';
import type { ScatterMasks } from '../scatter';

/** Some of the points, by cell: `slots[starts[cell]]` is the first one of a cell. */
export interface PointList {
  /** The slots in ascending order; null stands for all. */
  readonly slots: Uint32Array | null;
  readonly starts: Uint32Array;
  readonly count: number;
}

/** The shown points in two layers, each point in one of them. */
export interface PointLists {
  readonly base: PointList;
  /** Selected and isolated points, drawn above. */
  readonly raised: PointList;
  /** Whether the base layer is grey, as others are selected or isolated. */
  readonly isDimmed: boolean;
}

/** Sorts points into layers. O(N) with masks, O(cells) without. */
export function pointLists(grid: PointGrid, masks: ScatterMasks): PointLists {
  const { shown, selected, isolated } = masks;
  const isDimmed = selected !== null || isolated !== null;
  const none = { slots: new Uint32Array(0), starts: new Uint32Array(grid.starts.length), count: 0 };
  if (!isDimmed) {
    const base = shown === null ? allPoints(grid) : listOf(grid, shown, null);
    return { base, raised: none, isDimmed };
  }
  const raised = bothOf(grid.rowCount, selected, isolated);
  return {
    base: listOf(grid, shown, raised),
    raised: listOf(grid, bothOf(grid.rowCount, shown, raised), null),
    isDimmed,
  };
}

function allPoints(grid: PointGrid): PointList {
  return { slots: null, starts: grid.starts, count: grid.rows.length };
}

function bothOf(rows: number, a: Bitset | null, b: Bitset | null): Bitset {
  const both = emptyBitset(rows);
  for (let word = 0; word < both.length; word++) {
    both[word] = (a === null ? ~0 : (a[word] ?? 0)) & (b === null ? ~0 : (b[word] ?? 0));
  }
  return both;
}

/** The points whose rows are in `wanted` (null: all) and not in `unwanted`. */
function listOf(grid: PointGrid, wanted: Bitset | null, unwanted: Bitset | null): PointList {
  const mask = bothOf(grid.rowCount, wanted, null);
  if (unwanted !== null) {
    for (let word = 0; word < mask.length; word++) {
      mask[word] = (mask[word] ?? 0) & ~(unwanted[word] ?? 0);
    }
  }
  const { rows, starts: cells } = grid;
  const slots = new Uint32Array(Math.min(rows.length, countBits(mask)));
  const starts = new Uint32Array(cells.length);
  let count = 0;
  for (let cell = 0; cell + 1 < cells.length; cell++) {
    starts[cell] = count;
    const end = cells[cell + 1] ?? 0;
    for (let slot = cells[cell] ?? 0; slot < end; slot++) {
      const row = rows[slot] ?? 0;
      if ((((mask[row >>> 5] ?? 0) >>> (row & 31)) & 1) === 1) {
        slots[count++] = slot;
      }
    }
  }
  starts[cells.length - 1] = count;
  return { slots: slots.subarray(0, count), starts, count };
}
