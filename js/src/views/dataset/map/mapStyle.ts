import { LIGHT_STYLE } from '../../../render/scatter/createScatter';
import type { Rgb, ScatterColours, ScatterStyle } from '../../../render/scatter/scatter';
import type { Column } from '../../../store/dataset/columns';
import { finiteValues, quantile } from '../../../store/dataset/quantiles';
import {
  MOST_COLOURS,
  colouredCategories,
  type ColouredCategories,
} from '../../../store/dataset/view/categories';

/** The colours of the map, as the theme has them. */
export interface MapPalette {
  readonly style: ScatterStyle;
  readonly single: Rgb;
  readonly categories: readonly Rgb[];
  readonly other: Rgb;
  readonly ramp: readonly Rgb[];
}

const RAMP_STOPS = 6;

/** Reads the colours from the tokens of an element. */
export function mapPalette(element: HTMLElement): MapPalette {
  const probe = document.createElement('span');
  element.append(probe);
  const read = (token: string): Rgb => {
    probe.style.color = `var(${token})`;
    return rgbOf(getComputedStyle(probe).color);
  };
  const numbered = (stem: string, count: number) =>
    Array.from({ length: count }, (_, i) => read(`${stem}-${i}`));
  const palette = {
    style: {
      ...LIGHT_STYLE,
      background: read('--dv-bg'),
      dimmed: read('--dv-unselected'),
      accent: read('--dv-brand'),
    },
    single: read('--dv-cat-0'),
    categories: numbered('--dv-cat', MOST_COLOURS),
    other: read('--dv-cat-other'),
    ramp: numbered('--dv-fam', RAMP_STOPS),
  };
  probe.remove();
  return palette;
}

/** `rgb(1, 2, 3)` and `color(srgb 0.1 0.2 0.3)` as browsers compute them; black for anything else. */
export function rgbOf(text: string): Rgb {
  const [red = 0, green = 0, blue = 0] = (text.match(/[\d.]+/g) ?? []).map(Number);
  const scale = text.startsWith('color') ? 255 : 1;
  return [Math.round(red * scale), Math.round(green * scale), Math.round(blue * scale)];
}

/** What the colours of the points mean. */
export type Colouring =
  | { readonly kind: 'single' }
  | { readonly kind: 'categories'; readonly column: Column; readonly found: ColouredCategories }
  | {
      readonly kind: 'ramp';
      readonly column: Column;
      readonly values: Float32Array | Float64Array;
      readonly domain: readonly [number, number];
    };

/** The shares of the values between which the ramp runs, so that a few extreme ones do not take it all. */
const ENDS = [0.02, 0.98] as const;

export function colouringOf(column: Column | null): Colouring {
  if (column?.kind === 'category') {
    return { kind: 'categories', column, found: colouredCategories(column) };
  }
  if (column?.kind !== 'float' && column?.kind !== 'int') {
    return { kind: 'single' };
  }
  const finite = finiteValues(column.values);
  const values =
    column.values instanceof Float32Array || column.values instanceof Float64Array
      ? column.values
      : Float64Array.from(column.values);
  return { kind: 'ramp', column, values, domain: [quantile(finite, ENDS[0]), quantile(finite, ENDS[1])] };
}

export function scatterColours(colouring: Colouring, palette: MapPalette): ScatterColours {
  switch (colouring.kind) {
    case 'single':
      return { kind: 'single', colour: palette.single };
    case 'categories':
      return {
        kind: 'category',
        codes: colouring.found.colours,
        palette: palette.categories,
        other: palette.other,
      };
    case 'ramp':
      return {
        kind: 'ramp',
        values: colouring.values,
        domain: colouring.domain,
        ramp: palette.ramp,
        missing: palette.other,
      };
  }
}
