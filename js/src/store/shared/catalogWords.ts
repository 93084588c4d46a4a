// Generated from protocol/messages.schema.json by `npm run generate`; do not edit.

// The source is deepview_lab/analysis/catalog.py.
import { trans } from './trans';

/** What built-in analyses are called, by kind. */
export const LABELS: ReadonlyMap<string, string> = new Map([
  ['iua', 'Inactive units'],
  ['pfa', 'Principal filters'],
  ['familiarity', 'Familiarity'],
  ['duplicates', 'Duplicates'],
  ['labels', 'Label problems'],
  ['projection', 'Projection'],
  ['report', 'Dataset report'],
]);

/** Words of the catalogue in the language of the user. */
export const WORDS: ReadonlyMap<string, () => string> = new Map([
  ['Inactive units', () => trans.__('Inactive units')],
  ['dead and idle units', () => trans.__('dead and idle units')],
  ['Principal filters', () => trans.__('Principal filters')],
  ['units to keep', () => trans.__('units to keep')],
  ['Pool', () => trans.__('Pool')],
  [
    'How one number is made of each feature map',
    () => trans.__('How one number is made of each feature map'),
  ],
  ['average over positions', () => trans.__('average over positions')],
  ['largest position', () => trans.__('largest position')],
  ['none, vectors only', () => trans.__('none, vectors only')],
  ['Familiarity', () => trans.__('Familiarity')],
  ['rare samples', () => trans.__('rare samples')],
  ['Duplicates', () => trans.__('Duplicates')],
  ['repeated samples', () => trans.__('repeated samples')],
  ['Label problems', () => trans.__('Label problems')],
  ['suspect labels', () => trans.__('suspect labels')],
  ['Labels', () => trans.__('Labels')],
  [
    'What speaks against a label: its neighbours, the most similar samples, have another one, or the sample is more like those of another label',
    () =>
      trans.__(
        'What speaks against a label: its neighbours, the most similar samples, have another one, or the sample is more like those of another label',
      ),
  ],
  ['neighbours and likeness', () => trans.__('neighbours and likeness')],
  ['neighbours only', () => trans.__('neighbours only')],
  ['likeness only', () => trans.__('likeness only')],
  ['Projection', () => trans.__('Projection')],
  ['a map of the samples', () => trans.__('a map of the samples')],
  ['Dataset report', () => trans.__('Dataset report')],
  ['one row per sample', () => trans.__('one row per sample')],
]);
