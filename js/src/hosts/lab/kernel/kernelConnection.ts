import { Client } from '../../../protocol/client';
import type { LastMessages } from '../../../protocol/lastMessages';
import { DATA_TARGET, PROTOCOL_VERSION } from '../../../protocol/messages';
import type { Clock } from '../../../store/shared/clock';
import type { Store } from '../../../store/kernel/store';
import { Control } from '../../control';
import { type Comm, type CommMessage, type LinkedKernel, readyToOpen, through } from '../../kernel';

/** A kernel that is free tells what it is well within this time. */
const BUSY_AFTER_MS = 1000;

/** A subshell that the kernel made has nothing to do but to answer. */
const UNREAD_AFTER_MS = 10_000;

/** What a line asks of the page, and what it tells it. */
export interface KernelConnectionHost {
  readonly store: Store;
  /** What the kernel said last, to be kept in notebooks. */
  readonly said: LastMessages;
  readonly clock: Clock;
  /** Whether the kernel has loaded DeepView; waits for a busy cell. */
  readonly isLoaded: () => Promise<boolean>;
  /** Makes a thread in the kernel that hears us beside a busy cell; null where there is none. */
  readonly makeSubshell: () => Promise<string | null>;
  readonly endSubshell: (subshell: string) => void;
  /** The kernel does not turn to us, since it is busy with a cell. */
  readonly onBusy: () => void;
  /** The kernel hears us, but does not read what it was sent. */
  readonly onUnread: () => void;
  /** The kernel answered: the first time, and again with each message. */
  readonly onAnswer: (first: boolean) => void;
  /** The kernel does not know DeepView. */
  readonly onRefused: () => void;
  /** The kernel does not know this client any more. */
  readonly onForgotten: () => void;
}

/** One try to talk to a kernel: a data comm, and a control comm once the kernel answered. */
export class KernelConnection {
  readonly client: Client;
  /** The variable whose layers this client asked for. */
  inspected: string | null = null;
  private readonly data: Comm;
  private control: Control | null = null;
  private subshell: string | null = null;
  private isSaid = false;
  private isOver = false;

  constructor(
    private readonly kernel: LinkedKernel,
    private readonly host: KernelConnectionHost,
  ) {
    this.client = new Client({
      id: crypto.randomUUID(),
      send: message => {
        this.control?.send(message);
      },
      apply: (message, shown, raw) => {
        host.said.take(message, raw);
        host.store.take(message, shown);
      },
      problem: error => {
        host.store.problem.value = error.message;
      },
    });
    this.data = kernel.createComm(DATA_TARGET);
    this.data.onMsg = (message: CommMessage) => {
      this.onMessage(message);
    };
    this.data.onClose = () => {
      if (!this.isOver) {
        this.end();
        host.onRefused();
      }
    };
  }

  /** Whether the kernel ever answered. */
  get isAnswered(): boolean {
    return this.control !== null;
  }

  async open(): Promise<void> {
    const stopWaiting = this.host.clock.after(BUSY_AFTER_MS, () => {
      if (!this.isOver) {
        this.host.onBusy();
        void this.openBeside();
      }
    });
    await readyToOpen(this.kernel, this.data);
    await this.ask(null);
    stopWaiting();
  }

  /** Closes both comms, so that the kernel keeps none that has no other end. */
  end(): void {
    if (this.isOver) {
      return;
    }
    this.isOver = true;
    if (!this.isSaid) {
      this.data.dispose();
    } else if (!this.data.isDisposed && !this.kernel.isDisposed) {
      through(this.kernel, this.subshell, () => this.data.close());
    }
    this.control?.dispose();
    if (this.subshell !== null) {
      this.host.endSubshell(this.subshell);
    }
  }

  /** Lets both comms go without a word: the kernel is gone. */
  abandon(): void {
    this.isOver = true;
    this.data.dispose();
    this.control?.abandon();
  }

  /** Opens the data comm beside the cell that keeps the kernel busy, where the kernel can do that. */
  private async openBeside(): Promise<void> {
    const subshell = await this.host.makeSubshell().catch(() => null);
    if (subshell !== null) {
      this.host.clock.after(UNREAD_AFTER_MS, () => {
        if (!this.isOver && !this.isAnswered) {
          this.host.onUnread();
        }
      });
      await this.ask(subshell);
      if (this.subshell !== subshell) {
        this.host.endSubshell(subshell);
      }
    }
  }

  /**
   * Opens the data comm, once, if the kernel has loaded DeepView. A comm that the kernel does not know would be closed:
   * the kernel would log that, and so would other pages.
   */
  private async ask(subshell: string | null): Promise<void> {
    const loaded =
      !this.isSettled && (await through(this.kernel, subshell, this.host.isLoaded).catch(() => true));
    if (this.isSettled) {
      return;
    }
    if (!loaded) {
      this.abandon();
      this.host.onRefused();
      return;
    }
    this.isSaid = true;
    this.subshell = subshell;
    through(this.kernel, subshell, () => this.data.open({ client: this.client.id, v: PROTOCOL_VERSION }));
  }

  /** Whether there is nothing to ask any more. */
  private get isSettled(): boolean {
    return this.isOver || this.isSaid || this.data.isDisposed || this.kernel.isDisposed;
  }

  private onMessage({ content, buffers }: CommMessage): void {
    if (this.isOver) {
      return;
    }
    const first = this.control === null;
    this.control ??= new Control(this.kernel, this.client.id, {
      subshell: this.subshell,
      forgotten: this.host.onForgotten,
    });
    this.client.receive(content.data, buffers ?? []);
    this.host.onAnswer(first);
  }
}
