import { beforeEach, describe, expect, it } from 'vitest';
import { openExpression, saveExpression } from '../../src/store/files/reports';
import { PanelUnderTest } from '../support/panel';

let panel: PanelUnderTest;

beforeEach(async () => {
  panel = new PanelUnderTest();
  panel.evaluate.mockResolvedValue({ value: 'r9', problem: null });
  panel.reports.server.put('old.dvreport', '2025-01-01T00:00:00Z', 6500);
  panel.reports.server.put('deepview/new.dvreport', '2026-11-20T10:00:00Z');
  await panel.reports.shelf.refresh();
  await panel.show('hello');
});

const from = (folder: string) => ({ folder, root: '/srv' });
const rows = () => panel.all('dv-report').map(({ dataset }) => dataset['path']);
const news = () => panel.get('dv-report-news');

async function follow(fields: Partial<NonNullable<typeof panel.target.value>>): Promise<void> {
  const before = panel.target.peek();
  if (before !== null) {
    panel.target.value = { ...before, ...fields };
  }
  await panel.show();
}

describe('the list', () => {
  it('is there, newest first, with name, folder, time and size', () => {
    expect(rows()).toEqual(['deepview/new.dvreport', 'old.dvreport']);
    const [first, second] = panel.all('dv-report');
    expect(first?.textContent).toContain('newdeepview');
    expect(second?.textContent).toContain('old/1 Jan 2025 · 6.5 KB');
  });

  it('tells how to make one when there is none', async () => {
    panel.reports.server.files.clear();
    await panel.reports.shelf.refresh();
    await panel.show();
    const reports = panel.get('dv-reports');
    expect(reports.textContent).toBe('Reportsnone yet');
    reports.querySelector('button')?.click();
    await panel.show();
    const { textContent } = reports;
    for (const way of ['Save report', 'run.save("audit.dvreport")', '%deepview save']) {
      expect(textContent).toContain(way);
    }
  });

  it('opens by itself with the first report, and stays as the user wants it', async () => {
    const head = () => panel.get('dv-reports').querySelector('button')!;
    panel.reports.server.files.clear();
    await panel.reports.shelf.refresh();
    await panel.show();
    expect(head().ariaExpanded).toBe('false');
    panel.reports.server.put('new.dvreport', '2026-11-24T00:00:00Z');
    await panel.reports.shelf.refresh();
    await panel.show();
    expect(head().ariaExpanded).toBe('true');
    expect(rows()).toEqual(['new.dvreport']);
    head().click();
    await panel.show();
    panel.reports.server.put('newer.dvreport', '2026-11-24T01:00:00Z');
    await panel.reports.shelf.refresh();
    await panel.show();
    expect(head().ariaExpanded).toBe('false');
  });

  it('says why it could not be listed', async () => {
    panel.reports.folder.value = 'gone';
    await panel.show();
    expect(panel.get('dv-reports').querySelector('[role=alert]')?.textContent).toContain(
      'No such folder: gone',
    );
  });

  it('has one Tab stop for the files; arrows, Home and End go from one to the next', async () => {
    const opens = panel.all('dv-report-open');
    expect(opens.map(({ tabIndex }) => tabIndex)).toEqual([0, -1]);
    opens[0]?.focus();
    await panel.press('ArrowDown');
    expect(document.activeElement).toBe(opens[1]);
    expect(opens.map(({ tabIndex }) => tabIndex)).toEqual([-1, 0]);
    expect(panel.all('dv-report-menu').map(({ tabIndex }) => tabIndex)).toEqual([-1, 0]);
    await panel.press('Home');
    expect(document.activeElement).toBe(opens[0]);
  });
});

describe('the focus', () => {
  it('stays in the list when its file is renamed or deleted', async () => {
    panel.all('dv-report-menu')[1]?.focus();
    panel.reports.server.files.delete('old.dvreport');
    panel.reports.server.put('older.dvreport', '2025-01-01T00:00:00Z');
    await panel.reports.shelf.refresh();
    await panel.show();
    expect(rows()).toEqual(['deepview/new.dvreport', 'older.dvreport']);
    expect(document.activeElement).toBe(panel.all('dv-report-open')[1]);
    panel.reports.server.files.delete('older.dvreport');
    await panel.reports.shelf.refresh();
    await panel.show();
    expect(document.activeElement).toBe(panel.all('dv-report-open')[0]);
  });
});

