import { visiblePart } from './visible';

/** What JupyterLab's TranslationBundle offers and we use. `%1`, `%2` in a text stand for its arguments (in `_n`, `%1` is n), `%%` for a percent sign. */
export interface Bundle {
  __(text: string, ...args: (string | number)[]): string;
  _n(singular: string, plural: string, n: number, ...args: (string | number)[]): string;
}

/** Texts as they stand in the source. */
export const english: Bundle = {
  __: filled,
  _n: (singular, plural, n, ...args) => filled(n === 1 ? singular : plural, n, ...args),
};

let bundle = english;

/**
 * The words of the interface in the user's language; English where nobody translates (other notebooks, files). Names that
 * are put into them are shown as what they are, and move no word.
 */
export const trans: Bundle = {
  __: (text, ...args) => bundle.__(text, ...args.map(seen)),
  _n: (singular, plural, n, ...args) => bundle._n(singular, plural, n, ...args.map(seen)),
};

/** Lets a host translate from now on; what was drawn before keeps its words. */
export function translateWith(other: Bundle): void {
  bundle = other;
}

function seen(arg: string | number): string | number {
  return typeof arg === 'string' ? visiblePart(arg) : arg;
}

function filled(text: string, ...args: (string | number)[]): string {
  return text.replace(/%(%|\d+)/g, (_, place: string) =>
    place === '%' ? '%' : String(args[Number(place) - 1]),
  );
}
