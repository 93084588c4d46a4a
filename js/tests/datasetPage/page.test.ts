import { beforeEach, describe, expect, it } from 'vitest';
import { CanvasUnderTest } from '../support/canvas';

const REPORT = [{ name: 'report', analysis: 'report' }];
const BOTH = [{ name: 'iua', analysis: 'iua' }, ...REPORT];

let canvas: CanvasUnderTest;

beforeEach(() => {
  canvas = new CanvasUnderTest();
});

function pages(): (string | null)[][] {
  return [...canvas.get('dv-page-switch').querySelectorAll('button')].map(button => [
    button.textContent,
    button.getAttribute('aria-pressed'),
  ]);
}

describe('the dataset page', () => {
  it('is the first page of a run over samples, once there is a table of them', async () => {
    await canvas.show(['run', { introspections: REPORT }]);
    expect(canvas.has('dv-page-switch')).toBe(false);
    await canvas.show('samples');
    expect(pages()).toEqual([
      ['Dataset', 'true'],
      ['Dataset report', 'false'],
    ]);
    expect(canvas.get('dv-passing').textContent).toBe('4 of 4');
  });

  it('stands behind the layers of a run that has layers', async () => {
    await canvas.show(['run', { introspections: BOTH }], 'layers', 'iua', 'samples');
    expect(pages()[0]).toEqual(['Layers', 'true']);
    canvas.button('Dataset').click();
    await canvas.show();
    expect(canvas.has('dv-dataset')).toBe(true);
  });

  it('asks for the columns that are looked at, and shows what comes as text', async () => {
    await canvas.show(['run', { introspections: REPORT }], 'samples');
    const asked = canvas.readColumn.mock.calls.map(([run, { column }]) => `${run} ${column}`);
    expect(asked).toContain('r1 label');
    expect(asked).not.toContain('r1 filename');
    await canvas.show('sample_chunk');
    const values = [...canvas.get('dv-facets').querySelectorAll('[data-column="label"] .dv-Value')];
    expect(values.map(({ ariaLabel }) => ariaLabel)).toEqual([
      '<b>dog</b>: 2 of 2',
      'cat: 1 of 1',
      'missing: 1 of 1',
    ]);
    expect(canvas.host.querySelector('.dv-Values b')).toBeNull();
  });

  it('filters by a click on a value, says so in a chip, and takes it back', async () => {
    await canvas.show(['run', { introspections: REPORT }], 'samples');
    await canvas.show('sample_chunk');
    canvas.button('<b>dog</b>: 2 of 2').click();
    await canvas.show();
    expect(canvas.get('dv-passing').textContent).toBe('2 of 4');
    expect(canvas.get('dv-filters').textContent).toBe('label: <b>dog</b>');
    expect(canvas.get('dv-samples').querySelectorAll('[data-place]')).toHaveLength(2);
    canvas.get('dv-undo').click();
    await canvas.show();
    expect(canvas.get('dv-passing').textContent).toBe('4 of 4');
  });

  it('selects rows by keyboard and keeps them where they are', async () => {
    await canvas.show(['run', { introspections: REPORT }], 'samples');
    const row = (place: number) =>
      canvas.get('dv-samples').querySelector<HTMLElement>(`[data-place="${place}"]`);
    row(1)?.focus();
    await canvas.press(' ');
    expect(canvas.get('dv-selection').textContent).toContain('1 selected');
    expect(row(1)?.ariaSelected).toBe('true');
    await canvas.press('a', { ctrlKey: true });
    expect(canvas.get('dv-selection').textContent).toContain('4 selected');
    await canvas.press('Escape');
    expect(canvas.get('dv-selection').textContent).toContain('Nothing selected');
    await canvas.press('z', { ctrlKey: true });
    expect(canvas.get('dv-selection').textContent).toContain('4 selected');
  });
});
