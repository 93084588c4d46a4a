import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator } from '@jupyterlab/translation';
import { type ReadonlySignal, batch, signal } from '@preact/signals';
import { type ReadonlyPartialJSONObject, Token } from '@lumino/coreutils';
import { DEFAULTS, type Preferences } from '../../../store/shared/preferences';
import { trans, translateWith } from '../../../store/shared/trans';
import { lend } from '../../hostBridge';

export type Side = 'left' | 'right';

/** What the user set in JupyterLab, as it is now. */
export interface Settings {
  readonly preferences: ReadonlySignal<Preferences>;
  readonly panelSide: ReadonlySignal<Side>;
  /** Whether Run in the panel shows the run beside the notebook. */
  readonly opensRuns: ReadonlySignal<boolean>;
}

export const ISettings = new Token<Settings>('deepview-lab:ISettings', 'The settings of DeepView.');

const ID = 'deepview-lab:settings';

/** All our other plugins need this one, so that none of them says a word before it is translated. */
export const settings: JupyterFrontEndPlugin<Settings> = {
  id: ID,
  description: 'Reads the settings and the language of the interface.',
  autoStart: true,
  provides: ISettings,
  optional: [ISettingRegistry, ITranslator],
  activate: async (
    _: JupyterFrontEnd,
    registry: ISettingRegistry | null,
    translator: ITranslator | null,
  ): Promise<Settings> => {
    const preferences = signal(DEFAULTS);
    const panelSide = signal<Side>('left');
    const opensRuns = signal(true);
    if (translator !== null) {
      translateWith(translator.load('deepview_lab'));
    }
    lend({ translation: trans, preferences });
    try {
      const plugin = await registry?.load(ID);
      const read = (): void => {
        batch(() => {
          preferences.value = preferencesOf(plugin?.composite ?? {});
          panelSide.value = plugin?.composite['panelSide'] === 'right' ? 'right' : 'left';
          opensRuns.value = plugin?.composite['openRuns'] !== false;
        });
      };
      plugin?.changed.connect(read);
      read();
    } catch (error) {
      // The registry checks against the schema: what it refuses must not keep DeepView from starting.
      console.warn('DeepView continues with the default settings:', error);
    }
    return { preferences, panelSide, opensRuns };
  },
};

export function preferencesOf(composite: ReadonlyPartialJSONObject): Preferences {
  const number = (name: keyof Preferences): number => {
    const value = composite[name];
    return typeof value === 'number' && value > 0 ? value : DEFAULTS[name];
  };
  return {
    batchSize: number('batchSize'),
    pageSize: number('pageSize'),
    updatesPerSecond: number('updatesPerSecond'),
  };
}
