import { CONTROL_TARGET, type ControlMessage, PROTOCOL_VERSION } from '../protocol/messages';
import { type Comm, type Kernel, readyToOpen } from './kernel';

/**
 * The control comm of one client. We open it and the kernel never publishes on it: only so are its messages read while a
 * cell runs. What is sent before it is open waits.
 */
export class Control {
  private readonly comm: Comm;
  private waiting: ControlMessage[] | null = [];

  constructor(kernel: Kernel, client: string) {
    this.comm = kernel.createComm(CONTROL_TARGET);
    this.comm.onClose = () => {
      this.waiting = null;
    };
    void this.open(kernel, client);
  }

  send(message: ControlMessage): void {
    if (this.waiting !== null) {
      this.waiting.push(message);
    } else if (!this.comm.isDisposed) {
      this.comm.send({ ...message });
    }
  }

  dispose(): void {
    this.waiting = null;
    if (!this.comm.isDisposed) {
      this.comm.close();
    }
  }

  private async open(kernel: Kernel, client: string): Promise<void> {
    await readyToOpen(kernel, this.comm);
    if (this.comm.isDisposed || kernel.isDisposed) {
      return;
    }
    this.comm.open({ client, v: PROTOCOL_VERSION });
    const waiting = this.waiting ?? [];
    this.waiting = null;
    for (const message of waiting) {
      this.send(message);
    }
  }
}
