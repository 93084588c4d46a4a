import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pictures } from '../../src/store/dataset/media/pictures';
import { incoming } from '../support/fixtures';

function sheet(fields: Record<string, unknown> = {}) {
  const message = incoming('pictures', fields);
  if (message.kind !== 'pictures') {
    throw new Error('no pictures');
  }
  return message;
}

function shown() {
  const pictures = new Pictures();
  const ask = vi.fn<Parameters<Pictures['attach']>[0]>();
  pictures.attach(ask);
  return { pictures, ask };
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('pictures', () => {
  it('in sight are asked for together, once each, and those of one sheet at a time', () => {
    const { pictures, ask } = shown();
    for (const row of [3, 0, 1, 2, 3]) {
      pictures.want('picture', 32, row);
    }
    pictures.want('picture', 192, 7);
    vi.advanceTimersByTime(100);
    expect(ask.mock.calls).toEqual([
      [{ kind: 'read_pictures', column: 'picture', edge: 32, rows: [3, 0, 1, 2] }],
    ]);
    pictures.take(sheet());
    vi.advanceTimersByTime(100);
    expect(ask.mock.calls.slice(1)).toEqual([
      [{ kind: 'read_pictures', column: 'picture', edge: 192, rows: [7] }],
    ]);
  });

  it('lie in their square of the sheet, and say why they are not there', () => {
    const { pictures } = shown();
    pictures.take(sheet({ rows: [3, 0, 5], across: 2 }));
    expect(pictures.of('picture', 32, 3)).toMatchObject({ type: 'picture', x: 0, y: 0 });
    expect(pictures.of('picture', 32, 0)).toMatchObject({ x: 32, y: 0 });
    expect(pictures.of('picture', 32, 5)).toMatchObject({ x: 0, y: 32, edge: 32 });
    expect(pictures.of('picture', 32, 2)).toEqual({ type: 'none', why: '<b>broken</b>' });
    expect(pictures.of('picture', 192, 3)).toBeNull();
  });

  it('that went out of sight before they were asked for are not asked for', () => {
    const { pictures, ask } = shown();
    const leave = pictures.want('picture', 32, 1);
    pictures.want('picture', 32, 2);
    leave();
    vi.advanceTimersByTime(100);
    expect(ask.mock.calls[0]?.[0].rows).toEqual([2]);
  });

  it('whose answer got lost are asked for again', () => {
    const { pictures, ask } = shown();
    pictures.want('picture', 32, 2);
    vi.advanceTimersByTime(11_000);
    expect(ask.mock.calls.length).toBeGreaterThan(1);
  });
});
