import { Names } from '../launch/code';
import { pythonText } from '../shared/python';
import { trans } from '../shared/trans';

/** The folder of the server's root where reports are kept that belong to no notebook. */
export const SHARED_FOLDER = 'deepview';
const SUFFIX = '.dvreport';

/** Something in a folder of the server. */
export interface Entry {
  readonly name: string;
  /** From the server's root, with slashes, without one in front. */
  readonly path: string;
  readonly isFolder: boolean;
  /** ISO 8601. */
  readonly modified: string;
  /** Bytes; null where the server does not tell. */
  readonly size: number | null;
}

/** A report file on the server. */
export interface ReportFile extends Entry {
  /** Its name without the suffix. */
  readonly stem: string;
  /** '' for the server's root. */
  readonly folder: string;
}

export function isReport(path: string): boolean {
  return path.endsWith(SUFFIX);
}

/** The report files among what is in some folders, newest first. */
export function reportsIn(entries: readonly Entry[]): ReportFile[] {
  const files = entries.filter(({ isFolder, name }) => !isFolder && isReport(name));
  const byPath = new Map(files.map(entry => [entry.path, entry]));
  return [...byPath.values()]
    .map(entry => ({ ...entry, stem: entry.name.slice(0, -SUFFIX.length), folder: folderOf(entry.path) }))
    .sort((a, b) => timeOf(b) - timeOf(a) || (a.path < b.path ? -1 : 1));
}

function timeOf({ modified }: Entry): number {
  const time = Date.parse(modified);
  return Number.isNaN(time) ? 0 : time;
}

/** The folder of a path of the server; '' for the root. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** How a path of the server is written in a folder of it: `../deepview/a.dvreport`. */
export function relativePath(folder: string, path: string): string {
  const from = partsOf(folder);
  const to = partsOf(path);
  const fork = from.findIndex((part, i) => part !== to[i]);
  const shared = fork === -1 ? from.length : fork;
  return [...from.slice(shared).map(() => '..'), ...to.slice(shared)].join('/') || '.';
}

function partsOf(path: string): string[] {
  return path.split('/').filter(part => part !== '' && part !== '.');
}

/** A cell that opens a report and shows it. */
export function openCode(path: string, taken: ReadonlySet<string>): string {
  const names = new Names(taken);
  const report = names.of('report');
  return [
    `import ${names.imported('deepview_lab')}`,
    '',
    `${report} = ${names.of('deepview_lab')}.open_report(${pythonText(path)})`,
    report,
  ].join('\n');
}

/** From where the kernel is to look at the server's files. */
export interface Standpoint {
  /** The notebook's folder on the server. */
  readonly folder: string;
  /** The server's root in its file system; '' where it does not tell. */
  readonly root: string;
}

/** Opens a report, by its path on the server, in the kernel; its value is the id of a run. */
export function openExpression(path: string, from: Standpoint): string {
  return call('open_for_panel', [path], from);
}

/** Saves a run in a folder of the server, under a name that is free; its value is the path, as in a URL. */
export function saveExpression(run: string, target: string, from: Standpoint): string {
  return call('save_for_panel', [run, target], from);
}

/** Writes the page of a run into a folder of the server; its value is JSON, as in a URL: where it is, what it holds. */
export function exportExpression(run: string, target: string, from: Standpoint): string {
  return call('export_for_panel', [run, target], from);
}

/** An expression binds no name, so it leaves nothing behind in the user's namespace. */
function call(name: string, texts: readonly string[], { folder, root }: Standpoint): string {
  const given = [...texts.map(pythonText), `folder=${pythonText(folder)}`, `root=${pythonText(root)}`].join(
    ', ',
  );
  return `__import__("deepview_lab.lab.reports", fromlist=["*"]).${name}(${given})`;
}

/** The path that a report gets by a new name, with or without its suffix; or why it cannot have that name. */
export function renamed(
  { folder }: ReportFile,
  typed: string,
): { readonly path: string } | { readonly problem: string } {
  const trimmed = typed.trim();
  const stem = isReport(trimmed) ? trimmed.slice(0, -SUFFIX.length) : trimmed;
  if (stem === '') {
    return { problem: trans.__('The new name is empty.') };
  }
  const [sign] = /[/\\:]/.exec(stem) ?? [];
  return sign === undefined
    ? { path: [folder, stem + SUFFIX].filter(part => part !== '').join('/') }
    : { problem: trans.__('A name must not contain “%1”. It stays in its folder.', sign) };
}
