import type { Column } from '../../../store/dataset/columns';
import { type Filter, MEDIA_WORDS } from '../../../store/dataset/filters';
import type { ColouredCategory } from '../../../store/dataset/view/categories';
import { trans } from '../../../store/shared/trans';
import type { ValueBar } from './ValueBars';

type Value = string | boolean | null;

/** So many values of a column have a bar; an expression reaches the others. */
export const MOST_VALUES = 200;

const frequent = new WeakMap<Column, readonly number[]>();

/** The codes of the most frequent values, the most frequent first. Sorted once for a column, since totals do not change. */
function frequentCodes(column: Column, totals: Int32Array): readonly number[] {
  const known = frequent.get(column);
  if (known !== undefined) {
    return known;
  }
  const codes = Uint32Array.from({ length: totals.length - 1 }, (_, code) => code)
    .sort((a, b) => (totals[b] ?? 0) - (totals[a] ?? 0) || a - b)
    .subarray(0, MOST_VALUES);
  const found = Array.from(codes);
  frequent.set(column, found);
  return found;
}

/** The values of a column, most frequent first, that without a value last. */
export function valueBars(
  column: Column,
  totals: Int32Array,
  counts: Int32Array,
  colours: readonly ColouredCategory[],
): ValueBar[] {
  const colourOf = new Map(colours.map(({ code }, colour) => [code, `var(--dv-cat-${colour})`]));
  const bar = (code: number, value: Value, word: string): ValueBar => ({
    value,
    word,
    total: totals[code] ?? 0,
    shown: counts[code] ?? 0,
    colour: colourOf.get(code) ?? null,
  });
  if (column.role === 'set') {
    return [bar(1, true, trans.__('in a set')), bar(0, null, trans.__('in none'))];
  }
  const known = valuesOf(column);
  const values = frequentCodes(column, totals)
    .filter(code => column.kind !== 'media' || (totals[code] ?? 0) > 0)
    .map(code => {
      const value = known[code] ?? null;
      return bar(code, value, column.kind === 'media' ? mediaWord(value) : wordOf(value));
    });
  const missing = bar(known.length, null, trans.__('missing'));
  return missing.total > 0 ? [...values, missing] : values;
}

function valuesOf(column: Column): readonly Value[] {
  switch (column.kind) {
    case 'category':
      return column.dictionary;
    case 'bool':
      return [false, true];
    case 'media':
      return MEDIA_WORDS;
    default:
      return [];
  }
}

function mediaWord(value: Value): string {
  return value === null ? trans.__('missing') : value === 'usable' ? trans.__('usable') : trans.__('broken');
}

function wordOf(value: Value): string {
  return typeof value === 'boolean' ? (value ? trans.__('yes') : trans.__('no')) : (value ?? '');
}

/** The samples that are in a set. */
export function inSet(column: string): Filter {
  return { type: 'range', column, low: 0, high: null };
}

export function outsideSets(column: string): Filter {
  return { type: 'values', column, values: [null] };
}

/** A filter with one value more or less; null when none is left. */
export function toggledValue(column: string, filter: Filter | null, value: Value): Filter | null {
  const before = filter?.type === 'values' ? filter.values : [];
  const values = before.includes(value) ? before.filter(other => other !== value) : [...before, value];
  return values.length === 0 ? null : { type: 'values', column, values };
}
