import type { ReportFile } from '../../../store/files/reports';
import { trans } from '../../../store/shared/trans';
import { count } from '../../ui/words/format';

/** Bytes as 812 B, 6.5 KB, 31 MB. */
export function fileSize(bytes: number): string {
  const units = ['KB', 'MB', 'GB', 'TB'];
  let scaled = bytes;
  let unit = 'B';
  for (const next of units) {
    if (scaled < 1000) {
      break;
    }
    scaled /= 1000;
    unit = next;
  }
  return `${unit === 'B' || scaled >= 9.95 ? count(scaled) : scaled.toFixed(1)} ${unit}`;
}

const TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const DATE = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

/** When a file was changed, as short as can be: 14:02 today, 18 Nov this year, 18 Nov 2025 before. */
export function shortTime(modified: string, now: Date): string {
  const when = new Date(modified);
  if (Number.isNaN(when.getTime())) {
    return '';
  }
  if (DATE.format(when) === DATE.format(now)) {
    return TIME.format(when);
  }
  return when.getFullYear() === now.getFullYear() ? DAY.format(when) : DATE.format(when);
}

export function folderName(folder: string): string {
  return folder === '' ? '/' : folder;
}

/** deepview/audit.dvreport, 6.5 KB, changed 18 Nov 2026 14:02. */
export function longText({ path, modified, size }: ReportFile): string {
  const when = new Date(modified);
  const time = Number.isNaN(when.getTime())
    ? []
    : [trans.__('changed %1', `${DATE.format(when)} ${TIME.format(when)}`)];
  return [path, ...(size === null ? [] : [fileSize(size)]), ...time].join(', ');
}
