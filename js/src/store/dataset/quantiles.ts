import type { Numbers } from '../../protocol/tables';

/** The finite numbers of some rows (of all without), as a copy. */
export function finiteValues(values: Numbers, rows?: Uint32Array): Float64Array<ArrayBuffer> {
  const length = rows?.length ?? values.length;
  const found = new Float64Array(length);
  let size = 0;
  for (let index = 0; index < length; index++) {
    const value = values[rows === undefined ? index : (rows[index] ?? 0)] ?? NaN;
    if (Number.isFinite(value)) {
      // -0 + 0 is 0: no result depends on which zero came first.
      found[size++] = value + 0;
    }
  }
  return found.subarray(0, size);
}

/**
 * The quantile of finite values at a share of 0..1, between two values by linear interpolation; NaN of none. Moves the
 * values about.
 */
export function quantile(values: Float64Array, share: number): number {
  if (values.length === 0) {
    return NaN;
  }
  const place = Math.min(Math.max(share, 0), 1) * (values.length - 1);
  const below = Math.floor(place);
  const low = selected(values, below);
  if (place === below) {
    return low;
  }
  // Behind its place all values are at least as large.
  let high = Infinity;
  for (let index = below + 1; index < values.length; index++) {
    high = Math.min(high, values[index] ?? Infinity);
  }
  return low + (high - low) * (place - below);
}

/** Where to cut numbers so that each part holds about as many; fewer parts where values repeat. */
export function equalCounts(values: Numbers, parts: number): number[] {
  const finite = finiteValues(values).sort();
  const cuts: number[] = [];
  for (let part = 1; part < parts; part++) {
    const cut = finite[Math.floor((part * finite.length) / parts)];
    if (cut !== undefined && cut > (cuts.at(-1) ?? finite[0] ?? Infinity)) {
      cuts.push(cut);
    }
  }
  return cuts;
}

/** The k-th smallest (Hoare's selection); smaller ones are then before it, larger ones behind. */
function selected(values: Float64Array, k: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = medianOfThree(values[low] ?? 0, values[(low + high) >>> 1] ?? 0, values[high] ?? 0);
    let left = low;
    let right = high;
    while (left <= right) {
      while ((values[left] ?? 0) < pivot) {
        left++;
      }
      while ((values[right] ?? 0) > pivot) {
        right--;
      }
      if (left <= right) {
        const kept = values[left] ?? 0;
        values[left++] = values[right] ?? 0;
        values[right--] = kept;
      }
    }
    if (k <= right) {
      high = right;
    } else if (k >= left) {
      low = left;
    } else {
      break;
    }
  }
  return values[k] ?? NaN;
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
