import { isResumable } from '../../../store/launch/checkpoint';
import { type Link, type RunRecord, isOver } from '../../../store/kernel/state';
import { trans } from '../../../store/shared/trans';
import { count } from './format';
import type { Words } from '../parts';

/** Why a run cannot be followed to its end: in one word, in a sentence, and what to do. */
export interface Loss {
  readonly words: Words;
  readonly what: string;
  /** '' where the text beside it says what to do. */
  readonly todo: string;
}

/** Null for a run that has ended, and while news of it may still come. */
export function lossOf(record: RunRecord, link: Link): Loss | null {
  const { state, lost } = record;
  if (link === 'saved' || link === 'file' || (state !== null && isOver(state.status))) {
    return null;
  }
  const loss = lossBy(link, lost);
  return loss !== null && lost && isResumable(record) ? resumable(loss, link) : loss;
}

function resumable({ words }: Loss, link: Link): Loss {
  return link === 'dead'
    ? {
        words,
        what: trans.__('The kernel has died.'),
        todo: trans.__('Start a kernel, run the cells that define its model and data, then resume it.'),
      }
    : {
        words,
        what: trans.__('The kernel was restarted.'),
        todo: trans.__('Run the cells that define its model and data, then resume it.'),
      };
}

/** What there is of a run that did not come to its end, and where: on disk, on this page only, or in its kernel as well. */
export function keptText(record: RunRecord, link: Link): string {
  const { state } = record;
  if (isResumable(record)) {
    return trans.__('Results up to batch %1 are kept on disk.', count(state?.kept_batches ?? 0));
  }
  const batches = state?.batches ?? 0;
  if (batches === 0) {
    return trans.__('It had not finished a batch.');
  }
  return isGone(record, link)
    ? trans.__(
        'This page keeps the results up to batch %1. A report file would need the kernel or a checkpoint.',
        count(batches),
      )
    : trans.__('Results up to batch %1 are shown here.', count(batches));
}

/** Whether a run has numbers that nothing but this page holds any more: no kernel can save a report of them. */
export function isOnPageOnly(record: RunRecord, link: Link): boolean {
  const { state } = record;
  return state !== null && state.batches > 0 && state.file === null && isGone(record, link);
}

function isGone({ lost }: RunRecord, link: Link): boolean {
  return lost || link === 'dead' || link === 'absent' || link === 'foreign';
}

function lossBy(link: Link, lost: boolean): Loss | null {
  if (link === 'dead') {
    return {
      words: { tone: 'err', icon: 'plug', word: trans.__('Kernel died') },
      what: trans.__('The kernel has died, so this run cannot resume.'),
      todo: trans.__('Start a kernel, run its cells again, then run it again.'),
    };
  }
  if (lost) {
    return {
      words: { tone: 'warn', icon: 'plug', word: trans.__('Kernel restarted') },
      what: trans.__('The kernel was restarted, so this run cannot resume.'),
      todo: trans.__('Run the cells that define its model and data, then run it again.'),
    };
  }
  switch (link) {
    case 'disconnected':
      return {
        words: { tone: 'err', icon: 'plug', word: trans.__('Disconnected') },
        what: trans.__('Kernel disconnected.'),
        todo: '',
      };
    case 'detached':
      return {
        words: { tone: 'off', icon: 'plug', word: trans.__('Notebook closed') },
        what: trans.__('The notebook of this run is closed; the run continues in the kernel.'),
        todo: trans.__('Open the notebook to follow it.'),
      };
    case 'absent':
    case 'foreign':
      return {
        words: { tone: 'err', icon: 'plug', word: trans.__('Disconnected') },
        what: trans.__('The kernel does not know this run any more.'),
        todo: '',
      };
    case 'restarting':
    case 'starting':
    case 'connecting':
    case 'busy':
    case 'live':
    case 'saved':
    case 'file':
      return null;
  }
}
