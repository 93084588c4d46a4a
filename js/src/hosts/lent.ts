import type { ReadonlySignal } from '@preact/signals';
import type { Preferences } from '../store/preferences';
import type { Bundle } from '../store/trans';

/** What our JupyterLab extension lends to the canvases in outputs, which are a bundle of their own. */
export interface Lent {
  readonly translation: Bundle;
  /** A signal of the other bundle: its changes are heard by `subscribe` only. */
  readonly preferences: ReadonlySignal<Preferences>;
}

declare global {
  interface Window {
    deepviewLab?: Lent;
  }
}

export function lend(lent: Lent): void {
  window.deepviewLab = lent;
}

/** Undefined where the extension is not there: other notebooks, files. */
export function borrow(): Lent | undefined {
  return window.deepviewLab;
}
