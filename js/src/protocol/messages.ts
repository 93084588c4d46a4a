// Generated from protocol/messages.schema.json by `npm run generate`; do not edit.

// The source is deepview_lab/transport/wire/messages.py.

export const PROTOCOL_VERSION = 1;
export const HELLO_TARGET = 'deepview_lab.hello';
export const DATA_TARGET = 'deepview_lab';
export const CONTROL_TARGET = 'deepview_lab.ctl';
export const SAVED_MIME = 'application/vnd.deepview-lab.run+json';
export const SAVED_VERSION = 1;
export const MOST_SAVED_BYTES = 1000000;
export const SHARED_VERSION = 1;
export const VERSION = '0.1.0';
export const DATA_KINDS = [
  'hello',
  'run',
  'origin',
  'layers',
  'snapshot',
  'findings',
  'samples',
  'sample_chunk',
  'pictures',
  'sample_choice',
  'sent_to_python',
  'namespace',
  'source_layers',
  'layer_detail',
  'recommendation',
] as const;
export const RUN_STATUSES = [
  'pending',
  'running',
  'paused',
  'cancelling',
  'done',
  'failed',
  'cancelled',
] as const;
export const SOURCE_ROLES = [
  'model',
  'framework_model',
  'pipeline',
  'producer',
  'data',
  'candidate',
] as const;
export const STRATEGIES = ['kl', 'energy', 'size'] as const;
export const SAMPLE_COLUMN_ROLES = [
  'id',
  'label',
  'split',
  'x',
  'y',
  'score',
  'set',
  'media',
  'text',
  'number',
] as const;
export const SENT_OUTCOMES = ['done', 'taken', 'refused'] as const;
export const SAMPLE_COLUMN_TYPES = ['float', 'int', 'category', 'text', 'media'] as const;
export const PFA_STATES = ['waiting', 'few', 'thin', 'ok', 'refused'] as const;
export const ABOUT = ['layers', 'samples'] as const;
export const SAVED_PARTS = [
  ['details', ['layer_detail']],
  ['tables', ['snapshot', 'findings']],
  ['layers', ['layers']],
] as const;
export const DEAD = 255;
export const SIZE_EPSILON = 1e-8;

export type DataMessage =
  | Hello
  | RunState
  | Origin
  | Layers
  | Snapshot
  | Findings
  | Samples
  | SampleChunk
  | Pictures
  | SampleChoice
  | SentToPython
  | Namespace
  | SourceLayers
  | LayerDetail
  | Recommendation;
export type ControlMessage =
  | Ack
  | Cancel
  | Pause
  | Resume
  | Resync
  | Scan
  | Inspect
  | Focus
  | ReadColumn
  | ReadPictures
  | Choose
  | SendToPython;

/**
 * Every definition by its name.
 */
export interface Messages {
  Hello: Hello;
  AnalysisInfo: AnalysisInfo;
  AnalysisOption: AnalysisOption;
  AnalysisChoice: AnalysisChoice;
  RunState: RunState;
  Introspection: Introspection;
  RunError: RunError;
  Origin: Origin;
  Layers: Layers;
  LayerInfo: LayerInfo;
  ChannelGroup: ChannelGroup;
  ChannelLink: ChannelLink;
  Snapshot: Snapshot;
  Findings: Findings;
  Samples: Samples;
  SampleColumn: SampleColumn;
  SampleChunk: SampleChunk;
  Pictures: Pictures;
  NoPicture: NoPicture;
  SampleChoice: SampleChoice;
  SentToPython: SentToPython;
  Namespace: Namespace;
  Source: Source;
  SourceLayers: SourceLayers;
  LayerDetail: LayerDetail;
  DetailPart: DetailPart;
  Recommendation: Recommendation;
  Ack: Ack;
  Cancel: Cancel;
  Pause: Pause;
  Resume: Resume;
  Resync: Resync;
  Scan: Scan;
  Inspect: Inspect;
  Focus: Focus;
  ReadColumn: ReadColumn;
  ReadPictures: ReadPictures;
  Choose: Choose;
  SendToPython: SendToPython;
  SavedRun: SavedRun;
  SharedRun: SharedRun;
  DataMessage: DataMessage;
  ControlMessage: ControlMessage;
}
/**
 * First message on a data comm and answer to a resync: who speaks, and which runs there are (oldest first).
 *
 * `analyses` is the catalogue of analyses; once it has changed, clients of all runs get everything again.
 */
export interface Hello {
  kind: 'hello';
  v: number;
  seq: number;
  version: string;
  session: string;
  runs: string[];
  analyses: AnalysisInfo[];
}
/**
 * A row of the catalogue. Code imports the class `face` from `module`; both are null where none can be asked for.
 *
 * `usual`: the form takes it when nothing is said.
 */
