import type { RunCode } from './code';
import { pythonText } from '../shared/python';
import { type RunRecord, isOver } from '../kernel/state';

/** Beside the notebook. */
export const CHECKPOINTS = 'deepview-checkpoints';

/** A folder of its own for a run: deepview-checkpoints/train_ds-20261124-083512. */
export function checkpointFolder(data: string, when: Date): string {
  const [day = '', time = ''] = when.toISOString().split(/[T.]/);
  return `${CHECKPOINTS}/${data}-${day.replaceAll('-', '')}-${time.replaceAll(':', '')}`;
}

/** The same run from its beginning: in another folder, where it is kept in one. */
export function anew(code: RunCode, when: Date): RunCode {
  const { checkpoint } = code;
  if (checkpoint === null) {
    return code;
  }
  const fresh = checkpointFolder(checkpoint.slice(CHECKPOINTS.length + 1).replace(/-\d{8}-\d{6}$/, ''), when);
  // A function, since a replacement that is a text has signs of its own.
  const renewed = (text: string) => text.replace(pythonText(checkpoint), () => pythonText(fresh));
  return { ...code, start: renewed(code.start), cell: renewed(code.cell), checkpoint: fresh };
}

/** Whether a run that came to no end is kept on disk, so that the same code goes on with it. */
export function isResumable({ state, lost }: RunRecord): boolean {
  return (
    state !== null &&
    state.checkpoint !== null &&
    (state.kept_batches ?? 0) > 0 &&
    state.status !== 'done' &&
    (lost || isOver(state.status))
  );
}

/** Whether one of the newer runs took up what this one left on disk, so that there is nothing more to resume. */
export function isContinued({ state }: RunRecord, newer: readonly RunRecord[]): boolean {
  const { checkpoint = null, kept_batches: kept } = state ?? {};
  return (
    checkpoint !== null &&
    newer.some(
      ({ state: other }) => other?.checkpoint === checkpoint && other.batches >= Math.max(1, kept ?? 0),
    )
  );
}
