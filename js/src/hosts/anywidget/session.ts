import { type Signal, signal } from '@preact/signals';
import { Client } from '../../protocol/client';
import { decodeAll } from '../../protocol/savedRun';
import { browserClock } from '../../store/shared/clock';
import { DEFAULTS, type Preferences } from '../../store/shared/preferences';
import type { Source } from '../../store/kernel/source';
import { Store } from '../../store/kernel/store';
import { translateWith } from '../../store/shared/trans';
import { Control } from '../control';
import { GONE, type Kernel } from '../kernel';
import { borrow } from '../hostBridge';
import { type Model, type Saved, kernelOf } from './model';

/** What belongs to one model, however often it is shown: its store, and its line to the kernel. */
export class Session {
  readonly store: Store;
  readonly source: Source;
  private readonly client: Client;
  private readonly control: Control | null;
  private readonly unwatch: () => void;
  private readonly unborrow: () => void;

  constructor(private readonly model: Model) {
    const preferences = signal(DEFAULTS);
    this.unborrow = follow(preferences);
    this.store = new Store(browserClock, preferences);
    const id = model.get('_client');
    const kernel = kernelOf(model);
    this.control = openControl(kernel, id);
    this.client = new Client({
      id,
      send: message => {
        if (this.control === null) {
          model.send(message);
        } else {
          this.control.send(message);
        }
      },
      apply: (message, shown) => {
        this.store.link.value = 'live';
        this.store.take(message, shown);
      },
      problem: error => {
        this.store.problem.value = error.message;
      },
    });
    this.source = {
      cancel: run => {
        this.client.steer('cancel', run);
      },
      pause: run => {
        this.client.steer('pause', run);
      },
      resume: run => {
        this.client.steer('resume', run);
      },
      focus: (run, focus) => {
        this.client.focus(run, focus);
      },
      readColumn: (run, request) => {
        this.client.readColumn(run, request);
      },
      askSamples: (run, request) => {
        this.client.askSamples(run, request);
      },
      interrupt: kernel === null ? null : () => kernel.interrupt(),
      reconnect:
        kernel === null
          ? null
          : () => {
              // It reports by the status of the connection.
              void kernel.reconnect().catch(() => undefined);
            },
    };
    this.restore(model.get('_saved'));
    model.on('msg:custom', this.receive);
    this.unwatch = kernel === null ? () => undefined : this.watch(kernel);
    this.client.resync();
  }

  dispose(): void {
    this.unwatch();
    this.unborrow();
    this.model.off('msg:custom', this.receive);
    this.control?.dispose();
  }

  private readonly receive = (message: unknown, buffers: readonly DataView[]): void => {
    this.client.receive(message, buffers);
  };

  /** Follows how the kernel is, and whether it can be reached. */
  private watch(kernel: Kernel): () => void {
    const { link } = this.store;
    const onStatus = () => {
      // A kernel that starts is a new one: somebody else may have restarted it.
      if (GONE.has(kernel.status) || (kernel.status === 'starting' && link.peek() === 'live')) {
        this.store.lose();
        link.value = kernel.status === 'dead' ? 'dead' : 'disconnected';
        this.control?.abandon();
      }
    };
    const onConnection = () => {
      if (kernel.connectionStatus !== 'connected' && link.peek() === 'live') {
        link.value = 'disconnected';
      } else if (kernel.connectionStatus === 'connected' && link.peek() === 'disconnected') {
        link.value = 'live';
        this.client.resync();
      }
    };
    kernel.statusChanged.connect(onStatus);
    kernel.connectionStatusChanged.connect(onConnection);
    return () => {
      kernel.statusChanged.disconnect(onStatus);
      kernel.connectionStatusChanged.disconnect(onConnection);
    };
  }

  /** Shows what the notebook file kept, until the kernel answers. */
  private restore(saved: Saved | null): void {
    if (saved === null) {
      return;
    }
    try {
      for (const message of decodeAll(saved.messages, saved.buffers)) {
        this.store.take(message, () => undefined);
      }
      this.store.link.value = 'saved';
    } catch (error) {
      this.store.problem.value = error instanceof Error ? error.message : String(error);
    }
  }
}

/** Null where the host has no kernel connection, or one that leaves comms to another. */
function openControl(kernel: Kernel | null, client: string): Control | null {
  try {
    return kernel === null ? null : new Control(kernel, client);
  } catch {
    return null;
  }
}

/** Takes over words and settings of the JupyterLab that we are in; keeps our own elsewhere. */
function follow(preferences: Signal<Preferences>): () => void {
  const lent = borrow();
  if (lent === undefined) {
    return () => undefined;
  }
  translateWith(lent.translation);
  return lent.preferences.subscribe(value => {
    preferences.value = value;
  });
}
