import { expect, it } from 'vitest';
import { PanelUnderTest } from '../support/panel';

it('a kernel without model and data has an example, which a click inserts', async () => {
  const panel = new PanelUnderTest();
  await panel.show(['hello', { runs: [] }], ['namespace', { sources: [] }]);
  const example = panel.get('dv-example').querySelector('pre')?.textContent ?? '';
  expect(example.split('\n')[0]).toBe('from deepview_lab import demo');

  await panel.click(panel.button('Insert the example'));

  expect(panel.insertCode).toHaveBeenCalledWith(example);
});
