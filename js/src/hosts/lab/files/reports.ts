import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Dialog, InputDialog, showDialog } from '@jupyterlab/apputils';
import { NotebookActions } from '@jupyterlab/notebook';
import { type Contents, ServerConnection } from '@jupyterlab/services';
import { computed } from '@preact/signals';
import { CommandRegistry } from '@lumino/commands';
import { Menu } from '@lumino/widgets';
import { type Entry, type ReportFile, SHARED_FOLDER, isReport, renamed } from '../../../store/files/reports';
import { ReportDesk } from '../../../store/files/reportActions';
import { ReportList } from '../../../store/files/reportList';
import { trans } from '../../../store/shared/trans';
import type { MenuEntry, PanelReports } from '../../../views/panel/target';
import type { Followed } from '../kernel/followed';
import { listed } from './serverFolder';

/** The file browser's command that shows where a file is. */
const GO_TO = 'filebrowser:go-to-path';

/**
 * Report files by way of JupyterLab's contents: no kernel is needed to list them. `root` is the folder of the server's
 * file system that they are in; '' where the server does not tell.
 */
export function labReports(
  { commands, serviceManager }: JupyterFrontEnd,
  followed: Followed,
  root: string,
): PanelReports {
  const { contents } = serviceManager;
  const shelf = new ReportList(
    folder => listed(contents, folder),
    computed(() => followed.value?.folder ?? null),
  );
  contents.fileChanged.connect((_, { oldValue, newValue }) => {
    if ([oldValue?.path, newValue?.path].some(path => path !== undefined && matters(path))) {
      void shelf.refresh();
    }
  });
  NotebookActions.executed.connect((_, { cell }) => {
    // What a cell writes is no change that the server tells of.
    if (/\bsave\b/.test(cell.model.sharedModel.getSource())) {
      void shelf.refresh();
    }
  });
  const showInFiles = ({ path }: Pick<Entry, 'path'>) => {
    void commands.execute(GO_TO, { path });
  };
  return {
    shelf,
    desk: new ReportDesk(shelf, root),
    menu: openMenu,
    // Asked for when it is needed: plugins come in any order.
    get showInFiles() {
      return commands.hasCommand(GO_TO) ? showInFiles : null;
    },
    remove: file => remove(contents, file),
    rename: file => rename(contents, file),
  };
}

function matters(path: string): boolean {
  return isReport(path) || path === SHARED_FOLDER;
}

async function remove(
  contents: Contents.IManager,
  { name, path }: Pick<Entry, 'name' | 'path'>,
): Promise<string | null> {
  const { button } = await showDialog({
    title: trans.__('Delete'),
    body: trans.__('Are you sure you want to delete: %1?', name),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.warnButton({ label: trans.__('Delete') }),
    ],
    defaultButton: 0,
  });
  return button.accept
    ? contents.delete(path).then(
        () => null,
        (error: unknown) => trans.__('%1 could not be deleted. %2', name, wordsOf(error)),
      )
    : null;
}

/** Asks until the name is one that a file can have. */
async function rename(contents: Contents.IManager, file: ReportFile): Promise<string | null> {
  let problem: string | null = null;
  let text = file.stem;
  for (;;) {
    const { value } = await InputDialog.getText({
      title: trans.__('Rename %1', file.name),
      label: problem ?? trans.__('New name'),
      text,
      suffix: '.dvreport',
      okLabel: trans.__('Rename'),
      cancelLabel: trans.__('Cancel'),
    });
    if (value === null) {
      return null;
    }
    const wanted = renamed(file, value);
    if ('path' in wanted) {
      return wanted.path === file.path ? null : move(contents, file, wanted.path);
    }
    ({ problem } = wanted);
    text = value;
  }
}

async function move(
  contents: Contents.IManager,
  { name, path }: ReportFile,
  to: string,
): Promise<string | null> {
  try {
    await contents.rename(path, to);
    return null;
  } catch (error) {
    return error instanceof ServerConnection.ResponseError && error.response.status === 409
      ? trans.__('%1 was not renamed: %2 already exists.', name, to)
      : trans.__('%1 was not renamed. %2', name, wordsOf(error));
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Opens a menu below an element, which gets the focus back. */
function openMenu(entries: readonly MenuEntry[], at: HTMLElement): void {
  const commands = new CommandRegistry();
  const menu = new Menu({ commands });
  entries.forEach(({ label, run }, i) => {
    commands.addCommand(String(i), { label, execute: run });
    menu.addItem({ command: String(i) });
  });
  menu.aboutToClose.connect(() => {
    at.focus();
  });
  const { left, bottom } = at.getBoundingClientRect();
  menu.open(left, bottom);
  menu.activeIndex = 0;
}
