import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import { NotebookActions } from '@jupyterlab/notebook';
import type { Contents } from '@jupyterlab/services';
import { computed } from '@preact/signals';
import { CommandRegistry } from '@lumino/commands';
import { Menu } from '@lumino/widgets';
import { Fields } from '../../protocol/fields';
import { type Entry, type ReportFile, SHARED_FOLDER, isReport } from '../../store/reports';
import { ReportDesk } from '../../store/reportsDesk';
import { Shelf } from '../../store/reportsShelf';
import { trans } from '../../store/trans';
import type { MenuEntry, PanelReports } from '../../views/panel/target';
import type { Followed } from './followed';

/** The file browser's command that shows where a file is. */
const GO_TO = 'filebrowser:go-to-path';

/** Report files by way of JupyterLab's contents: no kernel is needed to list them. */
export function labReports({ commands, serviceManager }: JupyterFrontEnd, followed: Followed): PanelReports {
  const { contents } = serviceManager;
  const shelf = new Shelf(
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
  const showInFiles = ({ path }: ReportFile) => {
    void commands.execute(GO_TO, { path });
  };
  return {
    shelf,
    desk: new ReportDesk(shelf),
    menu: openMenu,
    // Asked for when it is needed: plugins come in any order.
    get showInFiles() {
      return commands.hasCommand(GO_TO) ? showInFiles : null;
    },
    remove: file => remove(contents, file),
  };
}

function matters(path: string): boolean {
  return isReport(path) || path === SHARED_FOLDER;
}

async function listed(contents: Contents.IManager, folder: string): Promise<Entry[]> {
  const model = await contents.get(folder, { type: 'directory', content: true });
  return new Fields(model, folder).list('content', entry);
}

function entry(model: unknown, what: string): Entry {
  const fields = new Fields(model, what);
  return {
    name: fields.text('name'),
    path: fields.text('path'),
    isFolder: fields.text('type') === 'directory',
    modified: fields.text('last_modified'),
    size: fields.optional('size', name => fields.count(name)),
  };
}

async function remove(contents: Contents.IManager, { name, path }: ReportFile): Promise<void> {
  const { button } = await showDialog({
    title: trans.__('Delete'),
    body: trans.__('Are you sure you want to delete: %1?', name),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.warnButton({ label: trans.__('Delete') }),
    ],
    defaultButton: 0,
  });
  if (button.accept) {
    await contents.delete(path).catch((error: unknown) => {
      Notification.error(trans.__('%1 could not be deleted. %2', name, String(error)));
    });
  }
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
