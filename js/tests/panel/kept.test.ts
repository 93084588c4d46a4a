import { beforeEach, expect, it } from 'vitest';
import { PanelUnderTest } from '../support/panel';

const FOLDER = 'deepview-checkpoints/data-20261124-101500';
const ABOUT = {
  format: 1,
  name: 'iua · data',
  batches: 5,
  total_batches: 10,
  done: false,
  code: 'run = deepview_lab.start(data)',
  variable: 'run',
};
let panel: PanelUnderTest;

beforeEach(async () => {
  panel = new PanelUnderTest();
  await panel.show('hello');
});

async function keep(about: unknown, folder = FOLDER, modified = '2026-11-24T10:20:00Z'): Promise<void> {
  const { server, kept } = panel.reports;
  server.put(`${folder}/run.json`, modified);
  server.texts.set(`${folder}/run.json`, typeof about === 'string' ? about : JSON.stringify(about));
  await kept.refresh();
  await panel.show();
}

const shownFolders = () => panel.all('dv-kept-run').map(({ dataset }) => dataset['folder']);

it('a run that is on disk is told of after everybody has forgotten it, with the code that goes on with it', async () => {
  expect(panel.get('dv-runs').textContent).toContain('Nothing has run yet');
  await keep(ABOUT);
  const { textContent } = panel.get('dv-kept-run');
  expect(textContent).toContain('iua · data');
  expect(textContent).toContain('on disk to batch 5 / 10');
  expect(textContent).toContain('then insert its code: the run resumes from there');
  expect(panel.get('dv-runs').textContent).not.toContain('Nothing has run yet');
  panel.get('dv-kept-insert').click();
  expect(panel.insertCode.mock.calls).toEqual([['run = deepview_lab.start(data)\nrun']]);
  expect(panel.execute).not.toHaveBeenCalled();
});

it('the code of a cell is inserted as it was; without any the user is told to run it again', async () => {
  await keep({ ...ABOUT, code: '%deepview iua data', variable: null });
  panel.get('dv-kept-insert').click();
  expect(panel.insertCode.mock.lastCall).toEqual(['%deepview iua data']);
  await keep({ ...ABOUT, code: null, variable: null, total_batches: null });
  expect(panel.all('dv-kept-insert')).toEqual([]);
  expect(panel.get('dv-kept-run').textContent).toContain('on disk to batch 5');
  expect(panel.get('dv-kept-run').textContent).toContain('Run the code that started it again');
});

it.each([
  '\u2028!touch pwned',
  '\u2029,os.system x',
  '\x85%%bash',
  '\r!x',
  '\v!x',
  '\u202e# x',
  '\x1b[2K',
  '\u200b',
])('code with %j in it, which would not be seen in a cell, is not offered', async hidden => {
  await keep({ ...ABOUT, code: `run = 1 #${hidden}` });
  expect(panel.get('dv-kept-run').textContent).toContain('Run the code that started it again');
  expect(panel.all('dv-kept-insert')).toEqual([]);
  await keep({ ...ABOUT, code: 'size = "größe"\n\trun = 1', variable: 'run\n!touch pwned' });
  panel.get('dv-kept-insert').click();
  expect(panel.insertCode.mock.lastCall).toEqual(['size = "größe"\n\trun = 1']);
  expect(panel.execute).not.toHaveBeenCalled();
});

it('those that have their results, that the page has heard of, or that make no sense are left out', async () => {
  await keep({ ...ABOUT, done: true }, 'deepview-checkpoints/done');
  await keep('{"name":', 'deepview-checkpoints/cut');
  await keep({ ...ABOUT, batches: -1 }, 'deepview-checkpoints/odd');
  await keep({ ...ABOUT, code: 'x'.repeat(70_000) }, 'deepview-checkpoints/long');
  await keep([], 'deepview-checkpoints/list');
  panel.reports.server.put('deepview-checkpoints/silent/state.npz');
  await keep(ABOUT);
  expect(shownFolders()).toEqual(['data-20261124-101500']);
  await panel.show(['run', { checkpoint: `work/${FOLDER}` }]);
  expect(shownFolders()).toEqual([]);
});

it('follows the notebook into its folder, where it asks for nothing that is not there', async () => {
  await keep(ABOUT, 'sub/deepview-checkpoints/a');
  expect(shownFolders()).toEqual([]);
  panel.reports.folder.value = 'sub';
  await panel.reports.kept.refresh();
  await panel.show();
  expect(shownFolders()).toEqual(['a']);
  panel.reports.server.put('empty/x.txt');
  panel.reports.server.listed.length = 0;
  panel.reports.folder.value = 'empty';
  await panel.reports.kept.refresh();
  await panel.show();
  expect(shownFolders()).toEqual([]);
  expect(panel.reports.server.listed).not.toContain('empty/deepview-checkpoints');
});

it('names are text, whatever they look like, and deleting asks for the folder', async () => {
  await keep({ ...ABOUT, name: '<img src=x onerror=alert(1)>' });
  expect(panel.get('dv-kept-run').querySelector('img')).toBeNull();
  panel.get('dv-kept-menu').click();
  panel.reports.choose('Delete…');
  expect(panel.reports.remove.mock.lastCall).toEqual([{ name: 'data-20261124-101500', path: FOLDER }]);
});
