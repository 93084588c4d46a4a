import type { AnalysisInfo, AnalysisOption } from '../../protocol/messages';
import { isIdentifier } from '../shared/python';

/** An analysis that a run can be asked for: a row of the kernel's catalogue that has a class. */
export interface Offer extends AnalysisInfo {
  readonly face: string;
  readonly module: string;
}

/** What can be asked for, in the order of the catalogue. */
export function offersOf(rows: readonly AnalysisInfo[]): Offer[] {
  return rows.filter(isOffer);
}

function isOffer(row: AnalysisInfo): row is Offer {
  return row.face !== null && row.module !== null && [row.face, ...row.module.split('.')].every(isIdentifier);
}

/** The options of some analyses, each once. */
export function optionsOf(offers: readonly Offer[]): AnalysisOption[] {
  return [...new Map(offers.flatMap(({ options }) => options.map(option => [option.name, option]))).values()];
}
