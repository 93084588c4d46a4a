import type { JSX } from 'preact';
import type { PlainDetail } from '../../protocol/focus';
import { analysisLabel } from '../../store/shared/catalog';
import { trans } from '../../store/shared/trans';
import { textsOf } from '../findings/cellText';
import type { Page } from '../run/page';
import { More, usePages } from '../ui/More';
import { count } from '../ui/words/format';

/** What an analysis without a drawing of its own knows of a layer: a row for each unit or component. */
export function PlainSection({ page, detail }: { page: Page; detail: PlainDetail }): JSX.Element {
  const { store } = page;
  const { introspector, analysis, columns } = detail;
  const { shown, ...more } = usePages(
    columns[0]?.values.map((_, row) => row) ?? [],
    store.preferences.value.pageSize,
  );
  const texts = columns.map(({ values }) => textsOf(values));
  const label = analysisLabel(analysis, store.state.value.analyses);
  const title = introspector === analysis ? label : `${label} · ${introspector}`;
  return (
    <section class="dv-DetailPart" aria-label={title}>
      <div class="dv-DetailPart-head">
        <h4>{title}</h4>
      </div>
      <div class="dv-UnitList" tabIndex={0}>
        <table aria-label={title}>
          <thead>
            <tr>
              <th scope="col">{trans.__('Unit')}</th>
              {columns.map(({ heading }) => (
                <th key={heading} scope="col">
                  {heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map(row => (
              <tr key={row}>
                <th scope="row">{count(row)}</th>
                {columns.map(({ heading }, i) => (
                  <td key={heading}>{texts[i]?.[row]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <More {...more} />
    </section>
  );
}