export interface AnalysisInfo {
  kind: string;
  about: 'layers' | 'samples';
  label: string;
  hint: string;
  usual: boolean;
  face: string | null;
  module: string | null;
  options: AnalysisOption[];
}
/**
 * A setting that the form offers: an argument of `spec`. The value `none` is Python's None.
 *
 * `explicit`: code names it even where it has its default, since `spec` has another one.
 */
export interface AnalysisOption {
  name: string;
  label: string;
  title: string;
  default: string;
  explicit: boolean;
  choices: AnalysisChoice[];
}
/**
 * One value of an option, and what the form calls it.
 */
export interface AnalysisChoice {
  value: string;
  label: string;
}
/**
 * Everything about a run but its numbers. Times are in seconds, `created` since the epoch; rate in samples/s.
 *
 * `stage` is what is done once all samples are read, `stage_done` the share (0..1) of it, where that is known.
 * `checkpoint` is the folder in which it is kept, `kept_batches` how many batches are on disk there, in
 * `kept_bytes` bytes, since `kept_at` (since the epoch); `note` is what there is to say that is no error.
 * `file` is the report file from which an ended run was read; null of others.
 */
export interface RunState {
  kind: 'run';
  v: number;
  seq: number;
  run: string;
  name: string;
  status: 'cancelled' | 'cancelling' | 'done' | 'failed' | 'paused' | 'pending' | 'running';
  introspections: Introspection[];
  batch_size: number;
  batches: number;
  total_batches: number | null;
  samples: number;
  total_samples: number | null;
  rate: number | null;
  eta: number | null;
  elapsed: number;
  created: number;
  errors: RunError[];
  stage: string | null;
  stage_done: number | null;
  checkpoint: string | null;
  kept_batches: number | null;
  kept_bytes: number | null;
  kept_at: number | null;
  note: string | null;
  file: string | null;
}
/**
 * One introspector of a run: its name in the run, and the kind of analysis, which may have no row anywhere.
 */
export interface Introspection {
  name: string;
  analysis: string;
}
/**
 * What went wrong, for people: one sentence, and the traceback for those who want it.
 */
export interface RunError {
  type: string;
  message: string;
  traceback: string;
  introspector: string | null;
}
/**
 * The code that started a run, told once, to clients of all runs: a cell, or what DeepView's panel wrote.
 *
 * The latter binds the run to `variable` and may keep it in the folder `checkpoint`; both are null of a cell.
 */
export interface Origin {
  kind: 'origin';
  v: number;
  seq: number;
  run: string;
  code: string;
  variable: string | null;
  checkpoint: string | null;
}
/**
 * The layers of a run in the order of the network.
 */
export interface Layers {
  kind: 'layers';
  v: number;
  seq: number;
  run: string;
  layers: LayerInfo[];
}
/**
 * A layer before its numbers. `type` is the class in the framework, `kind` DeepView's LayerKind in lower case.
 *
 * `group` is absent in messages of earlier versions, and null where it is not known whose channels these are.
 */
export interface LayerInfo {
  name: string;
  kind: string;
  type: string;
  shape: (number | null)[];
  units: number | null;
  group: ChannelGroup | null;
}
/**
 * The channels that some layers share, and the parameters that go with them.
 */
export interface ChannelGroup {
  name: string;
  parameters: number;
  links: ChannelLink[];
}
/**
 * Parameters of kernels between the channels of two groups; `group` is empty for channels that are not pruned.
 */
export interface ChannelLink {
  group: string;
  parameters: number;
}
/**
 * The whole table of one introspector so far; one Arrow IPC stream in the buffers, one row per layer.
 *
 * Of kinds that the page does not draw itself it shows the columns of one number or text per layer, by their names.
 */
export interface Snapshot {
  kind: 'snapshot';
  v: number;
  seq: number;
  run: string;
  introspector: string;
  analysis: string;
  samples: number;
  final: boolean;
}
/**
 * What an analysis of samples found: a sentence, and the first of `rows` rows in one Arrow IPC stream.
 *
 * The columns are for people: their names are headings, their values numbers, truth values or text.
 */
export interface Findings {
  kind: 'findings';
  v: number;
  seq: number;
  run: string;
  introspector: string;
  analysis: string;
  summary: string;
  samples: number;
  rows: number;
  final: boolean;
}
/**
 * What is known of each sample: the columns of a table, whose values are sent when the client asks for them.
 *
 * `version` goes up whenever columns or values change. The most telling samples come first by the column `sort_by`.
 */
