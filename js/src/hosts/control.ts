import { CONTROL_TARGET, type ControlMessage, PROTOCOL_VERSION } from '../protocol/messages';
import { type Comm, type Kernel, readyToOpen, through } from './kernel';

interface Options {
  /** A subshell that is ready; else the comm waits for one of its own. */
  readonly subshell?: string | null;
  /** Called when the kernel closes the comm: it does not know the client any more. */
  readonly forgotten?: () => void;
}

/**
 * The control comm of one client. We open it and the kernel never publishes on it: only so are its messages read while a
 * cell runs. What is sent before it is open waits.
 */
export class Control {
  private readonly comm: Comm;
  private readonly subshell: string | null;
  private waiting: ControlMessage[] | null = [];

  constructor(
    private readonly kernel: Kernel,
    client: string,
    { subshell = null, forgotten = () => undefined }: Options = {},
  ) {
    this.comm = kernel.createComm(CONTROL_TARGET);
    this.subshell = subshell;
    this.comm.onClose = () => {
      if (this.waiting === null) {
        forgotten();
      }
      this.waiting = null;
    };
    window.addEventListener('pagehide', this.dispose);
    void this.open(client);
  }

  send(message: ControlMessage): void {
    if (this.waiting !== null) {
      this.waiting.push(message);
    } else if (this.isUsable) {
      through(this.kernel, this.subshell, () => this.comm.send({ ...message }));
    }
  }

  /** Closes the comm, also when the page goes, so that the kernel keeps none that has no other end. */
  readonly dispose = (): void => {
    window.removeEventListener('pagehide', this.dispose);
    this.waiting = null;
    this.comm.onClose = () => undefined;
    if (this.isUsable) {
      through(this.kernel, this.subshell, () => this.comm.close());
    }
  };

  /** Lets the comm go without a word: its kernel is gone. */
  abandon(): void {
    window.removeEventListener('pagehide', this.dispose);
    this.waiting = null;
    this.comm.onClose = () => undefined;
    this.comm.dispose();
  }

  private get isUsable(): boolean {
    return !this.comm.isDisposed && !this.kernel.isDisposed;
  }

  private async open(client: string): Promise<void> {
    if (this.subshell === null) {
      await readyToOpen(this.kernel, this.comm);
    }
    if (this.waiting === null || !this.isUsable) {
      return;
    }
    const { waiting } = this;
    this.waiting = null;
    through(this.kernel, this.subshell, () => this.comm.open({ client, v: PROTOCOL_VERSION }));
    for (const message of waiting) {
      this.send(message);
    }
  }
}
