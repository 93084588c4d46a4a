import { analysisInfo } from './analyses';
import { type ChoiceOfSamples, sampleChoice, sentToPython } from './choices';
import { Fields, ProtocolError, text } from './fields';
import { type Found, found, plainLayers } from './findings';
import { type SheetOfPictures, pictures } from './pictures';
import { type KeepCounts, type LayerDetails, keepCounts, layerDetail } from './focus';
import {
  type ChannelGroup,
  type ChannelLink,
  DATA_KINDS,
  type Hello,
  type LayerInfo,
  type Layers,
  type Namespace,
  type Origin,
  PROTOCOL_VERSION,
  RUN_STATUSES,
  type RunError,
  type RunState,
  SOURCE_ROLES,
  type Samples,
  type SentToPython,
  type Snapshot,
  type Source,
  type SourceLayers,
} from './messages';
import { type ChunkOfSamples, sampleChunk, samples } from './samples';
import { type IuaTable, type PfaTable, decodeIua, decodePfa } from './tables';

export interface IuaSnapshot extends Snapshot {
  analysis: 'iua';
  table: IuaTable;
}

export interface PfaSnapshot extends Snapshot {
  analysis: 'pfa';
  table: PfaTable;
}

export type LayerSnapshot = IuaSnapshot | PfaSnapshot;

/** What the kernel says, decoded. */
export type Incoming =
  | Hello
  | RunState
  | Origin
  | Layers
  | LayerSnapshot
  | Namespace
  | SourceLayers
  | LayerDetails
  | KeepCounts
  | Found
  | Samples
  | ChunkOfSamples
  | SheetOfPictures
  | ChoiceOfSamples
  | SentToPython;

/** A buffer as a comm or a trait hands it over. */
export type Buffer = ArrayBuffer | ArrayBufferView;

/**
 * Checks a message from the kernel and decodes its table. Fields that we do not know are left out.
 *
 * @throws ProtocolError for anything that is not a data message of this protocol version.
 */
export function decode(message: unknown, buffers: readonly Buffer[]): Incoming {
  const fields = new Fields(message, 'message');
  const kind = fields.oneOf('kind', DATA_KINDS);
  const v = fields.integer('v');
  if (v !== PROTOCOL_VERSION) {
    throw new ProtocolError(
      `The kernel speaks version ${v} of the protocol and this page version ${PROTOCOL_VERSION}. ` +
        'Install the same version of deepview_lab for both, restart the kernel and reload the page.',
    );
  }
  const head = { v, seq: fields.count('seq') };
  switch (kind) {
    case 'hello':
      return { ...head, kind, ...hello(fields) };
    case 'run':
      return { ...head, kind, ...runState(fields) };
    case 'origin':
      return { ...head, kind, ...origin(fields) };
    case 'layers':
      return { ...head, kind, run: fields.text('run'), layers: fields.list('layers', layerInfo) };
    case 'snapshot':
      return snapshot({ ...head, kind }, fields, buffers);
    case 'namespace':
      return { ...head, kind, sources: fields.list('sources', source), taken: fields.list('taken', text) };
    case 'source_layers':
      return { ...head, kind, ...sourceLayers(fields) };
    case 'layer_detail':
      return { ...head, kind, ...layerDetail(fields, buffers.map(bytesOf)) };
    case 'recommendation':
      return { ...head, kind, ...keepCounts(fields, buffers.map(bytesOf)) };
    case 'findings':
      return { ...head, kind, ...found(fields, buffers.map(bytesOf)) };
    case 'samples':
      return { ...head, kind, ...samples(fields) };
    case 'sample_chunk':
      return { ...head, kind, ...sampleChunk(fields, buffers.map(bytesOf)) };
    case 'pictures':
      return { ...head, kind, ...pictures(fields, buffers.map(bytesOf)) };
    case 'sample_choice':
      return { ...head, kind, ...sampleChoice(fields, buffers.map(bytesOf)) };
    case 'sent_to_python':
      return { ...head, kind, ...sentToPython(fields) };
  }
}

/** The sequence number of a message that may otherwise be unreadable. */
export function sequenceOf(message: unknown): number {
  return new Fields(message, 'message').count('seq');
}

/** How many buffers belong to a message that may otherwise be unreadable. */
export function bufferCount(message: unknown): number {
  const fields = new Fields(message, 'message');
  switch (fields.text('kind')) {
    case 'snapshot':
    case 'recommendation':
    case 'findings':
      return 1;
    case 'layer_detail':
      return fields.list('parts', part => part).length;
    case 'sample_chunk':
      return fields.text('type') === 'category' ? 2 : 1;
    default:
      return 0;
  }
}

/** The bytes of a buffer, which may be a part of a larger one. */
export function bytesOf(buffer: Buffer): Uint8Array {
  return ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    : new Uint8Array(buffer);
}

