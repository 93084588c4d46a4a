import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IStatusBar } from '@jupyterlab/statusbar';
import { type ReadonlySignal, computed, effect } from '@preact/signals';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';
import { runsOf } from '../../../store/kernel/runChoice';
import { isExpecting, isMoving } from '../../../store/kernel/state';
import { trans } from '../../../store/shared/trans';
import { batchText, openText } from '../../../views/ui/words/runWords';
import { COMMANDS } from '../commands/commandIds';
import { type Followed, IFollowed } from '../kernel/followed';

export const statusItem: JupyterFrontEndPlugin<void> = {
  id: 'deepview-lab:status',
  description: 'Tells in the status bar how far the run of the current notebook is.',
  autoStart: true,
  requires: [IFollowed],
  optional: [IStatusBar],
  activate: (app: JupyterFrontEnd, followed: Followed, statusBar: IStatusBar | null) => {
    const item = new StatusItem(
      computed(() => runText(followed)),
      () => {
        void app.commands.execute(COMMANDS.showPanel);
      },
    );
    statusBar?.registerStatusItem(statusItem.id, {
      item,
      align: 'left',
      rank: 90,
      isActive: () => item.text !== '',
      activeStateChanged: item.changed,
    });
  },
};

/** How far the newest run is that works in the kernel of the followed document, else how many wait; empty without any. */
function runText(followed: Followed): string {
  const store = followed.value?.link?.store;
  if (store === undefined || !isExpecting(store.link.value)) {
    return '';
  }
  const runs = runsOf(store.state.value);
  const state = runs.find(({ state }) => state !== null && isMoving(state.status))?.state;
  const text = state ? batchText(state) : openText(runs);
  return text === null ? '' : trans.__('DeepView: %1', text);
}

/** A text that is there while there is something to tell; a click shows the panel. */
class StatusItem extends Widget {
  /** Emitted when it comes and goes. */
  readonly changed = new Signal<this, void>(this);
  text = '';
  private readonly button = document.createElement('button');
  private readonly stop: () => void;

  constructor(text: ReadonlySignal<string>, onClick: () => void) {
    super();
    this.addClass('dv-StatusItem');
    this.addClass('jp-mod-highlighted');
    this.button.type = 'button';
    this.button.className = 'jp-StatusBar-TextItem';
    this.button.title = trans.__('Show the DeepView panel');
    this.button.dataset['testid'] = 'dv-status';
    this.button.onclick = onClick;
    this.node.append(this.button);
    this.stop = effect(() => {
      const wasThere = this.text !== '';
      this.text = text.value;
      this.button.textContent = this.text;
      if (wasThere !== (this.text !== '')) {
        this.changed.emit();
      }
    });
  }

  override dispose(): void {
    this.stop();
    super.dispose();
  }
}
