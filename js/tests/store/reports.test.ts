import { signal } from '@preact/signals';
import { describe, expect, it } from 'vitest';
import {
  type Entry,
  folderOf,
  openCode,
  openExpression,
  relativePath,
  reportsIn,
  saveExpression,
} from '../../src/store/files/reports';
import type { Evaluated, Reader } from '../../src/store/files/reportActions';
import { ReportList } from '../../src/store/files/reportList';
import { fileSize, shortTime } from '../../src/views/panel/files/reportWords';
import { FakeReports, FakeServer } from '../support/reports';

const settle = () => new Promise(resolve => setTimeout(resolve));

function entry(path: string, modified: string, isFolder = false): Entry {
  return { name: path.slice(path.lastIndexOf('/') + 1), path, isFolder, modified, size: 10 };
}

describe('paths', () => {
  it.each([
    ['', 'deepview/x.dvreport', 'deepview/x.dvreport'],
    ['work', 'deepview/x.dvreport', '../deepview/x.dvreport'],
    ['work/july', 'deepview/x.dvreport', '../../deepview/x.dvreport'],
    ['work/july', 'work/july/x.dvreport', 'x.dvreport'],
    ['work/july', 'work/x.dvreport', '../x.dvreport'],
    ['work', 'work/july/x.dvreport', 'july/x.dvreport'],
    ['work', 'workshop/x.dvreport', '../workshop/x.dvreport'],
    ['deepview', 'deepview', '.'],
    ['', '', '.'],
    ['work', '', '..'],
  ])('from %j to %j is %j', (folder, path, expected) => {
    expect(relativePath(folder, path)).toBe(expected);
  });

  it('lead back to where they started, as a file system resolves them', () => {
    const paths = ['', 'a', 'a/b', 'a/b/c', 'b', 'ab/c', 'a/c'];
    for (const folder of paths) {
      for (const path of paths) {
        const resolved = new URL(
          relativePath(folder, path),
          `http://server/files/${folder === '' ? '' : `${folder}/`}`,
        );
        expect(resolved.pathname.replace(/\/$/, '')).toBe(`/files/${path}`.replace(/\/$/, ''));
      }
    }
  });

  it('have a folder', () => {
    expect([folderOf('a.ipynb'), folderOf('x/a.ipynb'), folderOf('x/y/a.ipynb')]).toEqual(['', 'x', 'x/y']);
  });
});

describe('the list', () => {
  it('has report files only, the newest first, each once', () => {
    const found = reportsIn([
      entry('old.dvreport', '2025-01-01T00:00:00Z'),
      entry('deepview/new.dvreport', '2026-11-20T10:00:00.123456Z'),
      entry('notes.txt', '2026-11-20T10:00:00Z'),
      entry('folder.dvreport', '2026-11-20T10:00:00Z', true),
      entry('old.dvreport', '2025-01-01T00:00:00Z'),
      entry('odd.dvreport', 'yesterday'),
      entry('b.dvreport', '2025-01-01T00:00:00Z'),
    ]);
    expect(found.map(({ path }) => path)).toEqual([
      'deepview/new.dvreport',
      'b.dvreport',
      'old.dvreport',
      'odd.dvreport',
    ]);
    expect(found[0]).toMatchObject({ stem: 'new', folder: 'deepview', size: 10 });
  });

  it('is of the notebook’s folder and of deepview/, which is not asked for where it is not', async () => {
    const server = new FakeServer();
    const folder = signal<string | null>('work');
    server.put('work/own.dvreport');
    server.put('elsewhere/other.dvreport');
    server.put('top.dvreport');
    const shelf = new ReportList(server.list, folder);
    await settle();
    expect(shelf.problem.value).toBeNull();
    expect(shelf.files.value?.map(({ path }) => path)).toEqual(['work/own.dvreport']);
    expect(server.listed).toEqual(['', 'work']);
    expect(shelf.target).toBe('work');
    server.put('deepview/all.dvreport');
    await shelf.refresh();
    expect(shelf.files.value?.map(({ path }) => path).sort()).toEqual([
      'deepview/all.dvreport',
      'work/own.dvreport',
    ]);
    expect(shelf.target).toBe('deepview');
    folder.value = '';
    await settle();
    expect(shelf.files.value?.map(({ path }) => path).sort()).toEqual([
      'deepview/all.dvreport',
      'top.dvreport',
    ]);
  });

  it('keeps what it has, and says why, when the server does not answer; then it is there again', async () => {
    const server = new FakeServer();
    server.put('a.dvreport');
    const folder = signal<string | null>('');
    let broken = false;
    const shelf = new ReportList(
      path => (broken ? Promise.reject(new Error('503')) : server.list(path)),
      folder,
    );
    await settle();
    broken = true;
    await shelf.refresh();
    expect(shelf.problem.value).toBe('The report files could not be listed. 503');
    expect(shelf.files.value).toHaveLength(1);
    broken = false;
    await shelf.refresh();
    expect(shelf.problem.value).toBeNull();
  });

  it('is of the notebook that is followed now, even when another’s answer comes later', async () => {
    const server = new FakeServer();
    server.put('slow/a.dvreport');
    server.put('quick/b.dvreport');
    const folder = signal<string | null>('slow');
    let answer: () => void = () => undefined;
    const held = new Promise<void>(resolve => {
      answer = resolve;
    });
    const shelf = new ReportList(async path => {
      if (path === 'slow') {
        await held;
      }
      return server.list(path);
    }, folder);
    await settle();
    folder.value = 'quick';
    await settle();
    answer();
    await settle();
    expect(shelf.files.value?.map(({ path }) => path)).toEqual(['quick/b.dvreport']);
  });
});

