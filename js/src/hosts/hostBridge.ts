import type { ReadonlySignal } from '@preact/signals';
import type { Preferences } from '../store/shared/preferences';
import type { Bundle } from '../store/shared/trans';

/** What our JupyterLab extension lends to the canvases in outputs, which are a bundle of their own. */
export interface HostBridge {
  readonly translation: Bundle;
  /** A signal of the other bundle: its changes are heard by `subscribe` only. */
  readonly preferences: ReadonlySignal<Preferences>;
}

declare global {
  interface Window {
    deepviewLab?: HostBridge;
  }
}

export function lend(lent: HostBridge): void {
  window.deepviewLab = lent;
}

/** Undefined where the extension is not there: other notebooks, files. */
export function borrow(): HostBridge | undefined {
  return window.deepviewLab;
}
