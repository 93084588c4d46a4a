import { mount } from '../../views/mount';
import { mark, openInTab, tabsAvailable } from '../tab';
import { type Model, kernelOf } from './model';
import { Session } from './session';

/** One session per model, by the client's id: anywidget hands a different model object to each call. */
const sessions = new Map<string, Session>();

function sessionOf(model: Model): Session {
  const client = model.get('_client');
  const session = sessions.get(client) ?? new Session(model);
  sessions.set(client, session);
  return session;
}

/** The session begins when it is first shown: JupyterLab with our extension shows the run by other means. */
function initialize({ model }: { model: Model }): () => void {
  return () => {
    const client = model.get('_client');
    sessions.get(client)?.dispose();
    sessions.delete(client);
  };
}

function render({ model, el }: { model: Model; el: HTMLElement }): () => void {
  const { store, source } = sessionOf(model);
  const run = model.get('_run');
  const kernel = kernelOf(model);
  const tab = kernel !== null && tabsAvailable() ? { kernel: kernel.id, run } : null;
  if (tab !== null) {
    mark(el, tab);
  }
  return mount(el, {
    store,
    source,
    run,
    inline: true,
    onOpen:
      tab === null
        ? undefined
        : () => {
            openInTab(el, tab);
          },
  });
}

export default { initialize, render };
