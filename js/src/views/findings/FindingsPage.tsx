import type { JSX } from 'preact';
import type { FoundColumn, Found } from '../../protocol/findings';
import type { RunState } from '../../protocol/messages';
import { Icon } from '../../render/icon';
import { trans } from '../../store/trans';
import { More, usePages } from '../common/More';
import { Empty } from '../common/parts';
import { count } from '../format';

export interface FindingsPageProps {
  /** Null before anything was found. */
  readonly found: Found | null;
  readonly state: RunState | null;
  readonly pageSize: number;
}

/** What an analysis of samples found: a sentence and a plain table. */
export function FindingsPage({ found, state, pageSize }: FindingsPageProps): JSX.Element {
  if (found === null) {
    return (
      <div class="dv-Middle">
        <Empty picture={<Icon name="wait" size={30} />} title={trans.__('Nothing found yet')}>
          <p>{waitingFor(state)}</p>
        </Empty>
      </div>
    );
  }
  return <FoundTable found={found} pageSize={pageSize} />;
}

function FoundTable({ found, pageSize }: { found: Found; pageSize: number }): JSX.Element {
  const [first] = found.columns;
  const { shown, ...more } = usePages(first?.values.map((_, row) => row) ?? [], pageSize);
  return (
    <div class="dv-Findings" data-testid="dv-findings" data-introspector={found.introspector}>
      <p class="dv-Findings-summary">
        {found.summary}
        {!found.final && <span class="dv-muted"> {trans.__('More may come.')}</span>}
      </p>
      {found.columns.length > 0 && (
        <table>
          <thead>
            <tr>
              {found.columns.map(column => (
                <th key={column.heading} scope="col" class={alignment(column)}>
                  {column.heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map(row => (
              <tr key={row}>
                {found.columns.map(column => (
                  <td key={column.heading} class={alignment(column)}>
                    {cellText(column.values[row])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
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

function waitingFor(state: RunState | null): string {
  const stage = state?.stage ?? null;
  return stage !== null
    ? `${stage}…`
    : trans.__('This analysis looks at all samples together, so its table comes after the last batch.');
}

function alignment({ values: [first] }: FoundColumn): string | undefined {
  return typeof first === 'number' ? 'dv-right' : undefined;
}

/** 1,234 and −80.25; what is not a number is left empty. */
export function cellText(value: number | string | boolean | undefined): string {
  if (typeof value === 'number') {
    if (Number.isNaN(value)) {
      return '';
    }
    return Number.isInteger(value) ? count(value) : shortNumber(value);
  }
  return typeof value === 'boolean' ? (value ? trans.__('yes') : '') : (value ?? '');
}

function shortNumber(value: number): string {
  const digits = Math.abs(value) >= 1000 || Math.abs(value) < 0.001 ? value.toPrecision(4) : value.toFixed(3);
  return digits.replace('-', '−');
}
