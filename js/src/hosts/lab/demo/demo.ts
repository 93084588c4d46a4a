import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, Notification } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { INotebookTracker, type NotebookPanel } from '@jupyterlab/notebook';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { trans } from '../../../store/shared/trans';
import { CATEGORY, COMMANDS } from '../commands/commandIds';
import { demoCells } from './demoNotebook';
import { deepviewIcon } from '../commands/icon';
import { ISettings, type Settings } from '../commands/settings';

/** The demo needs no file on the server: network and data come with the Python package. */
export const demo: JupyterFrontEndPlugin<void> = {
  id: 'deepview-lab:demo',
  description: 'Opens a notebook with the demo.',
  autoStart: true,
  requires: [ISettings, INotebookTracker],
  optional: [ILauncher, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    _: Settings,
    notebooks: INotebookTracker,
    launcher: ILauncher | null,
    palette: ICommandPalette | null,
  ) => {
    app.commands.addCommand(COMMANDS.openDemo, {
      label: ({ inLauncher }) =>
        inLauncher === true ? trans.__('DeepView demo') : trans.__('Open the DeepView Demo'),
      caption: trans.__('Open a new notebook that analyses a small network'),
      icon: deepviewIcon,
      execute: args => openDemo(app, notebooks, args),
    });
    launcher?.add({ command: COMMANDS.openDemo, args: { inLauncher: true }, category: CATEGORY });
    palette?.addItem({ command: COMMANDS.openDemo, category: CATEGORY });
  },
};

/** Returns the notebook, so that it takes the place of the launcher. */
async function openDemo(
  app: JupyterFrontEnd,
  notebooks: INotebookTracker,
  { cwd }: ReadonlyPartialJSONObject,
): Promise<NotebookPanel | null> {
  const kernelName = await pythonKernel(app);
  if (kernelName === null) {
    Notification.error(trans.__('The demo needs a Python kernel, and this server offers none.'));
    return null;
  }
  const folder = typeof cwd === 'string' ? { cwd } : {};
  const opened: unknown = await app.commands.execute('notebook:create-new', { ...folder, kernelName });
  const panel = notebooks.find(notebook => notebook === opened);
  if (panel === undefined) {
    return null;
  }
  await panel.context.ready;
  panel.context.model.fromJSON(notebookOf(panel));
  await panel.context.save();
  await nameIt(app, panel);
  return panel;
}

/** Gives the notebook a name that says what it is, with a number where there is one already. */
async function nameIt({ serviceManager }: JupyterFrontEnd, { context }: NotebookPanel): Promise<void> {
  const folder = context.path.slice(0, Math.max(0, context.path.lastIndexOf('/')));
  const listed: unknown = (await serviceManager.contents.get(folder)).content;
  const taken = new Set(Array.isArray(listed) ? listed.map(({ name }: { name: unknown }) => name) : []);
  let name = 'deepview-demo.ipynb';
  for (let number = 2; taken.has(name); number++) {
    name = `deepview-demo-${number}.ipynb`;
  }
  await context.rename(name);
}

/** The new notebook's own metadata, which name its kernel, with our cells. */
function notebookOf({ context }: NotebookPanel): ReturnType<typeof context.model.toJSON> {
  const { metadata } = context.model.sharedModel.toJSON();
  return {
    metadata,
    nbformat: 4,
    nbformat_minor: 5,
    cells: demoCells().map(cell =>
      cell.cell_type === 'code'
        ? { ...cell, metadata: {}, execution_count: null, outputs: [] }
        : { ...cell, metadata: {} },
    ),
  };
}

/** The kernel to run Python with: the server's default, or else the first that can. */
async function pythonKernel({ serviceManager }: JupyterFrontEnd): Promise<string | null> {
  const { kernelspecs } = serviceManager;
  await kernelspecs.ready;
  const { default: preferred = '', kernelspecs: all = {} } = kernelspecs.specs ?? {};
  const names = [preferred, ...Object.keys(all)];
  return names.find(name => all[name]?.language === 'python') ?? null;
}
