import { type LayerRow, type PfaCells, isStable } from './rows';
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

/** Derives the state of a layer from its run and from what its introspectors say. */
export function layerState(row: LayerRow, record: RunRecord, link: Link): LayerState {
  const note = notesOf([...[...row.cells.values()].map(cells => cells.note), stabilityNote(row)]);
  const trouble = troubleOf(row, record);
  if (trouble !== null) {
    return { ...trouble, note };
  }
  return { ...progressOf(row, record, link), note };
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
      return record.state !== null && isOver(record.state.status)
        ? trans.__('not computed')
        : trans.__('waiting');
  }
}

function stabilityNote(row: LayerRow): string {
  if (isStable(row) !== true) {
    return '';
  }
  const since = Math.max(...[...row.cells.values()].map(cells => cells.stableSince ?? 0));
  return trans.__('Stable since sample %1.', since.toLocaleString('en-US'));
}

type Words = Omit<LayerState, 'note'>;

function troubleOf(row: LayerRow, record: RunRecord): Words | null {
  for (const cells of row.cells.values()) {
    if (cells.analysis === 'iua') {
      if (cells.dead === null) {
        return { tone: 'warn', word: trans.__('tiny values') };
      }
      continue;
    }
    if (cells.state === 'refused') {
      return { tone: 'warn', word: trans.__('refused') };
    }
    if (cells.state === 'few' && staysBelow(cells.needed, record)) {
      return { tone: 'err', word: trans.__('too few samples') };
    }
    if (cells.state === 'thin' && staysBelow(2 * cells.needed, record)) {
      return { tone: 'warn', word: trans.__('few samples') };
    }
  }
  return null;
}

/** Whether a run that is over, or whose length is known, never sees so many samples. */
function staysBelow(samples: number, { state }: RunRecord): boolean {
  return state !== null && (isOver(state.status) || (state.total_samples ?? Infinity) < samples);
}

function progressOf(row: LayerRow, record: RunRecord, link: Link): Words {
  const status = record.state?.status ?? 'pending';
  switch (status) {
    case 'done':
      return { tone: 'ok', word: trans.__('complete') };
    case 'cancelled':
    case 'failed':
      return { tone: 'off', rest: 'stopped', word: trans.__('stopped') };
    case 'pending':
    case 'running':
    case 'paused':
    case 'cancelling': {
      const batches = record.state?.batches ?? 0;
      if (record.lost || !isExpecting(link)) {
        return { tone: 'off', word: trans.__('at batch %1', batches.toLocaleString('en-US')) };
      }
      if (status === 'paused') {
        return { tone: 'off', word: trans.__('paused') };
      }
      const heard = [...row.cells.values()].some(cells => cells.samples + cells.nonfinite > 0);
      if (!heard) {
        return { tone: 'off', rest: 'waiting', word: trans.__('waiting') };
      }
      return isStable(row) === true
        ? { tone: 'ok', word: trans.__('stable') }
        : { tone: 'live', word: trans.__('streaming') };
    }
  }
}
