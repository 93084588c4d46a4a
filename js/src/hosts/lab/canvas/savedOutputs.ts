import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IConsoleTracker } from '@jupyterlab/console';
import { INotebookTracker, type NotebookPanel } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { computed } from '@preact/signals';
import type { Widget } from '@lumino/widgets';
import { SAVED_MIME } from '../../../protocol/messages';
import { COMMANDS } from '../commands/commandIds';
import { keepOutputs } from './keepOutputs';
import type { KernelLink } from '../kernel/kernelLink';
import { IKernelLinks, type KernelLinks } from '../kernel/kernelLinks';
import type { OutputHost } from './outputCanvas';
import { RunOutput } from './runOutput';
import { ISettings, type Settings } from '../commands/settings';

/** Before the views of widgets, whose rank is -10. */
const RANK = -20;

export const savedOutputs: JupyterFrontEndPlugin<void> = {
  id: 'deepview-lab:saved-outputs',
  description: 'Shows the runs that outputs keep, and keeps their last state in notebooks that are saved.',
  autoStart: true,
  requires: [IRenderMimeRegistry, INotebookTracker, IKernelLinks, ISettings],
  optional: [IConsoleTracker],
  activate: (
    app: JupyterFrontEnd,
    rendermime: IRenderMimeRegistry,
    notebooks: INotebookTracker,
    links: KernelLinks,
    { preferences }: Settings,
    consoles: IConsoleTracker | null,
  ) => {
    const host: OutputHost = {
      links,
      preferences,
      linkAround: widget => linkAround(widget, notebooks, consoles, links),
      openTab: (kernel, run) => {
        void app.commands.execute(COMMANDS.openRun, { kernel, run });
      },
    };
    rendermime.addFactory(
      {
        // It reads data, checks them, and shows text: notebooks of strangers may use it.
        safe: true,
        mimeTypes: [SAVED_MIME],
        createRenderer: () => new RunOutput(host, rendermime),
      },
      RANK,
    );
    notebooks.forEach(panel => {
      keepOnSave(panel, links);
    });
    notebooks.widgetAdded.connect((_, panel) => {
      keepOnSave(panel, links);
    });
    keepOnLoss(notebooks, links);
  },
};

/** JupyterLab says that it starts to save just before it reads the model. */
function keepOnSave({ context }: NotebookPanel, links: KernelLinks): void {
  context.saveState.connect((_, state) => {
    if (state === 'started') {
      keepOutputs(context.model.cells, (session, run) => links.holding(session, run));
    }
  });
}

/** What a kernel leaves behind becomes a change of the notebook, which JupyterLab then saves, or asks about. */
function keepOnLoss(notebooks: INotebookTracker, links: KernelLinks): void {
  const left = computed(
    () =>
      links.all.flatMap(link => [...link.store.state.value.runs.keys()].filter(run => isLeft(link, run)))
        .length,
  );
  left.subscribe(count => {
    if (count > 0) {
      notebooks.forEach(({ context }) => {
        keepOutputs(context.model.cells, (session, run) => {
          const link = links.holding(session, run);
          return link !== null && isLeft(link, run) ? link : null;
        });
      });
    }
  });
}

/** Whether no kernel will say more of a run. */
function isLeft({ store }: KernelLink, run: string): boolean {
  const link = store.link.value;
  return store.run(run)?.lost === true || link === 'dead' || link === 'detached';
}

/** The link of the notebook or console that a widget is in. */
function linkAround(
  widget: Widget,
  notebooks: INotebookTracker,
  consoles: IConsoleTracker | null,
  links: KernelLinks,
): KernelLink | null {
  const document =
    notebooks.find(panel => panel.contains(widget)) ?? consoles?.find(panel => panel.contains(widget));
  const kernel = document?.sessionContext.session?.kernel?.id;
  return links.all.find(({ id }) => id === kernel) ?? null;
}
