import { ILayoutRestorer, JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { trans } from '../../../store/shared/trans';
import { OPEN_EVENT, offerTabs, requestOf } from '../../tab';
import { CanvasTab, tabId } from './canvasTab';
import { exportPage } from '../files/exportPage';
import { COMMANDS } from '../commands/commandIds';
import { deepviewIcon } from '../commands/icon';
import { reveal } from './reveal';
import type { KernelLink } from '../kernel/kernelLink';
import { IKernelLinks, type KernelLinks } from '../kernel/kernelLinks';

export const canvasTabs: JupyterFrontEndPlugin<void> = {
  id: 'deepview-lab:canvas',
  description: 'Shows a run of DeepView in a tab.',
  autoStart: true,
  requires: [IKernelLinks],
  optional: [ILayoutRestorer, JupyterFrontEnd.IPaths],
  activate: (
    app: JupyterFrontEnd,
    links: KernelLinks,
    restorer: ILayoutRestorer | null,
    paths: JupyterFrontEnd.IPaths | null,
  ) => {
    const root = paths?.directories.serverRoot ?? '';
    const tracker = new WidgetTracker<CanvasTab>({ namespace: 'deepview-lab-canvas' });
    app.commands.addCommand(COMMANDS.openRun, {
      label: trans.__('Open a DeepView Run'),
      caption: trans.__('Show a run in a tab of its own'),
      icon: deepviewIcon,
      execute: args => openRun({ app, root }, links, tracker, args),
    });
    void restorer?.restore(tracker, {
      command: COMMANDS.openRun,
      args: ({ link, run, runName }) => ({ kernel: link.id, run, name: runName }),
      name: ({ link, run }) => tabId(link.id, run),
    });
    document.addEventListener(OPEN_EVENT, event => {
      const request = requestOf(event);
      if (request !== null) {
        void app.commands.execute(COMMANDS.openRun, { ...request });
      }
    });
    offerTabs();
  },
};

/** Opens the tab of a run, or shows the one that is open; with `focus: false` the focus stays where it is. */
async function openRun(
  { app, root }: { readonly app: JupyterFrontEnd; readonly root: string },
  links: KernelLinks,
  tracker: WidgetTracker<CanvasTab>,
  { kernel, run, name, focus }: ReadonlyPartialJSONObject,
): Promise<void> {
  if (typeof kernel !== 'string' || typeof run !== 'string') {
    throw new TypeError(`${COMMANDS.openRun}: expected the arguments kernel (its id) and run (its id).`);
  }
  let tab = tracker.find(({ id }) => id === tabId(kernel, run));
  if (tab === undefined) {
    const link = links.get(kernel);
    tab = new CanvasTab(link, run, typeof name === 'string' ? name : run, () =>
      exportPage(app, root, kernel, run),
    );
    tab.passing = focus === false;
    await tracker.add(tab);
    void giveUpIfGone(app, link);
  }
  if (!tab.isAttached) {
    // Beside the notebook; further ones go where the first is.
    const beside = tracker.find(other => other !== tab && other.isAttached);
    const place = beside === undefined ? { mode: 'split-right' as const } : { ref: beside.id };
    app.shell.add(tab, 'main', { ...place, activate: focus !== false, type: 'DeepView' });
  }
  if (focus === false) {
    reveal(tab);
    for (const other of tracker.filter(({ passing }) => passing)) {
      if (other !== tab) {
        other.dispose(); // else each run would leave a tab
      }
    }
  } else {
    app.shell.activateById(tab.id);
  }
}

/** A tab that is restored with the layout may outlive its kernel. */
async function giveUpIfGone(app: JupyterFrontEnd, link: KernelLink): Promise<void> {
  const { kernels } = app.serviceManager;
  await kernels.ready;
  if (![...kernels.running()].some(({ id }) => id === link.id)) {
    link.giveUp();
  }
}
