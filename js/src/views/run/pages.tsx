import type { JSX, RefObject } from 'preact';
import type { AnalysisInfo, Introspection } from '../../protocol/messages';
import type { RunRecord } from '../../store/kernel/state';
import { isOfLayers } from '../../store/layers/columns';
import { analysisLabel } from '../../store/shared/catalog';
import { trans } from '../../store/shared/trans';
import { DatasetPage, tablesOf } from '../dataset/DatasetPage';
import { FindingsPage } from '../findings/FindingsPage';
import { LayersPage } from '../layers/LayersPage';
import type { Page } from './page';

/** What a page of a run is drawn with. */
export interface PageProps {
  readonly page: Page;
  /** The field that `/` goes to. */
  readonly search: RefObject<HTMLInputElement | null>;
  /** Whose page it is, where each introspector has one; else empty. */
  readonly introspector: string;
}

/** A page of a run, as the switch offers it. */
export interface Offered {
  readonly introspector: string;
  readonly title: string;
}

/** A kind of page. */
export interface PageKind {
  readonly id: string;
  /** The pages of this kind that a run has: none if the run is not for it. */
  readonly of: (record: RunRecord, analyses: readonly AnalysisInfo[]) => readonly Offered[];
  readonly Component: (props: PageProps) => JSX.Element;
}

function layersOf(record: RunRecord): readonly Offered[] {
  const known = introspections(record);
  const applies = known.length === 0 || known.some(isOfLayers);
  return applies ? [{ introspector: '', title: trans.__('Layers') }] : [];
}

function datasetOf(record: RunRecord): readonly Offered[] {
  return tablesOf(record).length > 0 ? [{ introspector: '', title: trans.__('Dataset') }] : [];
}

function findingsOf(record: RunRecord, analyses: readonly AnalysisInfo[]): readonly Offered[] {
  return (
    introspections(record)
      .filter(introspection => !isOfLayers(introspection))
      // The first rows of a table are for readers that have no more of it.
      .filter(({ name, analysis }) => analysis !== 'table' || !record.samples.has(name))
      .map(({ name, analysis }) => ({ introspector: name, title: titleOf(name, analysis, analyses) }))
  );
}

/** All kinds of pages, in the order of the switch; the first page of a run is the one that opens. */
export const PAGES: readonly PageKind[] = [
  { id: 'layers', of: layersOf, Component: LayersPage },
  { id: 'dataset', of: datasetOf, Component: DatasetPage },
  { id: 'findings', of: findingsOf, Component: FindingsPage },
];

function introspections({ state }: RunRecord): readonly Introspection[] {
  return state?.introspections ?? [];
}

function titleOf(name: string, analysis: string, analyses: readonly AnalysisInfo[]): string {
  const label = analysisLabel(analysis, analyses);
  return name === analysis ? label : `${label} · ${name}`;
}

/** A page of a run with its kind. */
export interface Shown extends Offered {
  readonly kind: PageKind;
  /** Unique in the run. */
  readonly key: string;
}

/** The pages that a run has. */
export function pagesOf(record: RunRecord, analyses: readonly AnalysisInfo[]): readonly Shown[] {
  return PAGES.flatMap(kind =>
    kind
      .of(record, analyses)
      .map(offered => ({ ...offered, kind, key: `${kind.id} ${offered.introspector}` })),
  );
}
