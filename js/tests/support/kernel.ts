import type { Comm, CommMessage, JsonObject, LinkedKernel, Published } from '../../src/hosts/kernel';

export class FakeSignal<Args extends unknown[] = []> {
  private readonly slots = new Set<(...args: Args) => void>();

  connect(slot: (...args: Args) => void): void {
    this.slots.add(slot);
  }

  disconnect(slot: (...args: Args) => void): void {
    this.slots.delete(slot);
  }

  emit(...args: Args): void {
    for (const slot of [...this.slots]) {
      slot(...args);
    }
  }
}

export class FakeComm implements Comm {
  isDisposed = false;
  /** Closed by us, in words. */
  isClosed = false;
  opened: JsonObject | null = null;
  /** The subshell that the opening went to. */
  through: string | null = null;
  readonly sent: JsonObject[] = [];
  onMsg: (message: CommMessage) => void = () => undefined;
  onClose: () => void = () => undefined;

  constructor(
    readonly target: string,
    private readonly kernel: FakeKernel,
  ) {}

  open(data: JsonObject): void {
    this.opened = data;
    this.through = this.kernel.subshellId;
  }

  send(data: JsonObject): void {
    this.sent.push(data);
  }

  close(): void {
    this.isClosed = true;
    this.dispose();
    this.onClose();
  }

  dispose(): void {
    this.isDisposed = true;
  }

  /** What the kernel does with a target that it does not know. */
  refuse(): void {
    this.onClose();
    this.dispose();
  }
}

export class FakeKernel implements LinkedKernel {
  readonly id = 'kernel-1';
  info: Promise<unknown> = Promise.resolve({});
  subshellId: string | null = null;
  readonly handleComms = true;
  isDisposed = false;
  status = 'idle';
  connectionStatus = 'connected';
  readonly statusChanged = new FakeSignal();
  readonly connectionStatusChanged = new FakeSignal();
  readonly disposed = new FakeSignal();
  readonly iopubMessage = new FakeSignal<[sender: unknown, message: Published]>();
  readonly comms: FakeComm[] = [];
  interrupts = 0;
  reconnects = 0;
  private readonly targets = new Map<string, () => void>();

  createComm(target: string): FakeComm {
    const comm = new FakeComm(target, this);
    this.comms.push(comm);
    return comm;
  }

  registerCommTarget(target: string, opened: () => void): void {
    this.targets.set(target, opened);
  }

  interrupt(): Promise<void> {
    this.interrupts++;
    return Promise.resolve();
  }

  reconnect(): Promise<void> {
    this.reconnects++;
    return Promise.resolve();
  }

  /** The kernel opens a comm of its own. */
  openComm(target: string): void {
    this.targets.get(target)?.();
  }

  /** The page takes note of a status. */
  become(status: string): void {
    this.status = status;
    this.statusChanged.emit();
  }

  /** A process, told by its session, publishes its status to every window. */
  publish(status: string, session: string): void {
    this.become(status);
    this.iopubMessage.emit(this, { header: { msg_type: 'status', session } });
  }

  all(target: string): FakeComm[] {
    return this.comms.filter(comm => comm.target === target);
  }

  last(target: string): FakeComm {
    const comm = this.all(target).at(-1);
    if (comm === undefined) {
      throw new Error(`No comm was made for ${target}.`);
    }
    return comm;
  }
}

/** Lets promises that are already kept go on. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) {
    await Promise.resolve();
  }
}
