import { expect, it } from 'vitest';
import { csv, markdown } from '../../src/store/layers/tableText';

const ODD = {
  heads: ['layer', 'n'],
  rows: [
    ['a|b_c_ <i>\n`x`', 1234567.5],
    ['=cmd("x"),1', null],
  ],
};

it('Markdown keeps odd names as they are, in one line each', () => {
  expect(markdown(ODD).split('\n').slice(2)).toEqual([
    '| a\\|b_c\\_ \\<i\\> \\`x\\` | 1235000 |',
    '| =cmd("x"),1 |  |',
    '',
  ]);
});

it('CSV quotes, and lets no spreadsheet take a name for a formula', () => {
  expect(csv(ODD)).toBe('layer,n\r\n"a|b_c_ <i>\n`x`",1234567.5\r\n"\'=cmd(""x""),1",\r\n');
});
