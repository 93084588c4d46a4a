import type { PointGrid } from './pointGrid';
import type { Rgb, ScatterColours } from './scatter';

/** Red, green, blue and full opacity in one number, as an `ImageData` and a texture hold them on little-endian machines. */
export function packed(colour: Rgb): number {
  const [red, green, blue] = colour;
  return (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0;
}

export function css(colour: Rgb): string {
  return `rgb(${colour[0]} ${colour[1]} ${colour[2]})`;
}

/** Writes the packed colour of each slot. */
export function fillColours(grid: PointGrid, colours: ScatterColours, out: Uint32Array): void {
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

function lookup(palette: readonly Rgb[], other: Rgb): Uint32Array {
  const table = new Uint32Array(65536).fill(packed(other));
  table.set(palette.slice(0, table.length).map(packed));
  return table;
}

function fillCategories(
  rows: Uint32Array,
  codes: Uint8Array | Uint16Array,
  table: Uint32Array,
  out: Uint32Array,
): void {
  for (let slot = 0; slot < rows.length; slot++) {
    out[slot] = table[codes[rows[slot] ?? 0] ?? 65535] ?? 0;
  }
}

function fillRamp(
  rows: Uint32Array,
  colours: Extract<ScatterColours, { kind: 'ramp' }>,
  out: Uint32Array,
): void {
  const { values } = colours;
  const [low, high] = colours.domain;
  const missing = packed(colours.missing);
  const table = Uint32Array.from(colours.ramp, packed);
  const last = table.length - 1;
  const perUnit = high > low ? last / (high - low) : 0;
  for (let slot = 0; slot < rows.length; slot++) {
    const value = values[rows[slot] ?? 0] ?? NaN;
    const at = Math.round((value - low) * perUnit);
    out[slot] = Number.isNaN(value) ? missing : (table[at > 0 ? Math.min(at, last) : 0] ?? missing);
  }
}
