import { type ReadonlySignal, effect, signal } from '@preact/signals';
import { LastMessages } from '../../../protocol/lastMessages';
import { HELLO_TARGET } from '../../../protocol/messages';
import { type Clock, browserClock } from '../../../store/shared/clock';
import { Launcher } from '../../../store/launch/launcher';
import { Plan } from '../../../store/launch/plan';
import { type Preferences, UNCHANGED } from '../../../store/shared/preferences';
import type { Source } from '../../../store/kernel/source';
import { type Link, isExpecting } from '../../../store/kernel/state';
import { Store } from '../../../store/kernel/store';
import { trans } from '../../../store/shared/trans';
import { GONE, type LinkedKernel } from '../../kernel';
import type { KernelActions } from './kernelActions';
import { KernelConnection } from './kernelConnection';
import { ProcessWatch } from './processWatch';
import { Retry } from './retry';

/**
 * Our line to one kernel, for as long as the page lives. Notebooks come and go, and with them kernel connections; the
 * store stays, so that open tabs keep their tables.
 *
 * A kernel that has not loaded DeepView closes our comm at once. We do not try again by ourselves, since each try makes
 * the kernel busy and idle: the kernel says hello when it is loaded.
 */
export class KernelLink {
  readonly store: Store;
  /** What the kernel said last of each run; stays when the kernel goes. */
  readonly said = new LastMessages();
  readonly source: Source = {
    cancel: run => {
      this.line?.client.steer('cancel', run);
    },
    pause: run => {
      this.line?.client.steer('pause', run);
    },
    resume: run => {
      this.line?.client.steer('resume', run);
    },
    focus: (run, focus) => {
      this.line?.client.focus(run, focus);
    },
    readColumn: (run, request) => {
      this.line?.client.readColumn(run, request);
    },
    askSamples: (run, request) => {
      this.line?.client.askSamples(run, request);
    },
    interrupt: async () => {
      await this.kernel?.interrupt();
    },
    reconnect: () => {
      this.retry.now();
    },
  };
  readonly plan: Plan;
  readonly launcher = new Launcher(async (code, begun) => {
    // After a restart, Run again brings DeepView back first.
    const problem = this.store.link.peek() === 'absent' ? await this.load() : null;
    return problem === null && this.hands !== null
      ? this.hands.execute(code, begun)
      : { problem: problem ?? trans.__('There is no kernel.') };
  });
  private readonly retry: Retry;
  private kernel: LinkedKernel | null = null;
  private hands: KernelActions | null = null;
  private line: KernelConnection | null = null;
  private restarting = false;
  private readonly processes = new ProcessWatch(() => {
    if (this.line !== null) {
      this.lose('restarting');
      this.connect();
    }
  });
  /** Goes up with every line that the kernel answered. */
  private readonly answered = signal(0);
  private readonly uninspect: () => void;

  constructor(
    readonly id: string,
    preferences: ReadonlySignal<Preferences> = UNCHANGED,
    private readonly clock: Clock = browserClock,
  ) {
    this.store = new Store(clock, preferences);
    this.store.link.value = 'starting';
    this.plan = new Plan(this.store.state, this.store.link, preferences);
    this.retry = new Retry(clock, this.store.retryAt, () => {
      void this.recover();
    });
    this.uninspect = effect(() => {
      this.inspect(this.plan.inspected.value, this.answered.value > 0);
    });
  }

  /** Uses a kernel connection from now on; one that is alive already stays. */
  attach(kernel: LinkedKernel, hands: KernelActions): void {
    if (kernel === this.kernel || !kernel.handleComms || (this.kernel !== null && !this.kernel.isDisposed)) {
      return;
    }
    this.kernel = kernel;
    this.hands = hands;
    kernel.registerCommTarget(HELLO_TARGET, () => {
      this.connect();
    });
    kernel.statusChanged.connect(this.onStatus);
    kernel.connectionStatusChanged.connect(this.onConnectionStatus);
    kernel.disposed.connect(this.onDisposed);
    this.processes.follow(kernel);
    this.become('starting');
    this.onConnectionStatus();
  }

  /** Takes note that the kernel does not run Python: nothing is asked of it. */
  refuse(): void {
    this.become('foreign');
  }

