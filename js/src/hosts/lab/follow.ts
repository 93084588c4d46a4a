import type { JupyterFrontEnd } from '@jupyterlab/application';
import { type ISessionContext, SessionContextDialogs } from '@jupyterlab/apputils';
import type { ConsolePanel, IConsoleTracker } from '@jupyterlab/console';
import { type INotebookTracker, NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';
import { type ReadonlySignal, signal } from '@preact/signals';
import type { Widget } from '@lumino/widgets';
import type { PanelTarget } from '../../views/panel/target';
import type { KernelLinks } from './kernelLinks';

type Document = NotebookPanel | ConsolePanel;

/** What the panel follows: the notebook or console that was active last. */
export function followDocuments(
  app: JupyterFrontEnd,
  notebooks: INotebookTracker,
  consoles: IConsoleTracker | null,
  links: KernelLinks,
): ReadonlySignal<PanelTarget | null> {
  const target = signal<PanelTarget | null>(null);
  let followed: Document | null = null;

  const read = () => {
    target.value = followed === null || followed.isDisposed ? null : targetOf(followed, notebooks, links);
  };
  const follow = (document: Document | null) => {
    followed = document;
    read();
  };
  const watch = (_: unknown, document: Document) => {
    // Every kernel is attached, not only the one in view: tabs may show runs of any.
    const update = () => {
      const kernel = document.sessionContext.session?.kernel;
      if (kernel) {
        links.attach(kernel);
      }
      if (document === followed) {
        read();
      }
    };
    document.sessionContext.kernelChanged.connect(update);
    document.sessionContext.statusChanged.connect(update);
    document.title.changed.connect(update);
    document.disposed.connect(() => {
      if (document === followed) {
        follow(notebooks.currentWidget ?? consoles?.currentWidget ?? null);
      }
    });
    update();
  };
  const onCurrent = (widget: Widget | null) => {
    const document = asDocument(widget, notebooks, consoles);
    if (document !== null) {
      follow(document);
    }
  };

  notebooks.forEach(panel => {
    watch(null, panel);
  });
  notebooks.widgetAdded.connect(watch);
  notebooks.currentChanged.connect((_, panel) => {
    onCurrent(panel);
  });
  consoles?.widgetAdded.connect(watch);
  consoles?.currentChanged.connect((_, panel) => {
    onCurrent(panel);
  });
  app.shell.currentChanged?.connect((_, { newValue }) => {
    onCurrent(newValue);
  });
  follow(notebooks.currentWidget);
  return target;
}

function asDocument(
  widget: Widget | null,
  notebooks: INotebookTracker,
  consoles: IConsoleTracker | null,
): Document | null {
  if (widget === null) {
    return null;
  }
  return notebooks.find(panel => panel === widget) ?? consoles?.find(panel => panel === widget) ?? null;
}

function targetOf(document: Document, notebooks: INotebookTracker, links: KernelLinks): PanelTarget {
  const context = document.sessionContext;
  const kernel = context.session?.kernel ?? null;
  const notebook = notebooks.find(panel => panel === document) ?? null;
  return {
    document: document.title.label,
    kernel: kernel === null ? null : context.kernelDisplayName,
    link: kernel === null ? null : links.get(kernel.id),
    insertCode:
      notebook === null
        ? null
        : code => {
            insertCode(notebook, code);
          },
    chooseKernel: () => {
      void chooseKernel(context);
    },
  };
}

async function chooseKernel(context: ISessionContext): Promise<void> {
  await new SessionContextDialogs().selectKernel(context);
}

/** Adds a code cell below the active one; does not run it. */
function insertCode(panel: NotebookPanel, code: string): void {
  NotebookActions.insertBelow(panel.content);
  panel.content.activeCell?.model.sharedModel.setSource(code);
}
