import { expect, it } from 'vitest';
import { drawn } from './support/canvas';
import { PanelUnderTest } from './support/panel';

it('the form asks what may speak against labels when they are looked at, and inserts it', async () => {
  const panel = new PanelUnderTest();
  await panel.show(['hello', { runs: [] }], 'namespace', 'source_layers');
  await panel.click(panel.button('All shown'));
  expect(panel.all('dv-evidence')).toHaveLength(0);
  const labels = panel.get('dv-run-form').querySelector<HTMLInputElement>('.dv-Option.labels input');
  labels?.click();
  await drawn();
  const choice = panel.get('dv-evidence');
  expect([...choice.querySelectorAll('option')].map(({ textContent }) => textContent)).toEqual([
    'neighbours and likeness',
    'neighbours only',
    'likeness only',
  ]);
  await panel.type(choice, 'familiarity');
  await panel.click(panel.button('Insert as code'));
  expect(panel.insertCode.mock.lastCall?.[0]).toContain(
    'LabelProblems.spec(pool="average", evidence="familiarity"),',
  );
});
