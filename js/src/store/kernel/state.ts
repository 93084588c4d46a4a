import type { LayerSnapshot } from '../../protocol/decode';
import type { Found } from '../../protocol/findings';
import type { KeepCounts, LayerDetails } from '../../protocol/focus';
import type {
  AnalysisInfo,
  LayerInfo,
  Namespace,
  Origin,
  RunState,
  Samples,
  SourceLayers,
} from '../../protocol/messages';

/** Everything known of one run. */
export interface RunRecord {
  readonly id: string;
  /** Of the kernel that told of it; null where no kernel did, as in a file. */
  readonly session: string | null;
  /** Null until the run's first state came: parts of a run may arrive before it when messages were lost. */
  readonly state: RunState | null;
  /** The code that started it; null where the kernel does not know it. */
  readonly origin: Origin | null;
  readonly layers: readonly LayerInfo[] | null;
  /** The newest snapshot of each introspector by its name. */
  readonly snapshots: ReadonlyMap<string, LayerSnapshot>;
  /** What is known of the layers that were opened, newest of each. */
  readonly details: ReadonlyMap<string, LayerDetails>;
  /** The newest recommendation of each introspector by another strategy than KL. */
  readonly recommendations: ReadonlyMap<string, KeepCounts>;
  /** What each analysis of samples found, by the introspector's name. */
  readonly findings: ReadonlyMap<string, Found>;
  /** The columns of the samples that an analysis knows, by the introspector's name. */
  readonly samples: ReadonlyMap<string, Samples>;
  /** The kernel that made it was restarted or forgot it: what is here will not change any more. */
  readonly lost: boolean;
}

/** Everything the kernel said, reduced. */
export interface State {
  readonly version: string | null;
  readonly session: string | null;
  /** The catalogue of analyses; empty until the kernel told it. */
  readonly analyses: readonly AnalysisInfo[];
  /** Oldest first. */
  readonly runs: ReadonlyMap<string, RunRecord>;
  /** The variables that a run may use; null until the kernel told them. */
  readonly namespace: Namespace | null;
  /** The layers of the variable that was inspected last. */
  readonly sourceLayers: SourceLayers | null;
  /** Sequence number of the last message taken in; -1 before the first. */
  readonly seq: number;
}

export const EMPTY: State = {
  version: null,
  session: null,
  analyses: [],
  runs: new Map(),
  namespace: null,
  sourceLayers: null,
  seq: -1,
};

export type RunStatus = RunState['status'];

/** Whether a run of this status will change no more. */
export function isOver(status: RunStatus): boolean {
  return status === 'done' || status === 'failed' || status === 'cancelled';
}

/** Whether the kernel has yet to make some of an ended run's numbers. */
export function lacksNumbers(record: Pick<RunRecord, 'state' | 'snapshots'> | undefined): boolean {
  return (
    !!record?.state && isOver(record.state.status) && [...record.snapshots.values()].some(told => !told.final)
  );
}

/** Whether a run of this status works, or is about to stop working. */
export function isMoving(status: RunStatus): boolean {
  return status === 'running' || status === 'cancelling';
}

/** How we stand with the kernel. */
export type Link =
  /** The kernel starts, or its connection is being made for the first time. */
  | 'starting'
  /** Asked, not answered yet. */
  | 'connecting'
  /** Not answered, since the kernel is busy with a cell. */
  | 'busy'
  | 'live'
  /** Showing what a notebook file kept. */
  | 'saved'
  /** Showing a file that holds the whole run: it answers what a kernel would. */
  | 'file'
  /** The kernel has not loaded DeepView. */
  | 'absent'
  /** The kernel runs another language than Python. */
  | 'foreign'
  /** The kernel cannot be reached at the moment. */
  | 'disconnected'
  /** The kernel may go on, but its notebook is closed, and with it the connection. */
  | 'detached'
  | 'restarting'
  | 'dead';

/** Whether news of a run may still come by itself. */
export function isExpecting(link: Link): boolean {
  return link === 'live' || link === 'connecting' || link === 'busy' || link === 'starting';
}
