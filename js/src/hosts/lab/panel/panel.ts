import { ILayoutRestorer, JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { VERSION } from '../../../protocol/messages';
import { trans } from '../../../store/shared/trans';
import { CATEGORY, COMMANDS } from '../commands/commandIds';
import { type Followed, IFollowed } from '../kernel/followed';
import { deepviewIcon } from '../commands/icon';
import { labKept } from '../files/kept';
import { labReports } from '../files/reports';
import { ISettings, type Settings, type Side } from '../commands/settings';
import { widenOnce } from './panelWidth';
import { PANEL_ID, SidePanelWidget } from './sidePanel';

/** After the file browser, running kernels and the table of contents. */
const RANK = 450;

export const panel: JupyterFrontEndPlugin<void> = {
  id: 'deepview-lab:panel',
  description: 'The DeepView side panel: runs of the current notebook or console.',
  autoStart: true,
  requires: [ISettings, IFollowed],
  optional: [ICommandPalette, ILayoutRestorer, JupyterFrontEnd.IPaths],
  activate: (
    app: JupyterFrontEnd,
    { panelSide, opensRuns }: Settings,
    followed: Followed,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    paths: JupyterFrontEnd.IPaths | null,
  ) => {
    const { commands } = app;
    const widget = new SidePanelWidget(followed, {
      newNotebook: () => {
        void commands.execute('notebook:create-new');
      },
      openDemo: () => {
        void commands.execute(COMMANDS.openDemo);
      },
      openRun: (kernel, run) => {
        void commands.execute(COMMANDS.openRun, { kernel, run });
      },
      showRun: (kernel, run) => {
        if (opensRuns.peek() && !isSingleDocument(app)) {
          void commands.execute(COMMANDS.openRun, { kernel, run, focus: false });
        }
      },
      reports: labReports(app, followed, paths?.directories.serverRoot ?? ''),
      kept: labKept(app, followed),
      version: VERSION,
    });
    widget.onFirstShow = () => {
      void app.restored.then(() => {
        widenOnce(widget, window.localStorage);
      });
    };
    panelSide.subscribe(side => {
      place(app, widget, side);
    });
    restorer?.add(widget, PANEL_ID);
    void app.restored.then(() => {
      // The layout may be older than the setting, which may have been changed while no page was open.
      if (!Array.from(app.shell.widgets(panelSide.value)).includes(widget)) {
        place(app, widget, panelSide.value);
      }
    });
    commands.addCommand(COMMANDS.showPanel, {
      label: trans.__('Show the DeepView Panel'),
      caption: trans.__('What is in the kernel, what runs, and what to run next'),
      icon: deepviewIcon,
      execute: () => {
        app.shell.activateById(PANEL_ID);
      },
    });
    palette?.addItem({ command: COMMANDS.showPanel, category: CATEGORY });
  },
};

/** In this mode a run would hide the notebook instead of standing beside it. */
function isSingleDocument({ shell }: JupyterFrontEnd): boolean {
  return 'mode' in shell && shell.mode === 'single-document';
}

/** Puts the panel into an area; one that is open stays open there. */
function place(app: JupyterFrontEnd, widget: SidePanelWidget, side: Side): void {
  const open = widget.isVisible;
  app.shell.add(widget, side, { rank: RANK, type: 'DeepView' });
  if (open) {
    app.shell.activateById(widget.id);
  }
}
