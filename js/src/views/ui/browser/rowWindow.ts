/** A run of rows that are drawn, or a gap as high as those that are not. */
export type Segment =
  | { readonly kind: 'rows'; readonly from: number; readonly to: number }
  | { readonly kind: 'gap'; readonly from: number; readonly rows: number };

/** Rows drawn beyond each edge, so that scrolling shows no blank. */
const OVERSCAN = 8;

/** Tables of at most so many rows are drawn whole. */
export const WHOLE = 100;

/** The rows that a scrolled table of `height` pixels shows. */
export function visibleRange(
  scrollTop: number,
  height: number,
  rowHeight: number,
  total: number,
): readonly [from: number, to: number] {
  if (total <= WHOLE) {
    return [0, total];
  }
  const from = Math.min(total, Math.max(0, Math.floor(scrollTop / rowHeight) - OVERSCAN));
  return [from, Math.min(total, Math.ceil((scrollTop + height) / rowHeight) + OVERSCAN)];
}

/** Cuts the rows 0..total into drawn ones and gaps. The pinned row is drawn wherever it is: it may have the focus. */
export function segments(total: number, from: number, to: number, pinned: number): Segment[] {
  const drawn: (readonly [number, number])[] = [[from, to]];
  if (pinned >= 0 && pinned < from) {
    drawn.unshift([pinned, pinned + 1]);
  } else if (pinned >= to && pinned < total) {
    drawn.push([pinned, pinned + 1]);
  }
  const result: Segment[] = [];
  let at = 0;
  for (const [start, end] of drawn) {
    if (start > at) {
      result.push({ kind: 'gap', from: at, rows: start - at });
    }
    result.push({ kind: 'rows', from: start, to: end });
    at = end;
  }
  if (at < total) {
    result.push({ kind: 'gap', from: at, rows: total - at });
  }
  return result;
}
