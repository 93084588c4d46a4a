const SMALLEST = 1.6;
const LARGEST = 9;
const LARGEST_FITTED = 6;
/** Share of the free distance between points that a point takes. */
const FILL = 0.55;
/** Points grow with the zoom, but slower than it. */
const GROWTH = 0.35;
const FAINTEST = 0.25;
const STRONGEST = 0.9;
/** Up to this many times covered, an area is drawn with the strongest opacity. */
const SPARSE = 0.5;

/** The diameter of a point in CSS pixels: smaller the more points there are, larger the closer one looks. */
export function pointSize(count: number, area: number, zoomed: number): number {
  const fitted = Math.min(LARGEST_FITTED, Math.max(SMALLEST, FILL * Math.sqrt(area / Math.max(1, count))));
  return Math.min(LARGEST, Math.max(SMALLEST, fitted * zoomed ** GROWTH));
}

/** How opaque points are: the more they cover each other, the less, so that density stays visible. */
export function pointOpacity(drawn: number, size: number, area: number): number {
  const cover = (drawn * size * size) / area;
  return cover <= SPARSE ? STRONGEST : Math.max(FAINTEST, STRONGEST * Math.sqrt(SPARSE / cover));
}