export interface Samples {
  kind: 'samples';
  v: number;
  seq: number;
  run: string;
  introspector: string;
  version: number;
  rows: number;
  columns: SampleColumn[];
  sort_by: string | null;
  descending: boolean;
}
/**
 * A column of a table of samples, before its values.
 *
 * `title` is for people and does not name the `response` that the column is about; the `x` and `y` of one response are
 * a projection. `since` is the version of the table that was the first to have these values.
 */
export interface SampleColumn {
  name: string;
  role: 'id' | 'label' | 'media' | 'number' | 'score' | 'set' | 'split' | 'text' | 'x' | 'y';
  type: 'category' | 'float' | 'int' | 'media' | 'text';
  title: string;
  response: string | null;
  since: number;
}
/**
 * The values of `rows` rows of a column from row `start` on, as Arrow IPC streams of at most 4 MiB together.
 *
 * The first stream has the column `value`: numbers (NaN for missing), texts, codes of categories (-1 for missing), or
 * of media 0 where there is something to show and 1 where there is nothing.
 * Categories have a second stream, with the `word` of each code of this chunk.
 */
export interface SampleChunk {
  kind: 'sample_chunk';
  v: number;
  seq: number;
  run: string;
  introspector: string;
  column: string;
  type: 'category' | 'float' | 'int' | 'media' | 'text';
  since: number;
  start: number;
  rows: number;
}
/**
 * Pictures of samples in one sheet, a WebP in the buffer: squares of `edge` pixels, `across` of them in a row.
 *
 * `rows` are the samples in the order of the squares. Of all others that were asked for, `problems` says why not.
 */
export interface Pictures {
  kind: 'pictures';
  v: number;
  seq: number;
  run: string;
  introspector: string;
  column: string;
  edge: number;
  across: number;
  rows: number[];
  problems: NoPicture[];
}
/**
 * Why a sample has no picture, for people; empty where it never had one.
 */
export interface NoPicture {
  row: number;
  why: string;
}
/**
 * What is filtered, selected, grouped and tagged in a table of samples, as Python or another page has set it.
 *
 * `filter` is an expression, empty for none. The buffers are bits of rows, row r as bit r % 8 of byte r / 8: of the
 * selected samples, of the excluded ones, and of those of each of `tags`.
 */
export interface SampleChoice {
  kind: 'sample_choice';
  v: number;
  seq: number;
  run: string;
  introspector: string;
  rows: number;
  filter: string;
  group_by: string[];
  tags: string[];
}
/**
 * What became of `SendToPython`: `samples` ids are in the variable, or it is `taken` by a `type`, or `refused`.
 *
 * `problem` says why it was refused, for people.
 */
export interface SentToPython {
  kind: 'sent_to_python';
  v: number;
  seq: number;
  run: string;
  introspector: string;
  variable: string;
  outcome: 'done' | 'refused' | 'taken';
  samples: number;
  type: string | null;
  problem: string | null;
}
/**
 * The variables that a run may use, in the order of their definition.
 *
 * `taken` are the names among DeepView's own (`run`, `report`, `IUA` and others) that hold something else here, so
 * that code must not bind them.
 */
export interface Namespace {
  kind: 'namespace';
  v: number;
  seq: number;
  sources: Source[];
  taken: string[];
}
/**
 * A variable that a run may use.
 *
 * `model` is a DeepView model and `framework_model` one of Keras or another framework, which `as_model` wraps;
 * `pipeline` and `producer` are data, of our own classes, and `data` is what `as_producer` makes one of;
 * `candidate` can be called with one argument, and only its owner knows whether that makes batches. `type` is for
 * people. `size` counts parameters of models and samples of data. `ends_in_model`: its layers are its own.
 */
export interface Source {
  name: string;
  role: 'candidate' | 'data' | 'framework_model' | 'model' | 'pipeline' | 'producer';
  type: string;
  size: number | null;
  ends_in_model: boolean;
}
/**
 * The layers of the variable that the client inspects, in the order of the network; or why there are none.
 *
 * `usual` names those that a run looks at when none are chosen.
 */
export interface SourceLayers {
  kind: 'source_layers';
  v: number;
  seq: number;
  source: string;
  layers: LayerInfo[];
  usual: string[];
  problem: string | null;
}
/**
 * The layer that the client has open in a run; parts of which nothing is known yet are left out.
 */
export interface LayerDetail {
  kind: 'layer_detail';
  v: number;
  seq: number;
  run: string;
  layer: string;
  parts: DetailPart[];
}
/**
 * What one introspector knows of a layer; the message has an Arrow IPC stream for each part, in their order.
 *
 * The columns are `share` (of `iua`, one row per unit, 1 = dead) or `eigenvalue` and `energy` (of `pfa`, one row per
 * component, largest first; cumulative, NaN without any energy); of other kinds, columns for people.
 */
