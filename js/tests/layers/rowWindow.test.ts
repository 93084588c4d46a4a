import { describe, expect, it } from 'vitest';
import { segments, visibleRange } from '../../src/views/ui/browser/rowWindow';

describe('visible range', () => {
  it('is everything in a table of up to a hundred rows', () => {
    expect(visibleRange(500, 200, 28, 100)).toEqual([0, 100]);
  });

  it('is what is seen and a few more in a longer one', () => {
    expect(visibleRange(2800, 280, 28, 1000)).toEqual([92, 118]);
    expect(visibleRange(0, 280, 28, 1000)).toEqual([0, 18]);
    expect(visibleRange(28_000, 280, 28, 1000)).toEqual([992, 1000]);
  });
});

describe('segments', () => {
  it('are one block when all is drawn', () => {
    expect(segments(3, 0, 3, 0)).toEqual([{ kind: 'rows', from: 0, to: 3 }]);
  });

  it('have gaps for what is not drawn', () => {
    expect(segments(1000, 92, 118, 100)).toEqual([
      { kind: 'gap', from: 0, rows: 92 },
      { kind: 'rows', from: 92, to: 118 },
      { kind: 'gap', from: 118, rows: 882 },
    ]);
  });

  it.each([5, 500])('draw the pinned row %i, which may have the focus, wherever it is', pinned => {
    const parts = segments(1000, 92, 118, pinned);
    expect(parts).toContainEqual({ kind: 'rows', from: pinned, to: pinned + 1 });
    expect(
      parts.reduce((sum, part) => sum + (part.kind === 'gap' ? part.rows : part.to - part.from), 0),
    ).toBe(1000);
  });

  it('are none for an empty table', () => {
    expect(segments(0, 0, 0, 0)).toEqual([{ kind: 'rows', from: 0, to: 0 }]);
  });
});
