import { effect, signal } from '@preact/signals';
import { Client } from '../../protocol/client';
import { DATA_TARGET, HELLO_TARGET, PROTOCOL_VERSION } from '../../protocol/messages';
import { type Execute, Launcher } from '../../store/launcher';
import { Plan } from '../../store/plan';
import type { Source } from '../../store/source';
import { Store } from '../../store/store';
import { Control } from '../control';
import { type Comm, type CommMessage, GONE, type LinkedKernel, readyToOpen } from '../kernel';

/** What the page can have a kernel do. */
export interface Hands {
  /** Loads DeepView; resolves to the kernel's complaint, or null. */
  readonly load: () => Promise<string | null>;
  readonly execute: Execute;
}

/** One try to talk to the kernel: a data comm, and a control comm once the kernel answered. */
interface Connection {
  readonly client: Client;
  readonly data: Comm;
  control: Control | null;
  /** The variable whose layers this client asked for. */
  inspected: string | null;
}

/**
 * Our line to one kernel, for as long as the page lives. Notebooks come and go, and with them kernel connections; the
 * store stays, so that open tabs keep their tables.
 *
 * A kernel that has not loaded DeepView closes our comm at once. We do not try again by ourselves, since each try makes
 * the kernel busy and idle: the kernel says hello when it is loaded.
 */
export class KernelLink {
  readonly store = new Store();
  readonly source: Source = {
    cancel: run => {
      this.connection?.client.steer('cancel', run);
    },
    pause: run => {
      this.connection?.client.steer('pause', run);
    },
    resume: run => {
      this.connection?.client.steer('resume', run);
    },
    interrupt: async () => {
      await this.kernel?.interrupt();
    },
  };
  readonly plan = new Plan(this.store.state, this.store.link);
  readonly launcher = new Launcher(
    (code, begun) =>
      this.hands?.execute(code, begun) ?? Promise.resolve({ run: null, problem: 'There is no kernel.' }),
  );
  private kernel: LinkedKernel | null = null;
  private hands: Hands | null = null;
  private connection: Connection | null = null;
  private restarting = false;
  /** Goes up with every connection that the kernel answered. */
  private readonly answered = signal(0);
  private readonly uninspect: () => void;

  constructor(readonly id: string) {
    this.uninspect = effect(() => {
      this.inspect(this.plan.inspected.value, this.answered.value > 0);
    });
  }

  /** Uses a kernel connection from now on; one that is alive already stays. */
  attach(kernel: LinkedKernel, hands: Hands): void {
    if (kernel === this.kernel || !kernel.handleComms || (this.kernel !== null && !this.kernel.isDisposed)) {
      return;
    }
    this.kernel = kernel;
    this.hands = hands;
    kernel.registerCommTarget(HELLO_TARGET, () => {
      void this.connect();
    });
    kernel.statusChanged.connect(this.onStatus);
    kernel.connectionStatusChanged.connect(this.onConnectionStatus);
    kernel.disposed.connect(this.onDisposed);
    void this.connect();
  }

  /** Opens a new data comm, and with it a new client; the old one no longer counts. */
  async connect(): Promise<void> {
    const { kernel } = this;
    if (kernel === null || kernel.isDisposed || GONE.has(kernel.status)) {
      this.lose();
      return;
    }
    this.drop();
    this.store.link.value = 'connecting';
    const data = kernel.createComm(DATA_TARGET);
    const connection: Connection = { client: this.newClient(), data, control: null, inspected: null };
    this.connection = connection;
    data.onMsg = (message: CommMessage) => {
      this.onMessage(connection, message);
    };
    data.onClose = () => {
      if (this.connection === connection) {
        this.drop();
        this.store.link.value = 'absent';
      }
    };
    await readyToOpen(kernel, data);
    if (this.connection === connection && !data.isDisposed) {
      data.open({ client: connection.client.id, v: PROTOCOL_VERSION });
    }
  }

  /** Looks again: asks for everything, or tries to connect. */
  refresh(): void {
    if (this.connection !== null && this.store.link.value === 'live') {
      this.connection.client.resync();
    } else {
      void this.connect();
    }
  }

  /** Looks again at the variables of the kernel. */
  scan(): void {
    this.connection?.client.scan();
  }

  /** Takes note that there is no such kernel any more. */
  giveUp(): void {
    if (this.kernel === null) {
      this.lose();
    }
  }

  /** Loads DeepView in the kernel; returns why it failed, or null. */
  async load(): Promise<string | null> {
    const problem = this.hands === null ? 'There is no kernel.' : await this.hands.load();
    if (problem === null && this.store.link.value === 'absent') {
      // It was loaded before: then the kernel does not say hello again.
      await this.connect();
    }
    return problem;
  }

  dispose(): void {
    this.uninspect();
    this.drop();
    this.detach();
  }

  /** Asks for the layers of a variable, once for each client that the kernel answered. */
  private inspect(source: string | null, answered: boolean): void {
    const { connection } = this;
    if (answered && connection?.control && connection.inspected !== source) {
      connection.inspected = source;
      connection.client.inspect(source);
    }
  }

  private newClient(): Client {
    return new Client({
      id: crypto.randomUUID(),
      send: message => {
        this.connection?.control?.send(message);
      },
      apply: this.store.take,
      problem: error => {
        this.store.problem.value = error.message;
      },
    });
  }

  private onMessage(connection: Connection, { content, buffers }: CommMessage): void {
    if (this.connection !== connection || this.kernel === null) {
      return;
    }
    const first = connection.control === null;
    connection.control ??= new Control(this.kernel, connection.client.id);
    this.store.link.value = 'live';
    connection.client.receive(content.data, buffers ?? []);
    if (first) {
      this.answered.value++;
    }
  }

  private readonly onStatus = (): void => {
    const gone = this.kernel !== null && GONE.has(this.kernel.status);
    if (gone) {
      this.restarting = true;
      this.lose();
    } else if (this.restarting && this.kernel?.status !== 'unknown') {
      this.restarting = false;
      void this.connect();
    }
  };

  private readonly onConnectionStatus = (): void => {
    if (this.kernel === null || this.restarting) {
      return;
    }
    if (this.kernel.connectionStatus !== 'connected') {
      this.store.link.value = this.store.link.value === 'live' ? 'disconnected' : this.store.link.value;
    } else if (this.store.link.value === 'disconnected') {
      this.store.link.value = 'live';
      this.connection?.client.resync();
    }
  };

  private readonly onDisposed = (): void => {
    this.lose();
    this.detach();
  };

  /** The kernel is gone, and our comms with it. */
  private lose(): void {
    this.connection?.data.dispose();
    this.connection = null;
    this.store.link.value = 'disconnected';
  }

  /** Gives the connection up and tells the kernel, unless it has closed it itself. */
  private drop(): void {
    const { connection } = this;
    this.connection = null;
    if (connection !== null && !connection.data.isDisposed && this.kernel?.isDisposed === false) {
      connection.data.close();
    }
    connection?.control?.dispose();
  }

  private detach(): void {
    const { kernel } = this;
    this.kernel = null;
    this.hands = null;
    kernel?.statusChanged.disconnect(this.onStatus);
    kernel?.connectionStatusChanged.disconnect(this.onConnectionStatus);
    kernel?.disposed.disconnect(this.onDisposed);
  }
}
