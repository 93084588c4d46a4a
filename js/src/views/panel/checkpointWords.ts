import type { RunState } from '../../protocol/messages';
import type { CheckpointSize } from '../../store/launch/checkpointSize';
import { trans } from '../../store/shared/trans';
import { count } from '../ui/words/format';
import { fileSize, shortTime } from './files/reportWords';

/** About 280 MB, at least 280 MB; empty when nothing is known. */
export function sizeText(size: CheckpointSize | null, samples: number | null): string {
  if (size === null) {
    return '';
  }
  const { fixed, perSample, atLeast } = size;
  if (samples !== null || perSample === 0) {
    const total = rounded(fixed + perSample * (samples ?? 0));
    return atLeast ? trans.__('at least %1', total) : trans.__('about %1', total);
  }
  return trans.__('about %1, and %2 per 1,000 samples', rounded(fixed), rounded(1000 * perSample));
}

/** On disk: batch 44 / 73 · 282 MB · 14:02. */
export function onDiskText(state: RunState, now: Date): string {
  const { kept_batches: kept, kept_bytes: bytes, kept_at: when, total_batches: total } = state;
  if (kept === null) {
    return trans.__('Nothing is on disk yet');
  }
  const parts = [
    total === null
      ? trans.__('On disk: batch %1', count(kept))
      : trans.__('On disk: batch %1 / %2', count(kept), count(total)),
    bytes === null ? '' : fileSize(bytes),
    when === null ? '' : shortTime(new Date(1000 * when).toISOString(), now),
  ];
  return parts.filter(part => part !== '').join(' · ');
}

/** Two digits are enough for an estimate. */
function rounded(bytes: number): string {
  return fileSize(Number(bytes.toPrecision(2)));
}
