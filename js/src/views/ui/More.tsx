import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { trans } from '../../store/shared/trans';
import { count } from './words/format';

interface Page<T> {
  readonly shown: readonly T[];
  /** How many are not shown. */
  readonly rest: number;
  readonly showMore: () => void;
}

/** The first rows of a list, a page at a time. */
export function usePages<T>(rows: readonly T[], pageSize: number): Page<T> {
  const pages = useSignal(1);
  const end = pages.value * pageSize;
  return {
    shown: rows.slice(0, end),
    rest: Math.max(0, rows.length - end),
    showMore: () => {
      pages.value++;
    },
  };
}

/** The way to the rows that a page leaves out. */
export function More({ rest, showMore }: Omit<Page<unknown>, 'shown'>): JSX.Element | null {
  return rest === 0 ? null : (
    <button type="button" class="dv-Link dv-More dv-caption" data-testid="dv-more" onClick={showMore}>
      {trans._n('Show more (%2 left)', 'Show more (%2 left)', rest, count(rest))}
    </button>
  );
}
