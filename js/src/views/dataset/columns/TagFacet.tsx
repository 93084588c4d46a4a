import type { JSX } from 'preact';
import { tagKey } from '../../../store/dataset/filters';
import { allTags } from '../../../store/dataset/tags';
import type { DatasetView } from '../../../store/dataset/view/datasetView';
import { trans } from '../../../store/shared/trans';
import { ValueBars } from './ValueBars';

/** The tags, as values of a column: a click filters to the samples of one. Nothing where there are none. */
export function TagFacet({ view }: { view: DatasetView }): JSX.Element | null {
  const tags = [...allTags(view.state.tags)];
  if (tags.length === 0) {
    return null;
  }
  const passing = view.passing.value;
  const bars = tags.map(([tag, rows]) => ({
    value: tag,
    word: tag,
    total: rows.count,
    shown: rows.intersection(passing).count,
    colour: null,
  }));
  const { filters } = view.state;
  const chosen = tags.flatMap(([tag]) => {
    const filter = filters.get(tagKey(tag));
    return filter?.type === 'tag' && filter.has ? [tag] : [];
  });
  return (
    <section class="dv-Facet" data-testid="dv-tags">
      <h4 class="dv-Facet-head">{trans.__('Tags')}</h4>
      <ValueBars
        label={trans.__('Tags')}
        bars={bars}
        chosen={chosen.length === 0 ? null : new Set(chosen)}
        toggle={value => {
          const tag = String(value);
          const words = trans.__('filter by the tag %1', tag);
          if (chosen.includes(tag)) {
            view.removeFilter(tagKey(tag), words);
          } else {
            view.setFilter({ type: 'tag', tag, has: true }, words);
          }
        }}
      />
    </section>
  );
}
