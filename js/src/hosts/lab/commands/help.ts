import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Dialog, ICommandPalette, showDialog } from '@jupyterlab/apputils';
import { Widget } from '@lumino/widgets';
import { VERSION } from '../../../protocol/messages';
import { trans } from '../../../store/shared/trans';
import { CATEGORY, COMMANDS } from './commandIds';
import { ISettings, type Settings } from './settings';

/** How to begin, and which version this is. It works without a network: all of it is here. */
export const help: JupyterFrontEndPlugin<void> = {
  id: 'deepview-lab:help',
  description: 'Says how to begin with DeepView, and its version.',
  autoStart: true,
  requires: [ISettings],
  optional: [ICommandPalette],
  activate: ({ commands }: JupyterFrontEnd, _: Settings, palette: ICommandPalette | null) => {
    commands.addCommand(COMMANDS.help, {
      label: trans.__('DeepView Help and Version'),
      caption: trans.__('How to begin with DeepView, and which version this is'),
      execute: () =>
        showDialog({
          title: trans.__('DeepView Lab %1', VERSION),
          body: new Widget({ node: beginning() }),
          buttons: [Dialog.okButton({ label: trans.__('Close') })],
        }),
    });
    palette?.addItem({ command: COMMANDS.help, category: CATEGORY });
  },
};

const EXAMPLE = `%load_ext deepview_lab
import deepview_lab
run = deepview_lab.introspect(model, x_train, labels=y_train)
run`;

function beginning(): HTMLElement {
  const help = document.createElement('div');
  help.className = 'dv-Help';
  help.dataset['testid'] = 'dv-help';
  help.append(
    paragraph(trans.__('With a model and data in your notebook, these lines watch its layers:')),
    element('pre', EXAMPLE),
    paragraph(
      trans.__(
        'Or choose a model, data and layers in the DeepView panel and press Run. “Insert as code” writes the same into a cell.',
      ),
    ),
    paragraph(trans.__('More in a cell:')),
    list([
      ['%deepview --help', trans.__('all commands, each with an example')],
      ['%deepview live producer iua pfa', trans.__('watch the layers of a pipeline')],
      ['%deepview save run report.dvreport', trans.__('keep the results in a file')],
      ['help(deepview_lab.introspect)', trans.__('what can be a model, and what can be data')],
    ]),
    paragraph(trans.__('“Open the DeepView Demo” in the menu is a notebook that shows all of it.')),
  );
  return help;
}

function paragraph(text: string): HTMLElement {
  return element('p', text);
}

function list(rows: readonly (readonly [code: string, does: string])[]): HTMLElement {
  const found = document.createElement('dl');
  for (const [code, does] of rows) {
    found.append(element('dt', code), element('dd', does));
  }
  return found;
}

function element(tag: 'p' | 'pre' | 'dt' | 'dd', text: string): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}
