import { type Cells, type LayerRow, type PfaCells, isStable } from './rows';
import { type Link, type RunRecord, isExpecting, isOver } from '../kernel/state';
import { notesOf } from './notes';
import { trans } from '../shared/trans';

/** What a layer is doing, as a word for people. */
export interface LayerState {
  readonly tone: 'live' | 'ok' | 'warn' | 'err' | 'off';
  /** Of those that are off, which. */
  readonly rest?: 'waiting' | 'stopped';
  readonly word: string;
  /** The reasons, in sentences; '' when the word says it all. */
  readonly note: string;
}

/** What a layer is doing; `left` is one that was under way when its kernel was lost. */
export type Condition =
  | 'tiny'
  | 'refused'
  | 'few'
  | 'thin'
  | 'complete'
  | 'stopped'
  | 'left'
  | 'paused'
  | 'waiting'
  | 'stable'
  | 'streaming';

/** Derives the state of a layer from its run and from what its introspectors say. */
export function layerState(row: LayerRow, record: RunRecord, link: Link): LayerState {
  const note = notesOf([...[...row.cells.values()].map(cells => cells.note), stabilityNote(row)]);
  const condition = conditionOf(row, record, isExpecting(link));
  return { ...LOOKS[condition], word: conditionWord(condition, record), note };
}

/** What a layer is doing; `expecting` says whether more may come from the kernel. */
export function conditionOf(row: LayerRow, record: RunRecord, expecting: boolean): Condition {
  for (const cells of row.cells.values()) {
    const trouble = troubleOf(cells, record);
    if (trouble !== null) {
      return trouble;
    }
  }
  return progressOf(row, record, expecting);
}

/** The reason why a layer's principal filters are absent, or null when they are there or still on their way. */
export function absence(cells: PfaCells, record: RunRecord): string | null {
  if (cells.keep !== null) {
    return null;
  }
  switch (cells.state) {
    case 'few':
      return trans._n(
        'needs %2 sample',
        'needs %2 samples',
        cells.needed,
        cells.needed.toLocaleString('en-US'),
      );
    case 'refused':
      return trans.__('refused');
    case 'waiting':
    case 'thin':
    case 'ok':
      return statusOfAbsent(record);
  }
}

function statusOfAbsent({ state }: RunRecord): string {
  if (state !== null && isOver(state.status)) {
    return trans.__('not computed');
  }
  return state?.status === 'paused' ? trans.__('paused') : trans.__('waiting');
}

function stabilityNote(row: LayerRow): string {
  if (isStable(row) !== true) {
    return '';
  }
  const since = Math.max(...[...row.cells.values()].map(cells => cells.stableSince ?? 0));
  return trans.__('Stable since sample %1.', since.toLocaleString('en-US'));
}

const LOOKS: Readonly<Record<Condition, Pick<LayerState, 'tone' | 'rest'>>> = {
  tiny: { tone: 'warn' },
  refused: { tone: 'warn' },
  few: { tone: 'err' },
  thin: { tone: 'warn' },
  complete: { tone: 'ok' },
  stopped: { tone: 'off', rest: 'stopped' },
  left: { tone: 'off' },
  paused: { tone: 'off' },
  waiting: { tone: 'off', rest: 'waiting' },
  stable: { tone: 'ok' },
  streaming: { tone: 'live' },
};

/** The words of the static table (store/staticHtml/run.ts, figures/static_table.py) are the same in English. */
function conditionWord(condition: Condition, { state }: RunRecord): string {
  switch (condition) {
    case 'tiny':
      return trans.__('tiny values');
    case 'refused':
      return trans.__('refused');
    case 'few':
      return trans.__('too few samples');
    case 'thin':
      return trans.__('few samples');
    case 'complete':
      return trans.__('complete');
    case 'stopped':
      return trans.__('stopped');
    case 'left':
      return trans.__('at batch %1', (state?.batches ?? 0).toLocaleString('en-US'));
    case 'paused':
      return trans.__('paused');
    case 'waiting':
      return trans.__('waiting');
    case 'stable':
      return trans.__('stable');
    case 'streaming':
      return trans.__('streaming');
  }
}

function troubleOf(cells: Cells, record: RunRecord): Condition | null {
  if (cells.analysis === 'iua') {
    return cells.dead === null ? 'tiny' : null;
  }
  switch (cells.state) {
    case 'refused':
      return 'refused';
    case 'few':
      return staysBelow(cells.needed, record) ? 'few' : null;
    case 'thin':
      return staysBelow(2 * cells.needed, record) ? 'thin' : null;
    case 'waiting':
    case 'ok':
      return null;
  }
}

/** Whether a run that is over, or whose length is known, never sees so many samples. */
function staysBelow(samples: number, { state }: RunRecord): boolean {
  return state !== null && (isOver(state.status) || (state.total_samples ?? Infinity) < samples);
}

function progressOf(row: LayerRow, record: RunRecord, expecting: boolean): Condition {
  const status = record.state?.status ?? 'pending';
  switch (status) {
    case 'done':
      return 'complete';
    case 'cancelled':
    case 'failed':
      return 'stopped';
    case 'pending':
    case 'running':
    case 'paused':
    case 'cancelling': {
      if (record.lost || !expecting) {
        return 'left';
      }
      if (status === 'paused') {
        return 'paused';
      }
      const heard = [...row.cells.values()].some(cells => cells.samples + cells.nonfinite > 0);
      return heard ? (isStable(row) === true ? 'stable' : 'streaming') : 'waiting';
    }
  }
}
