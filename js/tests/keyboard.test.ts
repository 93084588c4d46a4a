import { beforeEach, expect, it } from 'vitest';
import { ALL, CanvasUnderTest } from './support/canvas';

let canvas: CanvasUnderTest;

beforeEach(async () => {
  canvas = new CanvasUnderTest();
  await canvas.show(...ALL);
  canvas.row('conv_1').focus();
});

it('arrows, Home and End move the current row and the focus, and mark nothing', async () => {
  for (const [key, layer] of [
    ['ArrowDown', 'conv_1'],
    ['ArrowDown', 'block/relu_1'],
    ['End', 'dense'],
    ['ArrowDown', 'dense'],
    ['ArrowUp', 'flatten'],
    ['Home', 'conv_1'],
  ] as const) {
    expect(await canvas.press(key)).toEqual({ prevented: true, escaped: false });
    expect(canvas.current).toBe(layer);
    expect(canvas.marked).toEqual([]);
    expect(document.activeElement).toBe(canvas.row(layer));
  }
});

it('one row can be reached with Tab', async () => {
  const reachable = () => canvas.rows().filter(({ tabIndex }) => tabIndex === 0);
  expect(reachable()).toEqual([canvas.row('conv_1')]);
  await canvas.press('End');
  expect(reachable()).toEqual([canvas.row('dense')]);
});

it('/ goes to the filter; Escape clears it there, then closes the details, then drops the marks', async () => {
  canvas.row('flatten').click();
  expect(await canvas.press('/')).toEqual({ prevented: true, escaped: false });
  expect(document.activeElement).toBe(canvas.get('dv-filter'));
  canvas.store.view('r1').text.value = 'flat';
  await canvas.press('Escape');
  expect(canvas.store.view('r1').text.value).toBe('');
  expect(canvas.has('dv-layer-detail')).toBe(true);
  await canvas.press('Escape');
  expect(canvas.has('dv-layer-detail')).toBe(false);
  expect(document.activeElement).toBe(canvas.row('flatten'));
  await canvas.press(' ');
  expect(canvas.marked).toEqual(['flatten']);
  await canvas.press('Escape');
  expect(canvas.marked).toEqual([]);
  expect(await canvas.press('Escape')).toMatchObject({ prevented: false });
});

it('Space marks, Shift with arrows marks a range that can shrink again', async () => {
  await canvas.press(' ');
  await canvas.press('ArrowDown');
  await canvas.press('ArrowDown');
  await canvas.press(' ');
  expect(canvas.marked).toEqual(['conv_1', 'flatten']);
  await canvas.press('ArrowDown', { shiftKey: true });
  expect(canvas.marked).toEqual(['conv_1', 'flatten', 'dense']);
  await canvas.press('ArrowUp', { shiftKey: true });
  await canvas.press('ArrowUp', { shiftKey: true });
  expect(canvas.marked).toEqual(['conv_1', 'block/relu_1', 'flatten']);
  expect(document.activeElement).toBe(canvas.row('block/relu_1'));
});

it('Enter opens the details, and they follow the current row', async () => {
  expect(await canvas.press('Enter')).toEqual({ prevented: true, escaped: false });
  expect(canvas.get('dv-layer-detail').dataset['layer']).toBe('conv_1');
  await canvas.press('ArrowDown');
  expect(canvas.get('dv-layer-detail').dataset['layer']).toBe('block/relu_1');
});

it('what is typed into the filter does not reach the notebook, but Ctrl S does', async () => {
  canvas.get('dv-filter').focus();
  expect(await canvas.press('a')).toEqual({ prevented: false, escaped: false });
  expect(await canvas.press('/')).toEqual({ prevented: false, escaped: false });
  expect(await canvas.press('s', { ctrlKey: true })).toEqual({ prevented: false, escaped: true });
});

it('Enter presses the button that has the focus, and keys of no use to us pass', async () => {
  canvas.get('dv-cancel').focus();
  expect(await canvas.press('Enter')).toEqual({ prevented: false, escaped: false });
  canvas.row('conv_1').focus();
  expect(await canvas.press('b')).toEqual({ prevented: false, escaped: true });
  expect(await canvas.press('Enter', { shiftKey: true })).toEqual({ prevented: false, escaped: true });
});

it('a run of a thousand layers draws only what is seen', async () => {
  canvas = new CanvasUnderTest();
  const layers = Array.from({ length: 1000 }, (_, i) => ({
    name: `layer_${i}`,
    kind: 'relu',
    type: 'ReLU',
    shape: [null, 8],
    units: 8,
  }));
  await canvas.show('run', ['layers', { layers }]);
  expect(canvas.rows().length).toBeLessThan(100);
  expect(canvas.get('dv-layer-table').getAttribute('aria-rowcount')).toBe('1001');
  canvas.row('layer_0').focus();
  await canvas.press('End');
  expect(document.activeElement).toBe(canvas.row('layer_999'));
  expect(canvas.row('layer_999').getAttribute('aria-rowindex')).toBe('1001');
});
