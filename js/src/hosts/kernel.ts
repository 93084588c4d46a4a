import type { Buffer } from '../protocol/decode';

/**
 * As much of a kernel connection and its comms as we use. JupyterLab's own types fit; the widget manager of a foreign
 * host may offer the same.
 */
export interface Comm {
  open(data: JsonObject): unknown;
  send(data: JsonObject): unknown;
  close(): unknown;
  readonly isDisposed: boolean;
  dispose(): void;
  onMsg: (message: never) => void | PromiseLike<void>;
  onClose: (message: never) => void | PromiseLike<void>;
  /** Since JupyterLab 4.4. */
  readonly commsOverSubshells?: string;
  readonly subshellStarted?: Promise<void>;
}

/** What comes on a comm. */
export interface CommMessage {
  readonly content: { readonly data: unknown };
  readonly buffers?: readonly Buffer[];
}

/** What a kernel publishes to every window. */
export interface Published {
  readonly header: { readonly msg_type: string; readonly session: string };
}

interface Publications {
  connect(slot: (sender: unknown, message: Published) => void): unknown;
  disconnect(slot: (sender: unknown, message: Published) => void): unknown;
}

interface Changes {
  connect(slot: () => void): unknown;
  disconnect(slot: () => void): unknown;
}

export interface Kernel {
  readonly id: string;
  readonly info: Promise<unknown>;
  readonly isDisposed: boolean;
  readonly supportsSubshells?: boolean;
  /** Where messages of comms go that have no subshell of their own. */
  subshellId?: string | null;
  readonly status: string;
  readonly statusChanged: Changes;
  readonly connectionStatus: string;
  readonly connectionStatusChanged: Changes;
  createComm(target: string): Comm;
  interrupt(): Promise<void>;
  reconnect(): Promise<void>;
}

/** A connection that we may follow for as long as it lives. */
export interface LinkedKernel extends Kernel {
  /** Only one of the page's connections to a kernel has its comms. */
  readonly handleComms: boolean;
  readonly disposed: Changes;
  readonly iopubMessage: Publications;
  registerCommTarget(target: string, opened: () => void): void;
}

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

export type JsonObject = Record<string, Json>;

/**
 * Resolves when a comm's messages go to a thread of their own, where the kernel has such: a comm that is opened before
 * that waits for the running cell.
 */
export async function readyToOpen(kernel: Kernel, comm: Comm): Promise<void> {
  // A kernel that goes away rejects this; the caller looks whether it is still there.
  await kernel.info.catch(() => undefined);
  const apart = kernel.supportsSubshells === true && comm.commsOverSubshells !== 'disabled';
  if (apart && comm.subshellStarted !== undefined) {
    await comm.subshellStarted.catch(() => undefined);
  }
}

/** Has what `send` asks of the kernel go to a subshell, unless JupyterLab has one for its comm already. */
export function through<T>(kernel: Kernel, subshell: string | null, send: () => T): T {
  if (subshell === null) {
    return send();
  }
  const usual = kernel.subshellId ?? null;
  kernel.subshellId = subshell;
  try {
    return send();
  } finally {
    kernel.subshellId = usual;
  }
}

/** Statuses in which nothing that the kernel knew will come back. */
export const GONE: ReadonlySet<string> = new Set(['dead', 'restarting', 'autorestarting', 'terminating']);
