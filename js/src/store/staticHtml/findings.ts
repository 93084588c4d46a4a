import type { Found, FoundColumn } from '../../protocol/findings';
import { cell, grouped, heading, muted, pageTable } from './parts';

/** How many rows are written; a notebook is no place for all. */
const SHOWN = 20;
const LONGEST = 1000;
const DIGITS = 4;
const MOST_DIGITS = 8;

/** What an analysis of samples found, as plain HTML. Python writes the same in figures/findings.py. */
export function foundHtml(title: string, { summary, rows, columns }: Found): string {
  const texts = columns.map(textsOf);
  const right = columns.map(({ values }) => values.length > 0 && values.every(isNumber));
  const body = Array.from(
    { length: Math.min(SHOWN, rows, columns[0]?.values.length ?? 0) },
    (_, row) => `<tr>${texts.map((column, i) => cell(column[row] ?? '', right[i])).join('')}</tr>`,
  );
  return pageTable(
    heading(title, summary),
    columns.map(({ heading: text }, i) => ({ text, right: right[i] ?? false })),
    body.join(''),
    rows > SHOWN ? muted(`${grouped(rows - SHOWN)} more rows.`) : '',
  );
}

/** The cells of a column, numbers with as many digits as tell them apart: 4 to 8. */
function textsOf({ values }: FoundColumn): string[] {
  const shown = values.slice(0, SHOWN);
  const different = new Set<unknown>(shown).size;
  for (let digits = DIGITS; digits < MOST_DIGITS; digits++) {
    const texts = textsWith(shown, digits);
    if (!values.some(isFraction) || new Set(texts).size >= different) {
      return texts;
    }
  }
  return textsWith(shown, MOST_DIGITS);
}

function isFraction(value: unknown): boolean {
  return typeof value === 'number' && !Number.isInteger(value);
}

function textsWith(values: FoundColumn['values'], digits: number): string[] {
  const whole = !values.some(isFraction);
  return values.map(value => {
    if (typeof value === 'boolean') {
      return value ? 'yes' : '';
    }
    if (typeof value === 'string') {
      return value.length <= LONGEST ? value : `${value.slice(0, LONGEST)}...`;
    }
    return whole ? grouped(value) : general(value, digits);
  });
}

/** A number with so many digits, as Python's format `,.4g` writes it; '' for one that is none. */
function general(value: number, most: number): string {
  if (Number.isNaN(value)) {
    return '';
  }
  const [digits = '', exponent = '0'] = value.toExponential(most - 1).split('e');
  const power = Number(exponent);
  if (power < -4 || power >= most) {
    const short = String(Number(digits));
    return `${short}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  }
  return Number(value.toPrecision(most)).toLocaleString('en-US', { maximumFractionDigits: most + DIGITS });
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}
