import type { JSX } from 'preact';
import type { DatasetView } from '../../../store/dataset/view/datasetView';
import { trans } from '../../../store/shared/trans';
import { Facet } from './Facet';
import { TagFacet } from './TagFacet';

/** All columns with their distributions: what is drawn over or clicked filters the other views. */
export function Facets({ view, answering }: { view: DatasetView; answering: boolean }): JSX.Element {
  return (
    <section class="dv-Facets" aria-label={trans.__('Columns')} data-testid="dv-facets">
      <TagFacet view={view} />
      {view.listed.value.map(name => (
        <Facet key={name} view={view} name={name} answering={answering} />
      ))}
    </section>
  );
}
