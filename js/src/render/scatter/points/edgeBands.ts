const MOST_BANDS = 1024;

/**
 * The edges of a closed polygon in horizontal bands: a point is tested against the edges of its band only.
 *
 * Whether an edge counts, and where it crosses the height of a point, is computed as in the plain loop over all edges; the bands only
 * leave out edges that the plain loop would not count. The answers are therefore the same, bit by bit.
 */
export class EdgeBands {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
  private readonly bands: number;
  private readonly perHeight: number;
  /** The first entry of `edges` of each band. */
  private readonly starts: Uint32Array;
  private readonly edges: Uint32Array;

  /** `corners`: x, y, x, y, ..., all finite. */
  constructor(readonly corners: Float64Array) {
    let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
    for (let i = 0; i + 1 < corners.length; i += 2) {
      left = Math.min(left, corners[i] ?? NaN);
      right = Math.max(right, corners[i] ?? NaN);
      bottom = Math.min(bottom, corners[i + 1] ?? NaN);
      top = Math.max(top, corners[i + 1] ?? NaN);
    }
    [this.left, this.right, this.bottom, this.top] = [left, right, bottom, top];
    this.bands = Math.min(MOST_BANDS, Math.max(1, corners.length));
    const perHeight = this.bands / (top - bottom);
    this.perHeight = Number.isFinite(perHeight) ? perHeight : 0;
    this.starts = new Uint32Array(this.bands + 1);
    this.edges = this.sortEdges();
  }

  get length(): number {
    return this.corners.length / 2;
  }

  /** Whether a point is inside, by the even-odd rule; on an edge, the lower and left ones belong to the inside. */
  isInside(x: number, y: number): boolean {
    if (!(y >= this.bottom && y <= this.top)) {
      return false;
    }
    const { corners, edges, starts } = this;
    const band = this.bandOf(y);
    const end = starts[band + 1] ?? 0;
    let inside = false;
    for (let i = starts[band] ?? 0; i < end; i++) {
      const a = edges[i] ?? 0;
      const b = a === 0 ? corners.length - 2 : a - 2;
      const ay = corners[a + 1] ?? 0;
      const by = corners[b + 1] ?? 0;
      if (ay > y !== by > y) {
        const ax = corners[a] ?? 0;
        if (x < (((corners[b] ?? 0) - ax) * (y - ay)) / (by - ay) + ax) {
          inside = !inside;
        }
      }
    }
    return inside;
  }

  /** Grows with y, rounding included: an edge is in the bands of all heights between its ends. */
  private bandOf(y: number): number {
    return Math.min(this.bands - 1, Math.floor((y - this.bottom) * this.perHeight));
  }

  /** Sorts the edges into bands by counting; an edge is known by where its second corner is. */
  private sortEdges(): Uint32Array {
    const { starts, bands } = this;
    this.eachEntry(band => {
      starts[band + 1] = (starts[band + 1] ?? 0) + 1;
    });
    for (let band = 0; band < bands; band++) {
      starts[band + 1] = (starts[band + 1] ?? 0) + (starts[band] ?? 0);
    }
    const next = starts.slice();
    const edges = new Uint32Array(starts[bands] ?? 0);
    this.eachEntry((band, edge) => {
      const at = next[band] ?? 0;
      edges[at] = edge;
      next[band] = at + 1;
    });
    return edges;
  }

  private eachEntry(take: (band: number, edge: number) => void): void {
    const { corners } = this;
    for (let a = 0; a < corners.length; a += 2) {
      const ay = corners[a + 1] ?? 0;
      const by = corners[(a === 0 ? corners.length : a) - 1] ?? 0;
      if (ay === by) {
        continue;
      }
      const last = this.bandOf(Math.max(ay, by));
      for (let band = this.bandOf(Math.min(ay, by)); band <= last; band++) {
        take(band, a);
      }
    }
  }
}
