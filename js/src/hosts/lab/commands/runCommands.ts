import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, InputDialog, Notification } from '@jupyterlab/apputils';
import { type LabIcon, runIcon, stopIcon } from '@jupyterlab/ui-components';
import { type ReadonlySignal, computed, effect } from '@preact/signals';
import { type Steer, newestFor, runsOf } from '../../../store/kernel/runChoice';
import type { Link as LinkState, RunRecord } from '../../../store/kernel/state';
import { trans } from '../../../store/shared/trans';
import { visiblePart } from '../../../store/shared/visible';
import { runWords } from '../../../views/ui/words/runWords';
import type { PanelLink } from '../../../views/panel/target';
import { CATEGORY, COMMANDS } from './commandIds';
import { type Followed, IFollowed } from '../kernel/followed';
import { deepviewIcon, pauseIcon } from './icon';

/** The commands that act on the kernel of the document that is followed. */
export const runCommands: JupyterFrontEndPlugin<void> = {
  id: 'deepview-lab:commands',
  description: 'Commands that load DeepView and steer its runs.',
  autoStart: true,
  requires: [IFollowed],
  optional: [ICommandPalette],
  activate: (app: JupyterFrontEnd, followed: Followed, palette: ICommandPalette | null) => {
    const link = computed(() => followed.value?.link ?? null);
    addLoading(app, link);
    addSteering(app, link);
    addChoice(app, link);
    for (const command of IN_PALETTE) {
      palette?.addItem({ command, category: CATEGORY });
    }
  },
};

const IN_PALETTE = [
  COMMANDS.load,
  COMMANDS.pauseRun,
  COMMANDS.resumeRun,
  COMMANDS.stopRun,
  COMMANDS.chooseRun,
];

type Link = ReadonlySignal<PanelLink | null>;

function addLoading({ commands }: JupyterFrontEnd, link: Link): void {
  const loadable = computed(() => (link.value?.store.link.value === 'absent' ? link.value : null));
  commands.addCommand(COMMANDS.load, {
    label: trans.__('Load DeepView in This Kernel'),
    caption: trans.__('Imports deepview_lab. It runs nothing and does not change your variables.'),
    icon: deepviewIcon,
    isEnabled: () => loadable.value !== null,
    execute: () => loadIn(loadable.value),
  });
  commands.addCommand(COMMANDS.lookHere, {
    label: 'DeepView',
    caption: trans.__('Show the DeepView panel, and load DeepView in this kernel'),
    icon: deepviewIcon,
    execute: async () => {
      const here = link.peek();
      await commands.execute(COMMANDS.showPanel);
      if (here !== null && (await firstAnswer(here.store.link)) === 'absent') {
        await loadIn(here);
      }
    },
  });
  loadable.subscribe(() => {
    commands.notifyCommandChanged(COMMANDS.load);
  });
}

async function loadIn(link: PanelLink | null): Promise<void> {
  const problem = (await link?.load()) ?? null;
  if (problem !== null) {
    Notification.error(trans.__('DeepView could not be loaded. %1', problem));
  }
}

/** How we stand with a kernel once it is no longer a matter of waiting for its first answer. */
function firstAnswer(link: ReadonlySignal<LinkState>): Promise<LinkState> {
  return new Promise(resolve => {
    const stop = effect(() => {
      const { value } = link;
      if (value !== 'starting' && value !== 'connecting') {
        resolve(value);
        // Not while the effect runs for the first time: there is nothing to stop yet.
        queueMicrotask(() => {
          stop();
        });
      }
    });
  });
}

function addSteering(app: JupyterFrontEnd, link: Link): void {
  addSteer(app, link, COMMANDS.pauseRun, 'pause', {
    label: trans.__('Pause the Newest Run'),
    caption: trans.__('Pause after this batch'),
    icon: pauseIcon,
  });
  addSteer(app, link, COMMANDS.resumeRun, 'resume', {
    label: trans.__('Resume the Newest Run'),
    caption: trans.__('Resume with the next batch'),
    icon: runIcon,
  });
  addSteer(app, link, COMMANDS.stopRun, 'cancel', {
    label: trans.__('Stop the Newest Run'),
    caption: trans.__('Stop after this batch and keep the results'),
    icon: stopIcon,
  });
}

interface Look {
  readonly label: string;
  readonly caption: string;
  readonly icon: LabIcon;
}

function addSteer(
  { commands }: JupyterFrontEnd,
  link: Link,
  command: string,
  steer: Steer,
  look: Look,
): void {
  const run = computed(() => {
    const { value } = link;
    // A kernel that does not answer hears nothing.
    return value?.store.link.value === 'live' ? newestFor(steer, value.store.state.value) : null;
  });
  const id = computed(() => run.value?.id ?? null);
  commands.addCommand(command, {
    ...look,
    isEnabled: () => id.value !== null,
    execute: () => {
      const { value } = link;
      if (value === null || id.value === null) {
        return;
      }
      if (steer === 'cancel') {
        value.store.stop(id.value, value.source);
      } else {
        value.source[steer](id.value);
      }
    },
  });
  id.subscribe(() => {
    commands.notifyCommandChanged(command);
  });
}

function addChoice({ commands }: JupyterFrontEnd, link: Link): void {
  const runs = computed(() => (link.value === null ? [] : runsOf(link.value.store.state.value)));
  const any = computed(() => runs.value.length > 0);
  commands.addCommand(COMMANDS.chooseRun, {
    label: trans.__('Open a Run…'),
    caption: trans.__('Choose a run of this kernel and show it in a tab of its own'),
    icon: deepviewIcon,
    isEnabled: () => any.value,
    execute: async () => {
      const kernel = link.value?.id;
      const run = await choose(runs.value);
      if (kernel !== undefined && run !== null) {
        await commands.execute(COMMANDS.openRun, { kernel, run });
      }
    },
  });
  any.subscribe(() => {
    commands.notifyCommandChanged(COMMANDS.chooseRun);
  });
}

/** Asks which run is meant; of one there is nothing to ask. */
async function choose(runs: readonly RunRecord[]): Promise<string | null> {
  if (runs.length <= 1) {
    return runs[0]?.id ?? null;
  }
  // Runs may share a name; the number tells them apart.
  const items = runs.map(({ state }, i) =>
    state === null ? '' : `${runs.length - i}. ${visiblePart(state.name)} (${runWords(state).word})`,
  );
  const { value } = await InputDialog.getItem({
    title: trans.__('Open a run'),
    label: trans.__('Runs of this kernel, newest first'),
    items,
  });
  return value === null ? null : (runs[items.indexOf(value)]?.id ?? null);
}
