import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IConsoleTracker } from '@jupyterlab/console';
import { INotebookTracker } from '@jupyterlab/notebook';
import type { ReadonlySignal } from '@preact/signals';
import { Token } from '@lumino/coreutils';
import type { PanelTarget } from '../../../views/panel/target';
import { followDocuments } from './follow';
import { IKernelLinks, type KernelLinks } from './kernelLinks';

/** What the panel shows and the commands act on; null while there is no notebook and no console. */
export type Followed = ReadonlySignal<PanelTarget | null>;

export const IFollowed = new Token<Followed>('deepview-lab:IFollowed', 'The document that DeepView follows.');

export const followed: JupyterFrontEndPlugin<Followed> = {
  id: 'deepview-lab:followed',
  description: 'Follows the notebook or console that was active last.',
  provides: IFollowed,
  requires: [IKernelLinks, INotebookTracker],
  optional: [IConsoleTracker],
  activate: (
    app: JupyterFrontEnd,
    links: KernelLinks,
    notebooks: INotebookTracker,
    consoles: IConsoleTracker | null,
  ) => followDocuments(app, notebooks, consoles, links),
};
