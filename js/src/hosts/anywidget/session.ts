import { Client } from '../../protocol/client';
import { decode } from '../../protocol/decode';
import type { Source } from '../../store/source';
import { Store } from '../../store/store';
import { Control } from '../control';
import { GONE, type Kernel } from '../kernel';
import { type Model, type Saved, kernelOf } from './model';

/** What belongs to one model, however often it is shown: its store, and its line to the kernel. */
export class Session {
  readonly store = new Store();
  readonly source: Source;
  private readonly client: Client;
  private readonly control: Control | null;
  private readonly unwatch: () => void;

  constructor(private readonly model: Model) {
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
      interrupt: kernel === null ? null : () => kernel.interrupt(),
    };
    this.restore(model.get('_saved'));
    model.on('msg:custom', this.receive);
    this.unwatch = watch(kernel, () => {
      this.store.link.value = 'disconnected';
    });
    this.client.resync();
  }

  dispose(): void {
    this.unwatch();
    this.model.off('msg:custom', this.receive);
    this.control?.dispose();
  }

  private readonly receive = (message: unknown, buffers: readonly DataView[]): void => {
    this.client.receive(message, buffers);
  };

  /** Shows what the notebook file kept, until the kernel answers. */
  private restore(saved: Saved | null): void {
    if (saved === null) {
      return;
    }
    const buffers = [...saved.buffers];
    try {
      for (const data of saved.messages) {
        this.store.take(decode(data, isSnapshot(data) ? buffers.splice(0, 1) : []), () => undefined);
      }
      this.store.link.value = 'saved';
    } catch (error) {
      this.store.problem.value = error instanceof Error ? error.message : String(error);
    }
  }
}

function isSnapshot(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'kind' in data && data.kind === 'snapshot';
}

/** Null where the host has no kernel connection, or one that leaves comms to another. */
function openControl(kernel: Kernel | null, client: string): Control | null {
  try {
    return kernel === null ? null : new Control(kernel, client);
  } catch {
    return null;
  }
}

/** Calls back when the kernel goes away. */
function watch(kernel: Kernel | null, gone: () => void): () => void {
  if (kernel === null) {
    return () => undefined;
  }
  const look = () => {
    if (GONE.has(kernel.status)) {
      gone();
    }
  };
  kernel.statusChanged.connect(look);
  return () => {
    kernel.statusChanged.disconnect(look);
  };
}
