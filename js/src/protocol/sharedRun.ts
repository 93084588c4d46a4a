import { fromBase64 } from './base64';
import type { ColumnRequest } from './client';
import { type Incoming, bufferCount, decode } from './decode';
import { Fields, ProtocolError, text } from './fields';
import type { LayerDetails } from './focus';
import { type Inflate, inflate } from './inflate';
import { SHARED_VERSION } from './messages';
import type { ChunkOfSamples } from './samples';

/** Columns of samples come in chunks of 4 MiB; tables of layers may be larger. */
const MOST_BUFFER_BYTES = 64 * 2 ** 20;
const MOST_MESSAGES = 200_000;

/** What is told at once; the other kinds when they are asked for. */
const FIRST: ReadonlySet<string> = new Set(['hello', 'run', 'layers', 'snapshot', 'findings', 'samples']);

interface Entry {
  readonly message: unknown;
  readonly places: readonly number[];
}

/** A whole run from a file, which a stranger may have written. Messages are unpacked and checked when they are needed. */
export class SharedRun {
  readonly run: string;
  /** When it was written, and by which DeepView Lab. */
  readonly created: string;
  readonly version: string;
  /** What is in it, for people. */
  readonly contents: readonly string[];
  /** What started the run; null where it was left out. */
  readonly code: string | null;
  private readonly sizes: readonly number[];
  private readonly buffers: readonly string[];
  private readonly first: Entry[] = [];
  private readonly details = new Map<string, Entry>();
  private readonly chunks = new Map<string, Entry>();

  /** @throws ProtocolError for what is of another version, or not what the protocol says. */
  constructor(
    data: unknown,
    private readonly unpack: Inflate = inflate,
  ) {
    const fields = new Fields(data, 'page');
    const v = fields.integer('v');
    if (v !== SHARED_VERSION) {
      throw new ProtocolError(
        `page: expected version ${SHARED_VERSION}, got ${v}. Another DeepView Lab wrote it.`,
      );
    }
    this.run = fields.text('run');
    this.created = fields.text('created');
    this.version = fields.text('version');
    this.contents = fields.list('contents', text);
    this.code = fields.optional('code', name => fields.text(name));
    this.sizes = fields.list('sizes', sizeOf);
    this.buffers = fields.list('buffers', text);
    this.file(
      fields.list('messages', item => item),
      fields.list('places', placesOf),
    );
  }

  /** The layers of which details are there. */
  get detailed(): IterableIterator<string> {
    return this.details.keys();
  }

  /** The state of the run, its tables, and what its columns of samples are. */
  async state(): Promise<Incoming[]> {
    const messages = await Promise.all(this.first.map(entry => this.decoded(entry)));
    if (!messages.some(({ kind }) => kind === 'run')) {
      throw new ProtocolError(`page.messages: expected the state of the run ${this.run}.`);
    }
    return messages;
  }

  /** What is known of a layer; null where there is nothing. */
  async detail(layer: string): Promise<LayerDetails | null> {
    const entry = this.details.get(layer);
    const message = entry === undefined ? null : await this.decoded(entry);
    return message?.kind === 'layer_detail' ? message : null;
  }

  /** Rows of a column of samples; null where there are none that begin there. */
  async chunk(request: ColumnRequest): Promise<ChunkOfSamples | null> {
    const entry = this.chunks.get(chunkKey(request));
    const message = entry === undefined ? null : await this.decoded(entry);
    return message?.kind === 'sample_chunk' ? message : null;
  }

  private file(messages: readonly unknown[], places: readonly (readonly number[])[]): void {
    if (messages.length > MOST_MESSAGES || places.length !== messages.length) {
      throw new ProtocolError(
        `page: expected at most ${MOST_MESSAGES} messages with places, got ${messages.length} and ${places.length}.`,
      );
    }
    for (const [i, message] of messages.entries()) {
      const entry = { message, places: places[i] ?? [] };
      const fields = new Fields(message, `page.messages[${i}]`);
      const kind = fields.text('kind');
      if (FIRST.has(kind)) {
        this.first.push(entry);
      } else if (kind === 'layer_detail') {
        this.details.set(fields.text('layer'), entry);
      } else if (kind === 'sample_chunk') {
        const [introspector, column] = [fields.text('introspector'), fields.text('column')];
        const [since, start] = [fields.count('since'), fields.count('start')];
        this.chunks.set(chunkKey({ introspector, column, since, start }), entry);
      } else {
        throw new ProtocolError(`page.messages[${i}]: expected state, tables and samples, got ${kind}.`);
      }
    }
  }

  private async decoded({ message, places }: Entry): Promise<Incoming> {
    if (places.length !== bufferCount(message)) {
      throw new ProtocolError(
        `page: a message has ${places.length} buffers, which is not what its kind has.`,
      );
    }
    const decoded = decode(message, await Promise.all(places.map(place => this.buffer(place))));
    if (decoded.kind !== 'hello' && 'run' in decoded && decoded.run !== this.run) {
      throw new ProtocolError(`page: expected messages of the run ${this.run} only.`);
    }
    return decoded;
  }

  private async buffer(place: number): Promise<Uint8Array> {
    const [size, packed] = [this.sizes[place], this.buffers[place]];
    if (size === undefined || packed === undefined) {
      throw new ProtocolError(`page: there is no buffer ${place}.`);
    }
    return this.unpack(fromBase64(packed, `page.buffers[${place}]`), size);
  }
}

function chunkKey({ introspector, column, since, start }: ColumnRequest): string {
  return JSON.stringify([introspector, column, since, start]);
}

function sizeOf(item: unknown, what: string): number {
  if (typeof item !== 'number' || !Number.isInteger(item) || item < 0 || item > MOST_BUFFER_BYTES) {
    throw new ProtocolError(`${what}: expected a whole number of at most ${MOST_BUFFER_BYTES}.`);
  }
  return item;
}

function placesOf(item: unknown, what: string): number[] {
  if (!Array.isArray(item)) {
    throw new ProtocolError(`${what}: expected a list.`);
  }
  return item.map((place: unknown) => sizeOf(place, what));
}
