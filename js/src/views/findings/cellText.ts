import type { FoundColumn } from '../../protocol/findings';
import { trans } from '../../store/shared/trans';
import { count } from '../ui/words/format';

/** Significant digits of the largest number of a column. */
const DIGITS = 4;
const MOST_DECIMALS = 3;
/** Decimals that are added at most, until numbers that differ look different. */
const MORE_DECIMALS = 4;

/** The values of a column as text: 1,234, −80.25, yes; what is not a number is left empty. */
export function textsOf(values: FoundColumn['values']): string[] {
  const decimals = decimalsOf(values.filter(value => typeof value === 'number'));
  return values.map(value => {
    if (typeof value === 'number') {
      return numberText(value, decimals);
    }
    return typeof value === 'string' ? value : value ? trans.__('yes') : '';
  });
}

/** As many for all numbers of a column, so that their points stand below each other. */
function decimalsOf(numbers: readonly number[]): number {
  const finite = numbers.filter(Number.isFinite);
  if (finite.every(Number.isInteger)) {
    return 0;
  }
  const least = decimalsFor(finite.reduce((most, value) => Math.max(most, Math.abs(value)), 0));
  const different = new Set(finite).size;
  const enough = Array.from({ length: MORE_DECIMALS }, (_, more) => least + more).find(
    decimals => new Set(finite.map(value => numberText(value, decimals))).size >= different,
  );
  return enough ?? least + MORE_DECIMALS;
}

/** The decimals of numbers up to a largest one. */
export function decimalsFor(largest: number): number {
  return Math.min(MOST_DECIMALS, Math.max(0, DIGITS - 1 - Math.floor(Math.log10(largest))));
}

/** A number with so many decimals; one that would pass for zero with as many as it needs. */
export function numberText(value: number, decimals: number): string {
  if (Number.isNaN(value)) {
    return '';
  }
  if (!Number.isFinite(value)) {
    return value > 0 ? '∞' : '−∞';
  }
  if (decimals === 0) {
    return count(Math.round(value));
  }
  const tiny = value !== 0 && Math.abs(value) < 0.5 * 10 ** -decimals;
  return (tiny ? value.toPrecision(2) : value.toFixed(decimals)).replace('-', '−');
}
