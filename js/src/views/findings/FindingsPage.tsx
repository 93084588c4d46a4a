import type { JSX } from 'preact';
import type { Found, FoundColumn } from '../../protocol/findings';
import type { AnalysisInfo } from '../../protocol/messages';
import { Icon } from '../../render/icon';
import { type RunRecord, isOver } from '../../store/kernel/state';
import { analysisLabel } from '../../store/shared/catalog';
import { trans } from '../../store/shared/trans';
import type { Page } from '../run/page';
import { More, usePages } from '../ui/More';
import { Empty } from '../ui/parts';
import { count } from '../ui/words/format';
import { textsOf } from './cellText';

interface FindingsPageProps {
  readonly page: Page;
  readonly introspector: string;
}

/** What an analysis found that has no drawing of its own: a sentence and a plain table. */
export function FindingsPage({ page: { record, store }, introspector }: FindingsPageProps): JSX.Element {
  const found = record.findings.get(introspector);
  const rows = store.state.value.analyses;
  if (found === undefined) {
    const [title, text] = absence(introspector, record, rows);
    return (
      <div class="dv-Middle">
        <Empty picture={<Icon name="wait" size={30} />} title={title}>
          <p>{text}</p>
        </Empty>
      </div>
    );
  }
  return (
    <FoundTable
      found={found}
      name={analysisLabel(found.analysis, rows)}
      pageSize={store.preferences.value.pageSize}
    />
  );
}

function FoundTable({
  found,
  name,
  pageSize,
}: {
  found: Found;
  name: string;
  pageSize: number;
}): JSX.Element {
  const [first] = found.columns;
  const { shown, ...more } = usePages(first?.values.map((_, row) => row) ?? [], pageSize);
  return (
    <div
      class="dv-Findings"
      data-testid="dv-findings"
      data-introspector={found.introspector}
      role="region"
      aria-label={name}
      tabIndex={0}
    >
      {(found.summary !== '' || !found.final) && (
        <p class="dv-Findings-summary">
          {found.summary}
          {!found.final && <span class="dv-muted"> {trans.__('Not complete yet.')}</span>}
        </p>
      )}
      {found.columns.length > 0 && (
        <table aria-label={name} aria-rowcount={found.rows + 1}>
          <thead>
            <tr aria-rowindex={1}>
              {found.columns.map(column => (
                <th key={column.heading} scope="col" class={alignment(column)}>
                  {column.heading}
                </th>
              ))}
            </tr>
          </thead>
          <Rows found={found} shown={shown} />
        </table>
      )}
      <More {...more} />
      {more.rest === 0 && found.rows > shown.length && (
        <p class="dv-caption">
          {trans.__(
            'The first %1 of %2 rows. All are in the result.',
            count(shown.length),
            count(found.rows),
          )}
        </p>
      )}
    </div>
  );
}

/** The first column names a row. */
function Rows({ found, shown }: { found: Found; shown: readonly number[] }): JSX.Element {
  const { columns } = found;
  const texts = columns.map(column => textsOf(isOfSets(found, column) ? withoutNone(column) : column.values));
  return (
    <tbody>
      {shown.map(row => (
        <tr key={row} aria-rowindex={row + 2}>
          {columns.map((column, i) => {
            const Tag = i === 0 ? 'th' : 'td';
            const text = texts[i]?.[row] ?? '';
            return (
              <Tag
                key={column.heading}
                scope={i === 0 ? 'row' : undefined}
                class={alignment(column)}
                title={text.length > LONG ? text : undefined}
              >
                {text}
              </Tag>
            );
          })}
        </tr>
      ))}
    </tbody>
  );
}

/** Whether a column of a report holds the numbers of sets of duplicates; labels come as text. */
function isOfSets({ analysis }: Found, { heading }: FoundColumn): boolean {
  return analysis === 'report' && heading.startsWith('duplicates_');
}

/** Python says -1 of what is in no set; here that is left empty. */
function withoutNone({ values }: FoundColumn): FoundColumn['values'] {
  return values.map(value => (value === -1 ? NaN : value));
}

/** Characters from which on a cell may be cut. */
const LONG = 40;

/** Why there is no table, as a title and a sentence. */
function absence(
  introspector: string,
  { state, lost }: RunRecord,
  rows: readonly AnalysisInfo[],
): [string, string] {
  if (lost || (state !== null && isOver(state.status))) {
    const failed = state?.errors.some(error => error.introspector === introspector) === true;
    return [
      trans.__('No result'),
      failed
        ? trans.__('This analysis was skipped. The message above says why.')
        : trans.__('The run ended before this analysis had a table.'),
    ];
  }
  const stage = state?.stage ?? null;
  const kind = state?.introspections.find(({ name }) => name === introspector)?.analysis;
  const isOfSamples = rows.find(row => row.kind === kind)?.about !== 'layers';
  return [
    trans.__('Nothing found yet'),
    stage !== null
      ? `${stage}…`
      : isOfSamples
        ? trans.__('This analysis looks at all samples together, so its table comes after the last batch.')
        : trans.__('Waiting for the first batch.'),
  ];
}

function alignment({ values: [first] }: FoundColumn): string | undefined {
  return typeof first === 'number' ? 'dv-right' : undefined;
}
