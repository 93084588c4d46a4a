import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { trans } from '../../../store/shared/trans';
import { type OpenRequest, shownIn } from '../../tab';
import { COMMANDS } from '../commands/commandIds';
import { deepviewIcon } from '../commands/icon';
import { ISettings } from '../commands/settings';

/** The settings' schema puts the command into the context menu of outputs. */
export const outputs: JupyterFrontEndPlugin<void> = {
  id: 'deepview-lab:outputs',
  description: 'Opens what a canvas in an output shows in a tab.',
  autoStart: true,
  requires: [ISettings],
  activate: (app: JupyterFrontEnd) => {
    app.commands.addCommand(COMMANDS.openOutput, {
      label: trans.__('Open in DeepView'),
      caption: trans.__('Show the run of this output in a tab of its own'),
      icon: deepviewIcon,
      isVisible: () => underPointer(app) !== null,
      execute: async () => {
        const request = underPointer(app);
        if (request !== null) {
          await app.commands.execute(COMMANDS.openRun, { ...request });
        }
      },
    });
  },
};

/** The run of the output whose context menu is open; null for an output that shows none. */
function underPointer(app: JupyterFrontEnd): OpenRequest | null {
  const output = app.contextMenuHitTest(node => node.classList.contains('jp-OutputArea-child'));
  return output === undefined ? null : shownIn(output);
}