type Body<M> = Omit<M, 'kind' | 'v' | 'seq'>;

function hello(fields: Fields): Body<Hello> {
  return {
    version: fields.text('version'),
    session: fields.text('session'),
    runs: fields.list('runs', text),
    analyses: fields.list('analyses', analysisInfo),
  };
}

function runState(fields: Fields): Body<RunState> {
  const count = (name: string) => fields.count(name);
  const number = (name: string) => fields.number(name);
  return {
    run: fields.text('run'),
    name: fields.text('name'),
    status: fields.oneOf('status', RUN_STATUSES),
    introspections: fields.list('introspections', (item, what) => {
      const introspection = new Fields(item, what);
      return { name: introspection.text('name'), analysis: introspection.text('analysis') };
    }),
    batch_size: fields.count('batch_size'),
    batches: fields.count('batches'),
    total_batches: fields.optional('total_batches', count),
    samples: fields.count('samples'),
    total_samples: fields.optional('total_samples', count),
    rate: fields.optional('rate', number),
    eta: fields.optional('eta', number),
    elapsed: fields.number('elapsed'),
    created: fields.number('created'),
    errors: fields.list('errors', runError),
    stage: fields.optional('stage', name => fields.text(name)),
    stage_done: fields.optional('stage_done', number),
    checkpoint: fields.optional('checkpoint', name => fields.text(name)),
    kept_batches: fields.optional('kept_batches', count),
    kept_bytes: fields.optional('kept_bytes', count),
    kept_at: fields.optional('kept_at', number),
    note: fields.optional('note', name => fields.text(name)),
    file: fields.optional('file', name => fields.text(name)),
  };
}

function origin(fields: Fields): Body<Origin> {
  return {
    run: fields.text('run'),
    code: fields.text('code'),
    variable: fields.optional('variable', name => fields.text(name)),
    checkpoint: fields.optional('checkpoint', name => fields.text(name)),
  };
}

function runError(item: unknown, what: string): RunError {
  const error = new Fields(item, what);
  return {
    type: error.text('type'),
    message: error.text('message'),
    traceback: error.text('traceback'),
    introspector: error.optional('introspector', name => error.text(name)),
  };
}

function layerInfo(item: unknown, what: string): LayerInfo {
  const layer = new Fields(item, what);
  return {
    name: layer.text('name'),
    kind: layer.text('kind'),
    type: layer.text('type'),
    shape: layer.list('shape', size),
    units: layer.optional('units', name => layer.count(name)),
    group: layer.optional('group', name => layer.object(name, channelGroup)),
  };
}

function channelGroup(item: unknown, what: string): ChannelGroup {
  const group = new Fields(item, what);
  return {
    name: group.text('name'),
    parameters: group.count('parameters'),
    links: group.list('links', channelLink),
  };
}

function channelLink(item: unknown, what: string): ChannelLink {
  const link = new Fields(item, what);
  return { group: link.text('group'), parameters: link.count('parameters') };
}

function source(item: unknown, what: string): Source {
  const found = new Fields(item, what);
  return {
    name: found.text('name'),
    role: found.oneOf('role', SOURCE_ROLES),
    type: found.text('type'),
    size: found.optional('size', name => found.count(name)),
    ends_in_model: found.flag('ends_in_model'),
  };
}

function sourceLayers(fields: Fields): Body<SourceLayers> {
  return {
    source: fields.text('source'),
    layers: fields.list('layers', layerInfo),
    usual: fields.list('usual', text),
    problem: fields.optional('problem', name => fields.text(name)),
  };
}

function size(value: unknown, what: string): number | null {
  if (value !== null && typeof value !== 'number') {
    throw new ProtocolError(`${what}: expected a number or null.`);
  }
  return value;
}

function snapshot(
  head: Pick<Snapshot, 'kind' | 'v' | 'seq'>,
  fields: Fields,
  buffers: readonly Buffer[],
): LayerSnapshot | Found {
  const [buffer, ...more] = buffers;
  if (buffer === undefined || more.length > 0) {
    throw new ProtocolError(`snapshot: expected one Arrow buffer, got ${buffers.length}.`);
  }
  const analysis = fields.text('analysis');
  const body = {
    ...head,
    run: fields.text('run'),
    introspector: fields.text('introspector'),
    samples: fields.count('samples'),
    final: fields.flag('final'),
  };
  const bytes = bytesOf(buffer);
  switch (analysis) {
    case 'iua':
      return { ...body, analysis, table: decodeIua(bytes) };
    case 'pfa':
      return { ...body, analysis, table: decodePfa(bytes) };
    default:
      return { ...body, kind: 'findings', analysis, ...plainLayers(bytes) };
  }
}
