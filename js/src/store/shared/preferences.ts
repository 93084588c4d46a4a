import { type ReadonlySignal, signal } from '@preact/signals';

/** What the user set; hosts that have settings change it while the page lives. */
export interface Preferences {
  /** Samples per batch that a new run starts with. */
  readonly batchSize: number;
  /** Rows that a list shows before it offers more. */
  readonly pageSize: number;
  /** How often what is shown may change in a second. */
  readonly updatesPerSecond: number;
}

/** The defaults of the settings' schema. Four updates a second: faster cannot be read, and costs the kernel time. */
export const DEFAULTS: Preferences = { batchSize: 64, pageSize: 50, updatesPerSecond: 4 };

/** For hosts without settings. */
export const UNCHANGED: ReadonlySignal<Preferences> = signal(DEFAULTS);