export interface DetailPart {
  introspector: string;
  analysis: string;
  samples: number;
}
/**
 * Units to keep by the strategy that the client chose; one Arrow IPC stream with `layer` and `keep`.
 */
export interface Recommendation {
  kind: 'recommendation';
  v: number;
  seq: number;
  run: string;
  introspector: string;
  strategy: 'energy' | 'kl' | 'size';
  value: number;
}
/**
 * The client has shown the message of this sequence number and is ready for the next of its kind.
 */
export interface Ack {
  kind: 'ack';
  v: number;
  client: string;
  seq: number;
}
/**
 * Stop a run after its current batch and keep what it has.
 */
export interface Cancel {
  kind: 'cancel';
  v: number;
  client: string;
  run: string;
}
/**
 * Pause a run after its current batch.
 */
export interface Pause {
  kind: 'pause';
  v: number;
  client: string;
  run: string;
}
/**
 * Resume a paused run.
 */
export interface Resume {
  kind: 'resume';
  v: number;
  client: string;
  run: string;
}
/**
 * The client missed something: send everything again.
 */
export interface Resync {
  kind: 'resync';
  v: number;
  client: string;
}
/**
 * Look again at the variables, and at the layers of the one that the client inspects.
 */
export interface Scan {
  kind: 'scan';
  v: number;
  client: string;
}
/**
 * Send the layers of a variable now, and again whenever they change; null: of none.
 */
export interface Inspect {
  kind: 'inspect';
  v: number;
  client: string;
  source: string | null;
}
/**
 * What the client looks at in a run beyond its tables, from now on: one layer or none, and a recipe strategy.
 *
 * `value` is the share (0 to 1) that the strategies `energy` and `size` take. The tables have the numbers of `kl`.
 */
export interface Focus {
  kind: 'focus';
  v: number;
  client: string;
  run: string;
  layer: string | null;
  strategy: 'energy' | 'kl' | 'size';
  value: number;
}
/**
 * Send the next rows of a column of samples, from row `start` on, if its values are still those of `since`.
 */
export interface ReadColumn {
  kind: 'read_column';
  v: number;
  client: string;
  run: string;
  introspector: string;
  column: string;
  since: number;
  start: number;
}
/**
 * Send pictures of some samples of a column of media, fitted into squares of `edge` pixels.
 */
export interface ReadPictures {
  kind: 'read_pictures';
  v: number;
  client: string;
  run: string;
  introspector: string;
  column: string;
  edge: number;
  /**
   * @maxItems 128
   */
  rows: number[];
}
/**
 * What the user filters, selects, groups and tags from now on; null leaves a part as it was.
 *
 * Rows are bits as in `SampleChoice`, in base64; `tags` has all tags.
 */
export interface Choose {
  kind: 'choose';
  v: number;
  client: string;
  run: string;
  introspector: string;
  rows: number;
  selected: string | null;
  excluded: string | null;
  tags: {
    [k: string]: string;
  } | null;
  filter: string | null;
  group_by: string[] | null;
}
/**
 * Bind a variable to the list of ids of the selected samples; one that is taken only with `overwrite`.
 */
export interface SendToPython {
  kind: 'send_to_python';
  v: number;
  client: string;
  run: string;
  introspector: string;
  variable: string;
  overwrite: boolean;
}
/**
 * The last state of a run, as a notebook's output keeps it. Readers must not trust it.
 *
 * `messages` hold the newest of each kind and `buffers` their Arrow IPC streams in base64, in order. `session` and
 * `run` say which live run it is, where there is one. `left_out` names what would have made the output too large.
 */
export interface SavedRun {
  v: number;
  session: string;
  run: string;
  messages: DataMessage[];
  buffers: string[];
  left_out: ('details' | 'layers' | 'tables')[];
}
/**
 * All that a kernel can tell of an ended run. Readers must not trust it.
 *
 * `messages` hold its state, its tables, the details of its layers and its samples, each column in chunks. `places`
 * has, for each message, which `buffers` are its Arrow IPC streams: one may serve several. Buffers are packed with
 * zlib and then in base64; unpacked they have `sizes` bytes. `created` is when this was written, `version` by which
 * DeepView Lab, `contents` what is in it, for people. `code` is what started the run, null where it is left out.
 */
export interface SharedRun {
  v: number;
  run: string;
  created: string;
  version: string;
  contents: string[];
  code: string | null;
  messages: DataMessage[];
  places: number[][];
  sizes: number[];
  buffers: string[];
}
