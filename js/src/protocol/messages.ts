// Generated from protocol/messages.schema.json by `npm run generate`; do not edit.
// The source is deepview_lab/transport/messages.py.

export const PROTOCOL_VERSION = 1;
export const HELLO_TARGET = 'deepview_lab.hello';
export const DATA_TARGET = 'deepview_lab';
export const CONTROL_TARGET = 'deepview_lab.ctl';

export type DataMessage = Hello | RunState | Layers | Snapshot;
export type ControlMessage = Ack | Cancel | Resync;

/**
 * Every definition by its name.
 */
export interface Messages {
  Hello: Hello;
  RunState: RunState;
  Introspection: Introspection;
  RunError: RunError;
  Layers: Layers;
  LayerInfo: LayerInfo;
  Snapshot: Snapshot;
  Ack: Ack;
  Cancel: Cancel;
  Resync: Resync;
  DataMessage: DataMessage;
  ControlMessage: ControlMessage;
}
/**
 * First message on a data comm and answer to a resync: who speaks, and which runs there are (oldest first).
 */
export interface Hello {
  kind: 'hello';
  v: number;
  seq: number;
  version: string;
  session: string;
  runs: string[];
}
/**
 * Everything about a run but its numbers. Times are in seconds, `created` since the epoch; rate in samples/s.
 */
export interface RunState {
  kind: 'run';
  v: number;
  seq: number;
  run: string;
  name: string;
  status: 'cancelled' | 'cancelling' | 'done' | 'failed' | 'pending' | 'running';
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
}
/**
 * One introspector of a run: its name in the run, and the kind of analysis.
 */
export interface Introspection {
  name: string;
  analysis: 'iua' | 'pfa';
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
 */
export interface LayerInfo {
  name: string;
  kind: string;
  type: string;
  shape: (number | null)[];
  units: number | null;
}
/**
 * The whole table of one introspector so far; one Arrow IPC stream in the buffers, one row per layer.
 */
export interface Snapshot {
  kind: 'snapshot';
  v: number;
  seq: number;
  run: string;
  introspector: string;
  analysis: 'iua' | 'pfa';
  samples: number;
  final: boolean;
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
 * The client missed something: send everything again.
 */
export interface Resync {
  kind: 'resync';
  v: number;
  client: string;
}
