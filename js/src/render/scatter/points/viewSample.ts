import type { Camera } from '../camera';
import { CellWindow } from './cellWindow';
import type { PointGrid } from './pointGrid';
import type { PointList, PointLists } from './pointLists';

/** Points of a sample: what is drawn while the view moves. */
export const SAMPLE_SIZE = 150_000;
const MAX_AGE_MS = 200;
/** How far a sample reaches beyond the view, so that moving it does not show empty edges at once. */
const MARGIN = 0.125;
const MOST_ZOOM = 1.25;

/**
 * A sample of the points in view, made of the first points of each cell.
 *
 * It is made anew at about 5 Hz, and earlier when the view leaves what was sampled. As the order within a cell is fixed, the
 * next sample of the same cells holds the same points: nothing flickers.
 */
export class ViewSample {
  readonly slots = new Uint32Array(SAMPLE_SIZE);
  /** The sample of the base layer; that of the raised layer is between it and `count`. */
  baseCount = 0;
  count = 0;
  private readonly reached = new CellWindow();
  private readonly view = new CellWindow();
  private madeAt = -Infinity;
  private scale = 0;

  /** Forgets the sample, as the points or their layers have changed. */
  expire(): void {
    this.madeAt = -Infinity;
  }

  /** Renews the sample if it is old; tells whether it did. */
  renew(grid: PointGrid, lists: PointLists, camera: Camera, now: number): boolean {
    this.view.look(grid, camera, 0);
    const zoom = camera.scale / this.scale;
    const isFresh = now - this.madeAt < MAX_AGE_MS && this.reached.contains(this.view);
    if (isFresh && zoom < MOST_ZOOM && zoom > 1 / MOST_ZOOM) {
      return false;
    }
    this.madeAt = now;
    this.scale = camera.scale;
    this.reached.look(grid, camera, MARGIN);
    // Selected points are what the user looks at: they get up to half of the sample.
    const raised = this.reached.count(lists.raised, grid.side);
    const base = this.reached.count(lists.base, grid.side);
    const half = SAMPLE_SIZE / 2;
    const raisedQuota = Math.min(raised, Math.max(half, SAMPLE_SIZE - base));
    this.baseCount = this.take(lists.base, grid.side, base, SAMPLE_SIZE - raisedQuota, 0);
    this.count = this.take(lists.raised, grid.side, raised, SAMPLE_SIZE - this.baseCount, this.baseCount);
    return true;
  }

  /** Writes the sample of a list behind `at`; returns where it ends. */
  private take(list: PointList, side: number, inReach: number, quota: number, at: number): number {
    const { slots } = this;
    const share = inReach <= quota ? 1 : quota / inReach;
    const end = at + quota;
    for (let row = this.reached.bottom; row <= this.reached.top; row++) {
      for (let cell = row * side + this.reached.left; cell <= row * side + this.reached.right; cell++) {
        const first = list.starts[cell] ?? 0;
        const points = (list.starts[cell + 1] ?? 0) - first;
        const wanted = share === 1 ? points : Math.floor(points * share + threshold(cell));
        const last = first + Math.min(wanted, points, end - at);
        for (let i = first; i < last; i++) {
          slots[at++] = list.slots === null ? i : (list.slots[i] ?? 0);
        }
      }
    }
    return at;
  }
}

/** A fixed number from 0 to 1 for each cell, so that cells with few points keep their share on average. */
function threshold(cell: number): number {
  const mixed = Math.imul(cell ^ (cell >>> 15), 0x2c1b3c6d);
  return ((mixed ^ (mixed >>> 12)) & 0xffff) / 65536;
}
