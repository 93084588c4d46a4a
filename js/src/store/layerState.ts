import type { LayerRow, PfaCells } from './rows';
import { type Link, type RunRecord, isOver } from './state';

/** What a layer is doing, as a word for people. */
export interface LayerState {
  readonly tone: 'live' | 'ok' | 'warn' | 'err' | 'off';
  readonly word: string;
  /** The reasons, in sentences; '' when the word says it all. */
  readonly note: string;
}

/** Derives the state of a layer from its run and from what its introspectors say. */
export function layerState(row: LayerRow, record: RunRecord, link: Link): LayerState {
  const note = [...new Set([...row.cells.values()].map(cells => cells.note))]
    .filter(text => text !== '')
    .join(' ');
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
      return `needs ${cells.needed.toLocaleString('en-US')} samples`;
    case 'refused':
      return 'refused';
    case 'waiting':
    case 'thin':
    case 'ok':
      return record.state !== null && isOver(record.state.status) ? 'not computed' : 'waiting';
  }
}

type Words = Omit<LayerState, 'note'>;

function troubleOf(row: LayerRow, record: RunRecord): Words | null {
  for (const cells of row.cells.values()) {
    if (cells.analysis !== 'pfa') {
      continue;
    }
    if (cells.state === 'refused') {
      return { tone: 'warn', word: 'refused' };
    }
    if (cells.state === 'few' && staysBelow(cells.needed, record)) {
      return { tone: 'err', word: 'too few samples' };
    }
    if (cells.state === 'thin' && staysBelow(2 * cells.needed, record)) {
      return { tone: 'warn', word: 'few samples' };
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
      return { tone: 'ok', word: 'complete' };
    case 'cancelled':
    case 'failed':
      return { tone: 'off', word: 'stopped' };
    case 'pending':
    case 'running':
    case 'paused':
    case 'cancelling': {
      const batches = record.state?.batches ?? 0;
      if (record.lost || (link !== 'live' && link !== 'connecting')) {
        return { tone: 'off', word: `at batch ${batches.toLocaleString('en-US')}` };
      }
      if (status === 'paused') {
        return { tone: 'off', word: 'paused' };
      }
      const heard = [...row.cells.values()].some(cells => cells.samples + cells.nonfinite > 0);
      return heard ? { tone: 'live', word: 'streaming' } : { tone: 'off', word: 'waiting' };
    }
  }
}
