import type { JupyterFrontEnd } from '@jupyterlab/application';
import { SessionContextDialogs } from '@jupyterlab/apputils';
import type { ConsolePanel, IConsoleTracker } from '@jupyterlab/console';
import { type INotebookTracker, NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';
import { type ReadonlySignal, signal } from '@preact/signals';
import type { Widget } from '@lumino/widgets';
import { folderOf } from '../../../store/files/reports';
import type { PanelTarget } from '../../../views/panel/target';
import { reveal } from '../canvas/reveal';
import type { KernelLink } from './kernelLink';
import type { KernelLinks } from './kernelLinks';
import { evaluate } from '../files/reportsKernel';

type Document = NotebookPanel | ConsolePanel;

/** Statuses of a document whose kernel is on its way. */
const STARTING: ReadonlySet<string> = new Set(['initializing', 'starting', 'restarting', 'autorestarting']);

/** The kernel that each document had last. */
const lastKernels = new WeakMap<Document, string>();

/** What the panel follows: the notebook or console that was active last. */
export function followDocuments(
  app: JupyterFrontEnd,
  notebooks: INotebookTracker,
  consoles: IConsoleTracker | null,
  links: KernelLinks,
): ReadonlySignal<PanelTarget | null> {
  const target = signal<PanelTarget | null>(null);
  let followed: Document | null = null;

  const folder = (document: Document) =>
    folderOf(app.serviceManager.contents.localPath(document.sessionContext.path));
  const read = () => {
    target.value =
      followed === null || followed.isDisposed
        ? null
        : targetOf(followed, folder(followed), notebooks, links);
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
        void links.attach(kernel);
      }
      if (document === followed) {
        read();
      }
    };
    document.sessionContext.kernelChanged.connect(update);
    document.sessionContext.sessionChanged.connect(update);
    document.sessionContext.disposed.connect(({ session }) => {
      if (session?.kernel) {
        links.leave(session.kernel);
      }
    });
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

function targetOf(
  document: Document,
  folder: string,
  notebooks: INotebookTracker,
  links: KernelLinks,
): PanelTarget {
  const context = document.sessionContext;
  const kernel = context.session?.kernel ?? null;
  if (kernel !== null) {
    lastKernels.set(document, kernel.id);
  }
  const notebook = notebooks.find(panel => panel === document) ?? null;
  return {
    document: document.title.label,
    folder,
    kernel: kernel === null ? null : context.kernelDisplayName,
    link: kernel === null ? linkOfDead(document, links) : links.get(kernel.id),
    insertCode:
      notebook === null
        ? null
        : code => {
            insertCode(notebook, code);
          },
    evaluate: kernel === null ? null : expression => evaluate(kernel, expression),
    chooseKernel: () => {
      void new SessionContextDialogs().selectKernel(context);
    },
    restartKernel: () => {
      void new SessionContextDialogs().restart(context);
    },
    starting: kernel === null && STARTING.has(context.kernelDisplayStatus),
  };
}

/** A kernel that is gone is still shown for what its runs computed. */
function linkOfDead(document: Document, links: KernelLinks): KernelLink | null {
  const id = lastKernels.get(document);
  const link = id === undefined ? null : links.get(id);
  return link !== null && link.store.state.peek().runs.size > 0 ? link : null;
}

/** Adds a code cell below the active one and brings it into view; does not run it. */
function insertCode(panel: NotebookPanel, code: string): void {
  NotebookActions.insertBelow(panel.content);
  panel.content.activeCell?.model.sharedModel.setSource(code);
  reveal(panel);
  void panel.content.scrollToItem(panel.content.activeCellIndex);
}
