import type { Analysis } from '../../store/launch/analyses';
import { trans } from '../../store/shared/trans';

/** What an analysis is called. */
export function analysisLabel(analysis: Analysis): string {
  switch (analysis) {
    case 'iua':
      return trans.__('Inactive units');
    case 'pfa':
      return trans.__('Principal filters');
    case 'familiarity':
      return trans.__('Familiarity');
    case 'duplicates':
      return trans.__('Duplicates');
    case 'projection':
      return trans.__('Projection');
    case 'labels':
      return trans.__('Label problems');
    case 'report':
      return trans.__('Dataset report');
  }
}

/** What it tells, in a few words. */
export function analysisHint(analysis: Analysis): string {
  switch (analysis) {
    case 'iua':
      return trans.__('dead and idle units');
    case 'pfa':
      return trans.__('units to keep');
    case 'familiarity':
      return trans.__('rare samples');
    case 'duplicates':
      return trans.__('repeated samples');
    case 'projection':
      return trans.__('a map of the samples');
    case 'labels':
      return trans.__('suspect labels');
    case 'report':
      return trans.__('one row per sample');
  }
}
