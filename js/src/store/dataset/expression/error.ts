import { visibleLines } from '../../shared/visible';

/** An expression cannot be read, or does not fit the table. */
export class ExpressionError extends Error {
  /** @param end exclusive; both count UTF-16 units, as inputs do. */
  constructor(
    message: string,
    readonly start: number,
    readonly end: number,
  ) {
    super(visibleLines(message));
  }
}

/** The known name that was probably meant: the shortest that continues it, else one with few edits. */
export function nearest(name: string, known: readonly string[]): string | null {
  const wanted = name.toLowerCase();
  const longer = known.filter(other => other.toLowerCase().startsWith(wanted));
  const candidates = longer.length > 0 ? longer : known;
  const cost = (other: string): number =>
    longer.length > 0 ? other.length : edits(wanted, other.toLowerCase());
  const most = longer.length > 0 ? Infinity : Math.max(1, Math.floor(name.length / 3));
  let best: string | null = null;
  let least = Infinity;
  for (const other of candidates) {
    const here = cost(other);
    if (here < least && here <= most) {
      best = other;
      least = here;
    }
  }
  return best;
}

/** The Levenshtein distance, in which two neighbours that changed places count 1. */
function edits(one: string, other: string): number {
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 0; i < one.length; i++) {
    const following = [i + 1];
    for (let j = 0; j < other.length; j++) {
      const same = one[i] === other[j] ? 0 : 1;
      let cost = Math.min((row[j] ?? 0) + same, (row[j + 1] ?? 0) + 1, (following[j] ?? 0) + 1);
      if (i > 0 && j > 0 && one[i] === other[j - 1] && one[i - 1] === other[j]) {
        cost = Math.min(cost, (before[j - 1] ?? 0) + 1);
      }
      following.push(cost);
    }
    before = row;
    row = following;
  }
  return row.at(-1) ?? 0;
}
