import type { AnalysisInfo } from '../../protocol/messages';
import { LABELS, WORDS } from './catalogWords';
import { visiblePart } from './visible';

/** A word of the catalogue in the language of the user; words of a user's own analysis stay as they are. */
export function translated(word: string): string {
  return WORDS.get(word)?.() ?? visiblePart(word);
}

/** What a kind of analysis is called: as the kernel says, as we say where no kernel answers, else its kind. */
export function analysisLabel(kind: string, rows: readonly AnalysisInfo[]): string {
  return translated(rows.find(row => row.kind === kind)?.label ?? LABELS.get(kind) ?? kind);
}
