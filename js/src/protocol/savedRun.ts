import { fromBase64, toBase64 } from './base64';
import { type Buffer, type Incoming, bufferCount, bytesOf, decode } from './decode';
import { Fields, ProtocolError, text } from './fields';
import { type RawMessage, isKept } from './lastMessages';
import { MOST_SAVED_BYTES, SAVED_PARTS, SAVED_VERSION, type SavedRun } from './messages';

export type LeftOut = SavedRun['left_out'][number];

/** A run as an output keeps it, decoded. */
export interface Restored {
  readonly session: string;
  readonly run: string;
  readonly messages: readonly Incoming[];
  readonly leftOut: readonly LeftOut[];
}

/** What an output holds, as plain data for JSON. */
export type SavedData = Omit<SavedRun, 'messages'> & { messages: unknown[] };

/** In the order in which they are left out where an output would be too large. */
const PARTS: readonly (readonly [LeftOut, readonly string[]])[] = SAVED_PARTS;
const ORDER = PARTS.map(([part]) => part);

/** Decodes messages whose buffers stand in one list, in order. */
export function decodeAll(messages: readonly unknown[], buffers: readonly Buffer[]): Incoming[] {
  const rest = [...buffers];
  const decoded = messages.map(message => decode(message, rest.splice(0, bufferCount(message))));
  if (rest.length > 0) {
    throw new ProtocolError(`Expected the buffers of ${messages.length} messages, got ${rest.length} more.`);
  }
  return decoded;
}

/**
 * Reads what an output keeps, which a stranger may have written.
 *
 * @throws ProtocolError for what is too large, of another version, or not what the protocol says.
 */
export function decodeSavedRun(data: unknown): Restored {
  if (!isWithin(data, MOST_SAVED_BYTES)) {
    throw new ProtocolError(`output: expected at most ${MOST_SAVED_BYTES / 1e6} MB.`);
  }
  const fields = new Fields(data, 'output');
  const v = fields.integer('v');
  if (v !== SAVED_VERSION) {
    throw new ProtocolError(
      `output: expected version ${SAVED_VERSION}, got ${v}. Another DeepView Lab wrote it.`,
    );
  }
  const run = fields.text('run');
  const buffers = fields.list('buffers', (item, what) => fromBase64(text(item, what), what));
  const messages = decodeAll(
    fields.list('messages', item => item),
    buffers,
  );
  if (!messages.every(message => isKept(message) && message.run === run)) {
    throw new ProtocolError(`output.messages: expected state and tables of the run ${run} only.`);
  }
  if (!messages.some(({ kind }) => kind === 'run')) {
    throw new ProtocolError(`output.messages: expected the state of the run ${run}.`);
  }
  return {
    session: fields.text('session'),
    run,
    messages,
    leftOut: fields.list('left_out', leftOut),
  };
}

/** Writes what a kernel said of a run, without what would make an output larger than it may be. */
export function encodeSavedRun(
  session: string,
  run: string,
  said: readonly RawMessage[],
  most = MOST_SAVED_BYTES,
): SavedData {
  let kept = said;
  let saved = savedData(session, run, kept, []);
  for (const [i, [, kinds]] of PARTS.entries()) {
    if (isWithin(saved, most)) {
      break;
    }
    kept = kept.filter(({ data }) => !kinds.includes(new Fields(data, 'message').text('kind')));
    saved = savedData(session, run, kept, ORDER.slice(0, i + 1));
  }
  return saved;
}

function savedData(
  session: string,
  run: string,
  said: readonly RawMessage[],
  left: readonly LeftOut[],
): SavedData {
  return {
    v: SAVED_VERSION,
    session,
    run,
    messages: said.map(({ data }) => data),
    buffers: said.flatMap(({ buffers }) => buffers.map(buffer => toBase64(bytesOf(buffer)))),
    left_out: [...left],
  };
}

function leftOut(item: unknown, what: string): LeftOut {
  const known = ORDER.find(kind => kind === item);
  if (known === undefined) {
    throw new ProtocolError(`${what}: expected one of ${ORDER.join(', ')}.`);
  }
  return known;
}

/** Whether a value has at most about so many bytes as JSON. Looks no further than that, and takes any nesting. */
function isWithin(value: unknown, most: number): boolean {
  const open = [value];
  let size = 0;
  while (open.length > 0 && size + open.length <= most) {
    const item = open.pop();
    if (typeof item === 'string') {
      size += item.length + 2;
    } else if (Array.isArray(item)) {
      size += 2;
      if (item.length > most) {
        return false;
      }
      item.forEach((part: unknown) => open.push(part));
    } else if (typeof item === 'object' && item !== null) {
      size += 2;
      for (const [key, part] of Object.entries(item)) {
        size += key.length + 3;
        open.push(part);
      }
    } else {
      size += 1;
    }
  }
  return size + open.length <= most;
}
