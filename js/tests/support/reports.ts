import { type Signal, signal } from '@preact/signals';
import { vi } from 'vitest';
import { KeptShelf, type ReadFile } from '../../src/store/files/kept';
import type { Entry } from '../../src/store/files/reports';
import { ReportDesk } from '../../src/store/files/reportActions';
import { type ListFolder, ReportList } from '../../src/store/files/reportList';
import type { MenuEntry, PanelActions, PanelReports } from '../../src/views/panel/target';

/** A server of a few files. Like the real one it refuses to list a folder that is not there. */
export class FakeServer {
  readonly files = new Map<string, { readonly modified: string; readonly size: number | null }>();
  readonly folders = new Set<string>();
  /** Of those files that have any. */
  readonly texts = new Map<string, string>();
  /** Paths of the folders that were listed. */
  readonly listed: string[] = [];

  put(path: string, modified = '2026-11-20T10:00:00Z', size: number | null = 1000): void {
    this.files.set(path, { modified, size });
    for (let folder = parentOf(path); folder !== ''; folder = parentOf(folder)) {
      this.folders.add(folder);
    }
  }

  readonly read: ReadFile = path => {
    const text = this.texts.get(path);
    return text === undefined ? Promise.reject(new Error(`No such file: ${path}`)) : Promise.resolve(text);
  };

  readonly list: ListFolder = folder => {
    this.listed.push(folder);
    if (folder !== '' && !this.folders.has(folder)) {
      return Promise.reject(new Error(`No such folder: ${folder}`));
    }
    const made = (path: string, isFolder: boolean): Entry => ({
      name: path.slice(path.lastIndexOf('/') + 1),
      path,
      isFolder,
      modified: this.files.get(path)?.modified ?? '2026-11-20T10:00:00Z',
      size: this.files.get(path)?.size ?? null,
    });
    return Promise.resolve([
      ...[...this.folders].filter(path => parentOf(path) === folder).map(path => made(path, true)),
      ...[...this.files.keys()].filter(path => parentOf(path) === folder).map(path => made(path, false)),
    ]);
  };
}

function parentOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

/** The panel's reports on a fake server; the test chooses in the menu. */
export class FakeReports implements PanelReports {
  readonly shelf: ReportList;
  readonly desk: ReportDesk;
  readonly kept: KeptShelf;
  entries: readonly MenuEntry[] = [];
  readonly showInFiles = vi.fn<NonNullable<PanelReports['showInFiles']>>();
  readonly remove = vi.fn<PanelReports['remove']>(() => Promise.resolve(null));
  readonly rename = vi.fn<PanelReports['rename']>(() => Promise.resolve(null));

  constructor(
    readonly server = new FakeServer(),
    readonly folder: Signal<string | null> = signal(''),
  ) {
    this.shelf = new ReportList(server.list, folder);
    this.desk = new ReportDesk(this.shelf, '/srv');
    this.kept = new KeptShelf(server.list, server.read, folder);
  }

  readonly menu = (entries: readonly MenuEntry[]): void => {
    this.entries = entries;
  };

  get actions(): Pick<PanelActions, 'reports' | 'kept'> {
    return { reports: this, kept: this.kept };
  }

  choose(label: string): void {
    const entry = this.entries.find(candidate => candidate.label === label);
    if (entry === undefined) {
      throw new Error(`no ${label} in the menu: ${this.entries.map(({ label }) => label).join(', ')}`);
    }
    entry.run();
  }
}
