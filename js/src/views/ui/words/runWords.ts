import type { RunState } from '../../../protocol/messages';
import { movingRuns, openRuns } from '../../../store/kernel/runChoice';
import { type Link, type RunRecord, isOver } from '../../../store/kernel/state';
import { trans } from '../../../store/shared/trans';
import { count, duration, percent, rate } from './format';
import { samples as samplesText } from './amounts';
import { lossOf } from './loss';
import type { Words } from '../parts';

/** A run's state in one word. */
export function runWords(state: RunState): Words {
  if (state.file !== null) {
    return { tone: 'off', icon: 'report', word: trans.__('Saved') };
  }
  switch (state.status) {
    case 'pending':
      return { tone: 'off', icon: 'wait', word: trans.__('Waiting') };
    case 'running':
      return {
        tone: 'live',
        icon: 'pulse',
        word: state.batches === 0 ? trans.__('Starting') : trans.__('Running'),
      };
    case 'paused':
      return { tone: 'warn', icon: 'pause', word: trans.__('Paused') };
    case 'cancelling':
      return { tone: 'warn', icon: 'stop', word: trans.__('Stopping') };
    case 'cancelled':
      return { tone: 'off', icon: 'stop', word: trans.__('Stopped') };
    case 'done':
      return { tone: 'ok', icon: 'ok', word: trans.__('Finished') };
    case 'failed':
      return { tone: 'err', icon: 'err', word: trans.__('Failed') };
  }
}

/** The same for a view of a run, which may have lost its kernel. */
export function viewWords(record: RunRecord, link: Link): Words {
  const loss = lossOf(record, link);
  if (loss !== null) {
    return loss.words;
  }
  if (link === 'saved' || link === 'file') {
    return { tone: 'off', icon: 'report', word: trans.__('Saved') };
  }
  return record.state === null
    ? { tone: 'off', icon: 'wait', word: trans.__('Waiting') }
    : runWords(record.state);
}

/** The share of a run that is done, 0..1; null when its end is not known. */
export function shareDone(state: RunState): number | null {
  if (state.status === 'done') {
    return 1;
  }
  if (state.status === 'pending') {
    return 0;
  }
  if (state.stage !== null) {
    return state.stage_done;
  }
  const { samples, total_samples, batches, total_batches } = state;
  if (total_samples !== null && total_samples > 0) {
    return Math.min(1, samples / total_samples);
  }
  return total_batches !== null && total_batches > 0 ? Math.min(1, batches / total_batches) : null;
}

/** batch 132 / 194, or batch 132 when the end is not known; behind the last batch the stage, Fitting mixtures 40%. */
export function batchText({ batches, total_batches, stage, stage_done }: RunState): string {
  if (stage !== null) {
    return stage_done === null ? stage : `${stage} ${percent(stage_done)}`;
  }
  return total_batches === null
    ? trans.__('batch %1', count(batches))
    : trans.__('batch %1 / %2', count(batches), count(total_batches));
}

/** 8,448 of 12,400 samples. */
export function sampleText({ samples, total_samples }: RunState): string {
  return total_samples === null
    ? samplesText(samples)
    : trans.__('%1 of %2', count(samples), samplesText(total_samples));
}

/** How far a run was when its notebook was saved: not translated, as all that the file holds for other programs. */
export function savedWords({ status, samples, total_samples }: RunState): string {
  const total = total_samples === null ? '' : ` of ${count(total_samples)}`;
  return `${isOver(status) ? status : `saved while ${status}`}, ${count(samples)}${total} samples`;
}

export function rateText(state: RunState): string | null {
  return state.rate === null || state.status === 'paused' || state.stage !== null
    ? null
    : `${rate(state.rate)}/s`;
}

export function etaText(state: RunState): string | null {
  return state.eta === null || isOver(state.status) || state.status === 'paused' || state.stage !== null
    ? null
    : trans.__('ETA %1', duration(state.eta));
}

/** How many runs work, or else wait or rest; null where all have ended. */
export function openText(runs: readonly RunRecord[]): string | null {
  const moving = movingRuns(runs);
  const open = openRuns(runs);
  return moving > 0
    ? trans.__('%1 running', count(moving))
    : open > 0
      ? trans.__('%1 waiting', count(open))
      : null;
}

/** One sentence for a screen reader. */
export function announcement(state: RunState): string {
  const { word } = runWords(state);
  const { batches, total_batches, stage } = state;
  if (stage !== null && state.status === 'running') {
    return batchText(state);
  }
  const progress =
    total_batches === null
      ? trans.__('Batch %1', count(batches))
      : trans.__('Batch %1 of %2', count(batches), count(total_batches));
  return state.status === 'running' && batches > 0
    ? progress
    : trans.__('%1: %2. %3', state.name, word, progress);
}
