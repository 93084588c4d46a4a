import type { Buffer } from '../../protocol/decode';
import type { ControlMessage } from '../../protocol/messages';
import type { Kernel } from '../kernel';

/** The traits of the canvas widget. */
export interface Traits {
  /** The id under which the kernel knows this model. */
  readonly _client: string;
  /** The run to show. */
  readonly _run: string;
  /** The last state, kept in the notebook file. */
  readonly _saved: Saved | null;
}

export interface Saved {
  readonly messages: readonly unknown[];
  /** The buffers of the snapshots among the messages, in order. */
  readonly buffers: readonly Buffer[];
}

/** As much of anywidget's model as we use. */
export interface Model {
  get<K extends keyof Traits>(name: K): Traits[K];
  on(event: 'msg:custom', callback: (message: unknown, buffers: readonly DataView[]) => void): void;
  off(event: 'msg:custom', callback: (message: unknown, buffers: readonly DataView[]) => void): void;
  send(message: ControlMessage): void;
  readonly widget_manager?: unknown;
}

/** The kernel connection of the widget manager; JupyterLab has one, other hosts may not. */
export function kernelOf(model: Model): Kernel | null {
  const manager = model.widget_manager;
  if (typeof manager !== 'object' || manager === null || !('kernel' in manager)) {
    return null;
  }
  return isKernel(manager.kernel) ? manager.kernel : null;
}

function isKernel(value: unknown): value is Kernel {
  return (
    typeof value === 'object' &&
    value !== null &&
    'id' in value &&
    'createComm' in value &&
    typeof value.createComm === 'function' &&
    'interrupt' in value &&
    typeof value.interrupt === 'function' &&
    'statusChanged' in value &&
    'connectionStatusChanged' in value
  );
}
