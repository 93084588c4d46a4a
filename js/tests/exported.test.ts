import { h, render } from 'preact';
import { describe, expect, it } from 'vitest';
import { type Exported, exportedOf } from '../src/store/files/exported';
import { ExportPage } from '../src/views/run/ExportPage';

describe('what the kernel says of an export', () => {
  it('is where the page is and what it holds', () => {
    const value = encodeURIComponent(JSON.stringify({ path: '/a/ü.html', contents: ['1 layer'] }));
    expect(exportedOf({ value, problem: null })).toEqual({ path: '/a/ü.html', contents: ['1 layer'] });
  });

  it.each(['%', '[]', '{"path":1}', encodeURIComponent('{"path":"a"}')])(
    'is a problem if it is %s',
    value => {
      expect(exportedOf({ value, problem: null })).toHaveProperty('problem');
    },
  );

  it('is its own words where it wrote none', () => {
    expect(exportedOf({ value: null, problem: 'Disk full.' })).toEqual({ problem: 'Disk full.' });
  });
});

describe('the button', () => {
  it.each<[Exported, string]>([
    [{ path: '/a/<b>.html', contents: ['1 layer', '<i>'] }, 'Exported as'],
    [{ problem: 'Disk full.' }, 'No page was written.'],
  ])('tells what became of it, as text', async (exported, words) => {
    const place = document.createElement('div');
    render(h(ExportPage, { exportPage: () => Promise.resolve(exported) }), place);
    place.querySelector<HTMLButtonElement>('[data-testid="dv-export"]')?.click();
    await expect.poll(() => place.textContent).toContain(words);
    expect(place.querySelector('b, i')).toBeNull();
  });
});
