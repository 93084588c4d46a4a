/** Colours of the heat strip for the values 0..255, as RGBA bytes; 255 is a dead unit. */
export type Palette = Uint8ClampedArray<ArrayBuffer>;

const STOPS = 6;
export const DEAD = 255;

/** Reads the colours from the tokens of an element; null while it has no styles, not being in a page yet. */
export function paletteOf(element: Element): Palette | null {
  const style = getComputedStyle(element);
  const tokens = [...Array.from({ length: STOPS }, (_, i) => `--dv-seq-${i}`), '--dv-dead'];
  const colours = tokens
    .map(token => parseHex(style.getPropertyValue(token).trim()))
    .filter(rgb => rgb !== null);
  const dead = colours[STOPS];
  return dead === undefined ? null : palette(colours.slice(0, STOPS), dead);
}

type Rgb = readonly [number, number, number];

export function palette(stops: readonly Rgb[], dead: Rgb): Palette {
  const colours = new Uint8ClampedArray(4 * 256);
  for (let value = 0; value <= DEAD; value++) {
    const rgb = value === DEAD ? dead : between(stops, value / (DEAD - 1));
    colours.set([...rgb, 255], 4 * value);
  }
  return colours;
}

function between(stops: readonly Rgb[], share: number): Rgb {
  const at = share * (stops.length - 1);
  const low = stops[Math.floor(at)] ?? [0, 0, 0];
  const high = stops[Math.ceil(at)] ?? low;
  const part = at - Math.floor(at);
  const mix = (i: 0 | 1 | 2) => low[i] + (high[i] - low[i]) * part;
  return [mix(0), mix(1), mix(2)];
}

function parseHex(text: string): Rgb | null {
  const digits = /^#([0-9a-f]{6})$/i.exec(text)?.[1];
  if (digits === undefined) {
    return null;
  }
  const value = parseInt(digits, 16);
  return [value >> 16, (value >> 8) & 0xff, value & 0xff];
}
