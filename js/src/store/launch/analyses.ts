import type { Introspection } from '../../protocol/messages';

export type Analysis = Introspection['analysis'];

/** An analysis that a run can be asked for: how Python calls it, and what it looks at. */
export interface Offer {
  readonly analysis: Analysis;
  /** The class in deepview_lab.introspectors. */
  readonly face: string;
  /** Whether it needs one number of each feature map, and so a way to pool. */
  readonly pools: boolean;
  readonly about: 'layers' | 'samples';
}

/** All there are, in the order of the form. */
export const OFFERS: readonly Offer[] = [
  { analysis: 'iua', face: 'IUA', pools: false, about: 'layers' },
  { analysis: 'pfa', face: 'PFA', pools: true, about: 'layers' },
  { analysis: 'familiarity', face: 'Familiarity', pools: true, about: 'samples' },
  { analysis: 'duplicates', face: 'Duplicates', pools: true, about: 'samples' },
  { analysis: 'labels', face: 'LabelProblems', pools: true, about: 'samples' },
  { analysis: 'projection', face: 'DimensionReduction', pools: true, about: 'samples' },
  { analysis: 'report', face: 'DatasetReport', pools: true, about: 'samples' },
];

/** What may speak against a label, in Python's words. */
export const EVIDENCE = ['both', 'neighbours', 'familiarity'] as const;
export type Evidence = (typeof EVIDENCE)[number];

/** What a new panel starts with. */
export const USUAL: ReadonlySet<Analysis> = new Set<Analysis>(['iua', 'pfa']);

export function offersOf(chosen: ReadonlySet<Analysis>): Offer[] {
  return OFFERS.filter(({ analysis }) => chosen.has(analysis));
}

export function isOfLayers(analysis: Analysis): boolean {
  return OFFERS.some(offer => offer.analysis === analysis && offer.about === 'layers');
}