describe('words', () => {
  it('sizes', () => {
    expect([0, 999, 1000, 6543, 99_949, 31_400_000, 2.5e9].map(fileSize)).toEqual([
      '0 B',
      '999 B',
      '1.0 KB',
      '6.5 KB',
      '100 KB',
      '31 MB',
      '2.5 GB',
    ]);
  });

  it('times are as short as can be', () => {
    const now = new Date(2026, 10, 24, 15, 0);
    const at = (...parts: [number, number, number, number]) => new Date(...parts).toISOString();
    expect(shortTime(at(2026, 10, 24, 9), now)).toBe('09:00');
    expect(shortTime(at(2026, 10, 18, 9), now)).toBe('18 Nov');
    expect(shortTime(at(2025, 10, 24, 9), now)).toBe('24 Nov 2025');
    expect(shortTime('', now)).toBe('');
  });
});

describe('code', () => {
  it('opens a report and shows it; names that hold something else are left alone', () => {
    expect(openCode('../deepview/a "b".dvreport', new Set())).toBe(
      'import deepview_lab\n\nreport = deepview_lab.open_report("../deepview/a \\"b\\".dvreport")\nreport',
    );
    expect(openCode('a.dvreport', new Set(['report', 'deepview_lab']))).toBe(
      'import deepview_lab as dv_deepview_lab\n\ndv_report = dv_deepview_lab.open_report("a.dvreport")\ndv_report',
    );
  });

  it('keeps texts from becoming code', () => {
    const from = { folder: 'w"', root: 'C:\\srv' };
    expect(openExpression('a"); evil(".dvreport', from)).toContain(
      'open_for_panel("a\\"); evil(\\".dvreport", folder="w\\"", root="C:\\\\srv")',
    );
    expect(saveExpression('r1', '', from)).toContain('save_for_panel("r1", "", folder=');
  });
});

describe('the desk', () => {
  function reader(answer: Evaluated | Promise<Evaluated>): Reader & { readonly asked: string[] } {
    const asked: string[] = [];
    return {
      document: 'work/a.ipynb',
      folder: 'work',
      asked,
      evaluate: expression => {
        asked.push(expression);
        return Promise.resolve(answer);
      },
    };
  }

  async function opened() {
    const server = new FakeServer();
    server.put('deepview/x.dvreport');
    const { shelf, desk } = new FakeReports(server, signal('work'));
    server.put('work/a.ipynb');
    await shelf.refresh();
    const [file] = shelf.files.value ?? [];
    return { server, shelf, desk, file: file! };
  }

  it('has the kernel open a file, as seen from the notebook', async () => {
    const { desk, file } = await opened();
    const kernel = reader({ value: 'r7', problem: null });
    await expect(desk.open(file, kernel)).resolves.toBe('r7');
    expect(kernel.asked).toEqual([openExpression('deepview/x.dvreport', { folder: 'work', root: '/srv' })]);
    expect(desk.told.value).toBeNull();
  });

  it('tells the kernel’s words when it cannot', async () => {
    const { desk, file } = await opened();
    const kernel = reader({ value: null, problem: 'x.dvreport is damaged' });
    await expect(desk.open(file, kernel)).resolves.toBeNull();
    expect(desk.told.value).toEqual({
      document: 'work/a.ipynb',
      what: 'failed',
      text: 'x.dvreport is damaged',
    });
    desk.clear();
    expect(desk.told.value).toBeNull();
  });

  it('does one thing at a time, and says what', async () => {
    const { desk, file } = await opened();
    let answer: (told: Evaluated) => void = () => undefined;
    const kernel = reader(
      new Promise(resolve => {
        answer = resolve;
      }),
    );
    const first = desk.open(file, kernel);
    expect(desk.told.value).toMatchObject({ what: 'doing' });
    await expect(desk.open(file, kernel)).resolves.toBeNull();
    answer({ value: 'r1', problem: null });
    await expect(first).resolves.toBe('r1');
    expect(kernel.asked).toHaveLength(1);
  });

  it('saves a run where reports are kept, and lists it at once', async () => {
    const { server, shelf, desk } = await opened();
    const kernel = {
      ...reader({ value: null, problem: null }),
      evaluate: (expression: string) => {
        expect(expression).toBe(saveExpression('r1', 'deepview', { folder: 'work', root: '/srv' }));
        server.put('deepview/audit-2.dvreport', '2026-11-24T10:00:00Z');
        return Promise.resolve({ value: '/srv/deepview/audit-2.dvreport', problem: null });
      },
    };
    await desk.save('r1', 'audit', kernel);
    expect(desk.told.value).toMatchObject({ what: 'done', text: 'Saved as deepview/audit-2.dvreport.' });
    expect(shelf.files.value?.map(({ stem }) => stem)).toEqual(['audit-2', 'x']);
  });

  it('says where a run was saved that the server does not see', async () => {
    const { desk } = await opened();
    await desk.save('r1', 'audit', reader({ value: '/far/it%27s%20%C3%BC/x-2.dvreport', problem: null }));
    expect(desk.told.value).toMatchObject({
      what: 'done',
      text: "Saved as /far/it's ü/x-2.dvreport on the machine of the kernel, where JupyterLab does not see it.",
    });
  });
});
