import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, WidgetTracker } from '@jupyterlab/apputils';
import { IConsoleTracker } from '@jupyterlab/console';
import { INotebookTracker } from '@jupyterlab/notebook';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { OPEN_EVENT, offerTabs, requestOf } from '../tab';
import { CanvasTab, tabId } from './canvasTab';
import { followDocuments } from './follow';
import type { KernelLink } from './kernelLink';
import { IKernelLinks, KernelLinks } from './kernelLinks';
import { PANEL_ID, SidePanelWidget } from './sidePanel';

const OPEN_RUN = 'deepview-lab:open-run';
const SHOW_PANEL = 'deepview-lab:show-panel';

/** After the file browser, running kernels and the table of contents. */
const PANEL_RANK = 450;

const kernelLinks: JupyterFrontEndPlugin<KernelLinks> = {
  id: 'deepview-lab:kernel-links',
  description: 'The lines to the kernels that have loaded DeepView.',
  provides: IKernelLinks,
  activate: () => new KernelLinks(),
};

const canvas: JupyterFrontEndPlugin<void> = {
  id: 'deepview-lab:canvas',
  description: 'Shows a run of DeepView in a tab.',
  autoStart: true,
  requires: [IKernelLinks],
  optional: [ILayoutRestorer],
  activate: (app: JupyterFrontEnd, links: KernelLinks, restorer: ILayoutRestorer | null) => {
    const tracker = new WidgetTracker<CanvasTab>({ namespace: 'deepview-lab-canvas' });
    app.commands.addCommand(OPEN_RUN, {
      label: 'Open a DeepView run',
      execute: args => openRun(app, links, tracker, args),
    });
    void restorer?.restore(tracker, {
      command: OPEN_RUN,
      args: ({ link, run, runName }) => ({ kernel: link.id, run, name: runName }),
      name: ({ link, run }) => tabId(link.id, run),
    });
    document.addEventListener(OPEN_EVENT, event => {
      const request = requestOf(event);
      if (request !== null) {
        void app.commands.execute(OPEN_RUN, { ...request });
      }
    });
    offerTabs();
  },
};

const panel: JupyterFrontEndPlugin<void> = {
  id: 'deepview-lab:panel',
  description: 'The DeepView side panel: runs of the current notebook or console.',
  autoStart: true,
  requires: [IKernelLinks, INotebookTracker],
  optional: [IConsoleTracker, ICommandPalette, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    links: KernelLinks,
    notebooks: INotebookTracker,
    consoles: IConsoleTracker | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
  ) => {
    const target = followDocuments(app, notebooks, consoles, links);
    const widget = new SidePanelWidget(target, {
      newNotebook: () => {
        void app.commands.execute('notebook:create-new');
      },
      openRun: (kernel, run) => {
        void app.commands.execute(OPEN_RUN, { kernel, run });
      },
    });
    app.shell.add(widget, 'left', { rank: PANEL_RANK, type: 'DeepView' });
    restorer?.add(widget, PANEL_ID);
    app.commands.addCommand(SHOW_PANEL, {
      label: 'Show the DeepView Panel',
      execute: () => {
        app.shell.activateById(PANEL_ID);
      },
    });
    palette?.addItem({ command: SHOW_PANEL, category: 'DeepView' });
  },
};

/** Opens the tab of a run, or shows the one that is open. */
async function openRun(
  app: JupyterFrontEnd,
  links: KernelLinks,
  tracker: WidgetTracker<CanvasTab>,
  { kernel, run, name }: ReadonlyPartialJSONObject,
): Promise<void> {
  if (typeof kernel !== 'string' || typeof run !== 'string') {
    throw new TypeError(`${OPEN_RUN}: expected the arguments kernel (its id) and run (its id).`);
  }
  let tab = tracker.find(({ id }) => id === tabId(kernel, run));
  if (tab === undefined) {
    const link = links.get(kernel);
    tab = new CanvasTab(link, run, typeof name === 'string' ? name : run);
    await tracker.add(tab);
    void giveUpIfGone(app, link);
  }
  if (!tab.isAttached) {
    // Beside the notebook; further ones go where the first is.
    const beside = tracker.find(other => other !== tab && other.isAttached);
    const place = beside === undefined ? { mode: 'split-right' as const } : { ref: beside.id };
    app.shell.add(tab, 'main', { ...place, type: 'DeepView' });
  }
  app.shell.activateById(tab.id);
}

/** A tab that is restored with the layout may outlive its kernel. */
async function giveUpIfGone(app: JupyterFrontEnd, link: KernelLink): Promise<void> {
  const { kernels } = app.serviceManager;
  await kernels.ready;
  if (![...kernels.running()].some(({ id }) => id === link.id)) {
    link.giveUp();
  }
}

export default [kernelLinks, canvas, panel];
