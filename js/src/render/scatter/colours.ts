import type { PointGrid } from './points/pointGrid';
import type { Rgb, ScatterColours } from './scatter';

/**
 * Red, green, blue and full opacity in one number, as an `ImageData` and a buffer hold them on little-endian machines.
 *
 * Signed, as engines keep numbers from -2**30 to 2**30 without allocating; opaque colours are -2**24 to -1.
 */
export function packed(colour: Rgb): number {
  const [red, green, blue] = colour;
  return 0xff000000 | (blue << 16) | (green << 8) | red;
}

export function css(colour: Rgb): string {
  return `rgb(${colour[0]} ${colour[1]} ${colour[2]})`;
}

/** Writes the packed colour of each slot. */
export function fillColours(grid: PointGrid, colours: ScatterColours, out: Int32Array): void {
  switch (colours.kind) {
    case 'single':
      out.fill(packed(colours.colour));
      return;
    case 'category':
      fillCategories(grid.rows, colours.codes, lookup(colours.palette, colours.other), out);
      return;
    case 'ramp':
      fillRamp(grid.rows, colours, out);
  }
}

function lookup(palette: readonly Rgb[], other: Rgb): Int32Array {
  const table = new Int32Array(65536).fill(packed(other));
  table.set(palette.slice(0, table.length).map(packed));
  return table;
}

function fillCategories(
  rows: Uint32Array,
  codes: Uint8Array | Uint16Array,
  table: Int32Array,
  out: Int32Array,
): void {
  for (let slot = 0; slot < rows.length; slot++) {
    out[slot] = table[codes[rows[slot] ?? 0] ?? 65535] ?? 0;
  }
}

function fillRamp(
  rows: Uint32Array,
  colours: Extract<ScatterColours, { kind: 'ramp' }>,
  out: Int32Array,
): void {
  const { values } = colours;
  const [low, high] = colours.domain;
  const missing = packed(colours.missing);
  const table = Int32Array.from(colours.ramp, packed);
  const last = table.length - 1;
  const perUnit = high > low ? last / (high - low) : 0;
  for (let slot = 0; slot < rows.length; slot++) {
    const value = values[rows[slot] ?? 0] ?? NaN;
    const at = Math.round((value - low) * perUnit);
    out[slot] = Number.isNaN(value) ? missing : (table[at > 0 ? Math.min(at, last) : 0] ?? missing);
  }
}