  /** Opens a new line, and with it a new client; the old one no longer counts. */
  connect(): void {
    const { kernel, hands } = this;
    if (kernel === null || hands === null || kernel.isDisposed || GONE.has(kernel.status)) {
      return;
    }
    this.line?.end();
    this.become('connecting');
    const line = new KernelConnection(kernel, {
      store: this.store,
      said: this.said,
      clock: this.clock,
      isLoaded: hands.isLoaded,
      makeSubshell: hands.makeSubshell,
      endSubshell: hands.endSubshell,
      onBusy: () => {
        this.become('busy');
      },
      onUnread: () => {
        void hands.connectOnceMore();
      },
      onAnswer: first => {
        this.become('live');
        if (first) {
          this.answered.value++;
        }
      },
      onRefused: () => {
        this.line = null;
        this.become('absent');
      },
      onForgotten: () => {
        this.connect();
      },
    });
    this.line = line;
    void line.open();
  }

  /** Looks again: asks for everything, or tries to connect. */
  refresh(): void {
    const link = this.store.link.peek();
    if (link === 'live') {
      this.line?.client.resync();
    } else if (link === 'disconnected') {
      this.retry.now();
    } else if (link !== 'foreign') {
      this.connect();
    }
  }

  /** Looks again at the variables of the kernel. */
  scan(): void {
    this.line?.client.scan();
  }

  /** Takes note that there is no such kernel any more. */
  giveUp(): void {
    if (this.kernel === null) {
      this.lose('dead');
    }
  }

  /** Ends the line while the kernel can still be told: its connection, or the page, is about to go. */
  leave(): void {
    this.line?.end();
    this.line = null;
  }

  /** Loads DeepView in the kernel; returns why it failed, or null. */
  async load(): Promise<string | null> {
    const problem = this.hands === null ? trans.__('There is no kernel.') : await this.hands.load();
    if (problem === null && this.store.link.value === 'absent') {
      // It was loaded before: then the kernel does not say hello again.
      this.connect();
    }
    return problem;
  }

  dispose(): void {
    this.uninspect();
    this.leave();
    this.detach();
  }

  /** Whether a kernel connection is the one that is used. */
  uses(kernel: LinkedKernel): boolean {
    return this.kernel === kernel;
  }

  /** Tries to get the connection back. It reports by its status. */
  private async recover(): Promise<void> {
    const { kernel, hands } = this;
    // A server that was restarted has no such kernel any more: the connection would be tried for ever.
    await hands?.findKernels().catch(() => undefined);
    if (kernel?.isDisposed === false && kernel.connectionStatus !== 'connected') {
      await kernel.reconnect().catch(() => undefined);
    }
  }

  private become(link: Link): void {
    this.store.link.value = link;
  }

  /** Asks for the layers of a variable, once for each client that the kernel answered. */
  private inspect(source: string | null, answered: boolean): void {
    const { line } = this;
    if (answered && line?.isAnswered && line.inspected !== source) {
      line.inspected = source;
      line.client.inspect(source);
    }
  }

  private readonly onStatus = (): void => {
    const status = this.kernel?.status ?? 'unknown';
    if (GONE.has(status)) {
      this.restarting = true;
      this.lose(status === 'dead' ? 'dead' : 'restarting');
    } else if (this.restarting && status !== 'unknown') {
      this.restarting = false;
      this.connect();
    }
  };

  private readonly onConnectionStatus = (): void => {
    const { kernel } = this;
    if (kernel === null || this.restarting) {
      return;
    }
    const link = this.store.link.peek();
    if (kernel.connectionStatus === 'connected') {
      this.retry.end();
      if (link === 'disconnected' && this.line?.isAnswered === true) {
        this.become('live');
        this.line.client.resync();
      } else if (link === 'disconnected' || link === 'starting') {
        this.connect();
      }
    } else if (kernel.connectionStatus === 'disconnected' || (isExpecting(link) && link !== 'starting')) {
      this.become('disconnected');
      this.retry.begin();
    }
  };

  private readonly onDisposed = (): void => {
    const { kernel } = this;
    this.line?.abandon();
    this.line = null;
    this.retry.end();
    this.detach();
    if (kernel?.status === 'dead') {
      this.lose('dead');
    } else {
      this.become('detached');
    }
  };

  /** The kernel is gone, and our comms with it. */
  private lose(link: Link): void {
    this.line?.abandon();
    this.line = null;
    this.processes.forget();
    this.retry.end();
    this.store.lose();
    this.become(link);
  }

  private detach(): void {
    const { kernel } = this;
    this.kernel = null;
    this.hands = null;
    this.restarting = false;
    this.processes.end();
    kernel?.statusChanged.disconnect(this.onStatus);
    kernel?.connectionStatusChanged.disconnect(this.onConnectionStatus);
    kernel?.disposed.disconnect(this.onDisposed);
  }
}
