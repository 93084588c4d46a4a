import type { RunState } from '../../protocol/messages';
import type { IconName } from '../../render/icon';
import { type Link, type RunRecord, isOver } from '../../store/state';
import { count, duration, plural, rate } from '../format';
import type { Tone } from './parts';

export interface Words {
  readonly tone: Tone;
  readonly icon: IconName | 'pulse';
  readonly word: string;
}

/** A run's state in one word. */
export function runWords(state: RunState): Words {
  switch (state.status) {
    case 'pending':
      return { tone: 'off', icon: 'wait', word: 'Waiting' };
    case 'running':
      return { tone: 'live', icon: 'pulse', word: state.batches === 0 ? 'Starting' : 'Running' };
    case 'paused':
      return { tone: 'warn', icon: 'pause', word: 'Paused' };
    case 'cancelling':
      return { tone: 'warn', icon: 'stop', word: 'Stopping' };
    case 'cancelled':
      return { tone: 'off', icon: 'stop', word: 'Stopped' };
    case 'done':
      return { tone: 'ok', icon: 'ok', word: 'Finished' };
    case 'failed':
      return { tone: 'err', icon: 'err', word: 'Failed' };
  }
}

/** The same for a view of a run, which may have lost its kernel. */
export function viewWords(record: RunRecord, link: Link): Words {
  if (link === 'disconnected' || link === 'absent' || (record.lost && link !== 'saved')) {
    return { tone: 'err', icon: 'plug', word: 'Disconnected' };
  }
  if (link === 'saved') {
    return { tone: 'off', icon: 'report', word: 'Saved' };
  }
  return record.state === null ? { tone: 'off', icon: 'wait', word: 'Waiting' } : runWords(record.state);
}

/** The share of a run that is done, 0..1; null when its end is not known. */
export function shareDone(state: RunState): number | null {
  if (state.status === 'done') {
    return 1;
  }
  const { samples, total_samples, batches, total_batches } = state;
  if (total_samples !== null && total_samples > 0) {
    return Math.min(1, samples / total_samples);
  }
  return total_batches !== null && total_batches > 0 ? Math.min(1, batches / total_batches) : null;
}

/** batch 132 / 194, or batch 132 when the end is not known. */
export function batchText({ batches, total_batches }: RunState): string {
  return total_batches === null
    ? `batch ${count(batches)}`
    : `batch ${count(batches)} / ${count(total_batches)}`;
}

/** 8,448 of 12,400 samples. */
export function sampleText({ samples, total_samples }: RunState): string {
  return total_samples === null
    ? plural(samples, 'sample')
    : `${count(samples)} of ${plural(total_samples, 'sample')}`;
}

export function rateText(state: RunState): string | null {
  return state.rate === null || state.status === 'paused' ? null : `${rate(state.rate)}/s`;
}

export function etaText(state: RunState): string | null {
  return state.eta === null || isOver(state.status) || state.status === 'paused'
    ? null
    : `ETA ${duration(state.eta)}`;
}

/** One sentence for a screen reader. */
export function announcement(state: RunState): string {
  const { word } = runWords(state);
  const end = state.total_batches === null ? '' : ` of ${count(state.total_batches)}`;
  return state.status === 'running' && state.batches > 0
    ? `Batch ${count(state.batches)}${end}`
    : `${state.name}: ${word}, batch ${count(state.batches)}${end}`;
}