describe('a click', () => {
  it('has the kernel open the file, and shows its run', async () => {
    await follow({ folder: 'work/july' });
    await panel.click(panel.all('dv-report-open')[0]!);
    expect(panel.evaluate).toHaveBeenCalledExactlyOnceWith(
      openExpression('deepview/new.dvreport', from('work/july')),
    );
    expect(panel.openRun).toHaveBeenCalledExactlyOnceWith('k1', 'r9');
    expect(panel.all('dv-report-news')).toEqual([]);
  });

  it('tells what is wrong with the file until it is dismissed, and not in another notebook', async () => {
    panel.evaluate.mockResolvedValue({ value: null, problem: 'new.dvreport is damaged: no manifest' });
    await panel.click(panel.all('dv-report-open')[0]!);
    expect(news().querySelector('[role=alert]')?.textContent).toContain(
      'new.dvreport is damaged: no manifest.',
    );
    expect(panel.openRun).not.toHaveBeenCalled();
    await follow({ document: 'other.ipynb' });
    expect(panel.all('dv-report-news')).toEqual([]);
    await follow({ document: 'audit.ipynb' });
    await panel.click(panel.button('Dismiss'));
    expect(panel.all('dv-report-news')).toEqual([]);
  });

  it('offers to load DeepView where it is not, and then opens the file', async () => {
    panel.store.link.value = 'absent';
    await panel.show();
    expect(rows()).toHaveLength(2);
    await panel.click(panel.all('dv-report-open')[1]!);
    expect(news().textContent).toContain('Load DeepView in this kernel to read');
    expect(panel.evaluate).not.toHaveBeenCalled();
    await panel.click(panel.get('dv-report-load'));
    expect(panel.load).toHaveBeenCalledOnce();
    panel.store.link.value = 'live';
    await panel.show();
    expect(panel.evaluate).toHaveBeenCalledExactlyOnceWith(openExpression('old.dvreport', from('')));
    expect(panel.openRun).toHaveBeenCalledExactlyOnceWith('k1', 'r9');
  });

  it('tells why DeepView could not be loaded', async () => {
    panel.store.link.value = 'absent';
    panel.load.mockResolvedValue("ModuleNotFoundError: No module named 'deepview_lab'");
    await panel.show();
    await panel.click(panel.all('dv-report-open')[0]!);
    await panel.click(panel.get('dv-report-load'));
    expect(news().textContent).toContain("No module named 'deepview_lab'");
  });

  it.each([
    ['no notebook', null, 'Open a notebook first.'],
    ['no kernel', { link: null, evaluate: null, kernel: null }, 'this notebook has none.'],
  ])('with %s says so', async (_, fields, words) => {
    if (fields === null) {
      panel.target.value = null;
    } else {
      await follow(fields);
    }
    await panel.show();
    await panel.click(panel.all('dv-report-open')[0]!);
    expect(news().textContent).toContain(words);
  });
});

describe('the menu', () => {
  it('opens, inserts code, shows and deletes', async () => {
    await follow({ folder: 'work' });
    await panel.click(panel.all('dv-report-menu')[0]!);
    expect(panel.reports.entries.map(({ label }) => label)).toEqual([
      'Open',
      'Insert as Code',
      'Show in File Browser',
      'Rename…',
      'Delete…',
    ]);
    panel.reports.choose('Insert as Code');
    expect(panel.insertCode).toHaveBeenCalledExactlyOnceWith(
      'import deepview_lab\n\nreport = deepview_lab.open_report("../deepview/new.dvreport")\nreport',
    );
    expect(panel.evaluate).not.toHaveBeenCalled();
    panel.reports.choose('Show in File Browser');
    expect(panel.reports.showInFiles.mock.lastCall?.[0].path).toBe('deepview/new.dvreport');
    panel.reports.choose('Delete…');
    expect(panel.reports.remove.mock.lastCall?.[0].path).toBe('deepview/new.dvreport');
    panel.reports.choose('Open');
    expect(panel.evaluate).toHaveBeenCalledExactlyOnceWith(
      openExpression('deepview/new.dvreport', from('work')),
    );
  });

  it('tells why a file could not be renamed or deleted', async () => {
    await panel.click(panel.all('dv-report-menu')[0]!);
    panel.reports.rename.mockResolvedValueOnce('new.dvreport was not renamed: old.dvreport already exists.');
    panel.reports.choose('Rename…');
    await panel.show();
    expect(panel.reports.rename.mock.lastCall?.[0].path).toBe('deepview/new.dvreport');
    expect(news().querySelector('[role=alert]')?.textContent).toContain('old.dvreport already exists.');
    panel.reports.remove.mockResolvedValueOnce('new.dvreport could not be deleted. Forbidden');
    panel.reports.choose('Delete…');
    await panel.show();
    expect(news().textContent).toContain('could not be deleted. Forbidden');
  });

  it('inserts no code in a console', async () => {
    await follow({ insertCode: null });
    await panel.click(panel.all('dv-report-menu')[0]!);
    expect(panel.reports.entries.map(({ label }) => label)).not.toContain('Insert as Code');
  });
});

describe('Save report', () => {
  const done = { status: 'done', run: 'r1', name: 'audit' };

  it('saves an ended run with results, once, and says where', async () => {
    await panel.show(['run', { ...done, status: 'running' }], ['iua', { run: 'r1' }]);
    expect(panel.all('dv-save-report')).toEqual([]);
    await panel.show(['run', done]);
    panel.evaluate.mockImplementation(() => {
      panel.reports.server.put('deepview/audit.dvreport', '2026-11-24T00:00:00Z');
      return Promise.resolve({ value: '/srv/deepview/audit.dvreport', problem: null });
    });
    await panel.click(panel.get('dv-save-report'));
    await panel.show();
    expect(panel.evaluate).toHaveBeenCalledExactlyOnceWith(saveExpression('r1', 'deepview', from('')));
    expect(news().textContent).toContain('Saved as deepview/audit.dvreport.');
    expect(rows()[0]).toBe('deepview/audit.dvreport');
  });

  it('is not offered for a run without results, nor for one that came from a file, whose card says Saved', async () => {
    await panel.show(['run', done]);
    expect(panel.all('dv-save-report')).toEqual([]);
    await panel.show(['iua', { run: 'r1' }], ['run', { ...done, status: 'failed', batches: 0, samples: 0 }]);
    expect(panel.all('dv-save-report')).toEqual([]);
    await panel.show(['iua', { run: 'r1' }], ['run', { ...done, file: '/x/audit.dvreport' }]);
    expect(panel.all('dv-save-report')).toEqual([]);
    expect(panel.get('dv-run').textContent).toContain('Saved');
  });
});
