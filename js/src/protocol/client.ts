import { type Buffer, type Incoming, decode, sequenceOf } from './decode';
import type { RawMessage } from './lastMessages';
import {
  type Choose,
  type ControlMessage,
  type Focus,
  PROTOCOL_VERSION,
  type ReadColumn,
  type ReadPictures,
  type SendToPython,
} from './messages';

/** How long to wait for the answer to a resync before a further gap asks again. */
const RESYNC_PATIENCE_MS = 2000;

/** What is looked at in a run beyond its tables. */
export type FocusRequest = Pick<Focus, 'layer' | 'strategy' | 'value'>;

/** Which rows of samples are wanted: those of a column from `start` on. */
export type ColumnRequest = Pick<ReadColumn, 'introspector' | 'column' | 'since' | 'start'>;

/** What else is asked of the samples of a run. */
export type SampleRequest =
  | Omit<Choose, 'v' | 'client' | 'run'>
  | Omit<ReadPictures, 'v' | 'client' | 'run'>
  | Omit<SendToPython, 'v' | 'client' | 'run'>;

export interface ClientOptions {
  /** The id under which the kernel knows us. */
  readonly id: string;
  /** Puts a message on the control comm. */
  readonly send: (message: ControlMessage) => void;
  /** Takes a message in, decoded and as it came; it must call `shown` once the message is on the screen. */
  readonly apply: (message: Incoming, shown: () => void, raw: RawMessage) => void;
  /** Told what is wrong with a message that cannot be read. */
  readonly problem: (error: Error) => void;
  /** Milliseconds; for tests. */
  readonly now?: () => number;
}

/**
 * Our end of one connection: reads numbered messages, notices what was lost, and says what has been shown.
 *
 * The kernel sends the next message of a kind only after the last one was acknowledged, so a slow page gets fewer.
 */
export class Client {
  readonly id: string;
  private readonly now: () => number;
  private expected: number | null = null;
  private session: string | null = null;
  private resyncAt: number | null = null;
  private acknowledged = -1;
  /** Goes up when the kernel counts anew, so that what was shown before is not acknowledged by a number of now. */
  private numbering = 0;

  constructor(private readonly options: ClientOptions) {
    this.id = options.id;
    this.now = options.now ?? (() => performance.now());
  }

  /** Takes a message from the data comm. */
  receive(data: unknown, buffers: readonly Buffer[]): void {
    let message: Incoming;
    try {
      message = decode(data, buffers);
    } catch (error) {
      this.options.problem(error instanceof Error ? error : new Error(String(error)));
      this.skip(data);
      return;
    }
    if (!this.inOrder(message)) {
      return;
    }
    const { numbering } = this;
    this.options.apply(
      message,
      () => {
        if (numbering === this.numbering) {
          this.acknowledge(message.seq);
        }
      },
      { data, buffers },
    );
  }

  /** Asks for everything again: after a loss, or when a page comes late. */
  resync(): void {
    this.resyncAt = this.now();
    this.options.send({ kind: 'resync', v: PROTOCOL_VERSION, client: this.id });
  }

  /** Asks for the variables of the kernel, and for the layers of the one that is inspected. */
  scan(): void {
    this.options.send({ kind: 'scan', v: PROTOCOL_VERSION, client: this.id });
  }

  /** Asks for the layers of a variable, now and whenever they change. */
  inspect(source: string | null): void {
    this.options.send({ kind: 'inspect', v: PROTOCOL_VERSION, client: this.id, source });
  }

  /** Asks for the numbers of one layer of a run, and of a recipe strategy, now and whenever they change. */
  focus(run: string, { layer, strategy, value }: FocusRequest): void {
    this.options.send({ kind: 'focus', v: PROTOCOL_VERSION, client: this.id, run, layer, strategy, value });
  }

  /** Asks for the next values of a column of samples. */
  readColumn(run: string, { introspector, column, since, start }: ColumnRequest): void {
    const request = { introspector, column, since, start };
    this.options.send({ kind: 'read_column', v: PROTOCOL_VERSION, client: this.id, run, ...request });
  }

  /** Says what is chosen among samples, or asks for what is made of that. */
  askSamples(run: string, request: SampleRequest): void {
    this.options.send({ ...request, v: PROTOCOL_VERSION, client: this.id, run });
  }

  /** Asks for a run to stop, pause or resume. */
  steer(kind: 'cancel' | 'pause' | 'resume', run: string): void {
    this.options.send({ kind, v: PROTOCOL_VERSION, client: this.id, run });
  }

  /** False for a message that is older than what we have: of each kind the newest counts. */
  private inOrder(message: Incoming): boolean {
    const { seq } = message;
    if (message.kind === 'hello' && (this.resyncAt !== null || message.session !== this.session)) {
      this.session = message.session;
      this.resyncAt = null;
      if (this.expected !== null && seq < this.expected) {
        this.numbering++;
        this.acknowledged = -1;
      }
      this.expected = seq + 1;
      return true;
    }
    if (this.expected !== null && seq < this.expected) {
      return false;
    }
    this.advance(seq);
    return true;
  }

  /** Counts a message; one that comes too early means that another was lost. */
  private advance(seq: number): void {
    const gap = this.expected !== null && seq > this.expected;
    this.expected = seq + 1;
    const asked = this.resyncAt !== null && this.now() - this.resyncAt < RESYNC_PATIENCE_MS;
    if (gap && !asked) {
      this.resync();
    }
  }

  /** Counts a message that cannot be read, so that those after it still come. */
  private skip(data: unknown): void {
    try {
      const seq = sequenceOf(data);
      this.advance(seq);
      this.acknowledge(seq);
    } catch {
      // Not even a number: `problem` has been told.
    }
  }

  /** An acknowledgement speaks for all messages before it. */
  private acknowledge(seq: number): void {
    if (seq > this.acknowledged) {
      this.acknowledged = seq;
      this.options.send({ kind: 'ack', v: PROTOCOL_VERSION, client: this.id, seq });
    }
  }
}
