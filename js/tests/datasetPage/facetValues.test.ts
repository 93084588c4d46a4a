import { expect, it } from 'vitest';
import { binsOf } from '../../src/store/dataset/bins';
import { MEDIA, type Column } from '../../src/store/dataset/columns';
import { valueBars } from '../../src/views/dataset/columns/facetValues';

it('counts pictures as usable, missing and broken, each once', () => {
  const values = Uint8Array.of(
    MEDIA.usable,
    MEDIA.missing,
    MEDIA.usable,
    MEDIA.broken,
    MEDIA.usable,
    MEDIA.missing,
  );
  const column: Column = { name: 'picture', role: 'media', kind: 'media', values };
  const bins = binsOf(column);
  const totals = new Int32Array((bins?.size ?? 0) + 1);
  for (const code of bins?.codes ?? []) {
    totals[code] = (totals[code] ?? 0) + 1;
  }

  const bars = valueBars(column, totals, totals, []);

  expect(bars.map(({ word, value, total }) => [word, value, total])).toEqual([
    ['usable', 'usable', 3],
    ['missing', null, 2],
    ['broken', 'broken', 1],
  ]);
});
