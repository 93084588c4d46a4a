import type { Buffer, Incoming } from './decode';

/** A message as it came. */
export interface RawMessage {
  readonly data: unknown;
  readonly buffers: readonly Buffer[];
}

/** What is kept of a run, in the order in which it is written. */
const KINDS = ['run', 'layers', 'snapshot', 'findings', 'layer_detail'] as const;

type Kept = Extract<Incoming, { kind: (typeof KINDS)[number] }>;

/** The newest message of each kind of every run that a kernel told of, as it came, to be kept in notebooks. */
export class LastMessages {
  private session: string | null = null;
  private readonly runs = new Map<string, Map<string, RawMessage>>();

  take(message: Incoming, raw: RawMessage): void {
    if (message.kind === 'hello') {
      this.session = message.session;
    } else if (isKept(message) && this.session !== null) {
      const id = runKey(this.session, message.run);
      const known = this.runs.get(id) ?? new Map<string, RawMessage>();
      this.runs.set(id, known.set(keyOf(message), raw));
    }
  }

  /** All that is kept of a run; empty for one that nobody told of. */
  of(session: string, run: string): RawMessage[] {
    const known = this.runs.get(runKey(session, run)) ?? new Map<string, RawMessage>();
    return KINDS.flatMap(kind =>
      [...known].filter(([key]) => key.startsWith(`${kind}:`)).map(([, raw]) => raw),
    );
  }
}

/** Whether a message is of a kind that is kept. */
export function isKept(message: Incoming): message is Kept {
  return KINDS.some(kind => kind === message.kind);
}

function runKey(session: string, run: string): string {
  return JSON.stringify([session, run]);
}

function keyOf(message: Kept): string {
  switch (message.kind) {
    case 'run':
    case 'layers':
      return `${message.kind}:`;
    case 'snapshot':
    case 'findings':
      return `${message.kind}:${message.introspector}`;
    case 'layer_detail':
      return `${message.kind}:${message.layer}`;
  }
}
