import type { Found, FoundColumn } from '../../protocol/findings';
import { cell, grouped, heading, muted, pageTable } from './parts';

/** How many rows are written; a notebook is no place for all. */
const SHOWN = 20;
const LONGEST = 1000;
const DIGITS = 4;

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

function textsOf({ values }: FoundColumn): string[] {
  const whole = values.every(value => Number.isInteger(value));
  return values.slice(0, SHOWN).map(value => {
    if (typeof value === 'boolean') {
      return value ? 'yes' : '';
    }
    if (typeof value === 'string') {
      return value.length <= LONGEST ? value : `${value.slice(0, LONGEST)}...`;
    }
    return whole ? grouped(value) : general(value);
  });
}

/** A number with four digits, as Python's format `,.4g` writes it; '' for one that is none. */
function general(value: number): string {
  if (Number.isNaN(value)) {
    return '';
  }
  const [digits = '', exponent = '0'] = value.toExponential(DIGITS - 1).split('e');
  const power = Number(exponent);
  if (power < -4 || power >= DIGITS) {
    const short = String(Number(digits));
    return `${short}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  }
  return Number(value.toPrecision(DIGITS)).toLocaleString('en-US', { maximumFractionDigits: 2 * DIGITS });
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}
