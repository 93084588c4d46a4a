import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Bitset } from '../../../store/dataset/bitset';
import { type SampleList, rangeOf } from '../../../store/dataset/sampleList';
import type { DatasetView } from '../../../store/dataset/view/datasetView';
import { trans } from '../../../store/shared/trans';
import { Button } from '../../ui/parts';
import { consume, hasModifier } from '../../ui/keys';
import { SampleRow } from './SampleRow';
import { SampleHead } from './SampleHead';
import { type ScaledRows, scrollTopFor, useScaledRows } from './scaledRows';

export const ROW_HEIGHT = 28;
const HEAD_HEIGHT = 28;
const PAGE = 10;

interface Props {
  view: DatasetView;
  /** Shows one sample large. */
  show: (row: number) => void;
}

/** The samples that pass the filters, selected ones first; only the rows in sight are in the document. */
export function SampleTable({ view, show }: Props): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const list = view.list.value;
  const total = list.rows.length;
  const names = view.listed.value.filter(name => view.open.value.has(name));
  const { from, to, top, height } = useScaledRows(scroller, ROW_HEIGHT, HEAD_HEIGHT, total);
  const at = useRef(0);
  const anchor = useRef(0);
  const moving = useRef(false);
  useEffect(() => {
    at.current = anchor.current = 0;
    if (scroller.current !== null) {
      scroller.current.scrollTop = 0;
    }
  }, [view.sort.value]);
  const go = (place: number, extend: boolean) => {
    at.current = Math.min(total - 1, Math.max(0, place));
    if (extend) {
      view.select(
        rangeOf(list, anchor.current, at.current, view.dataset.rows),
        'replace',
        trans.__('select a range'),
        true,
      );
    } else {
      anchor.current = at.current;
    }
    view.current.value = list.rows[at.current] ?? null;
    moving.current = true;
    reveal(scroller.current, at, total, () => {
      moving.current = false;
    });
  };
  return (
    <div ref={scroller} class="dv-Samples" data-testid="dv-samples">
      {total === 0 ? (
        <NoMatch view={view} />
      ) : (
        <div
          class="dv-SampleGrid"
          role="grid"
          aria-label={trans.__('Samples')}
          aria-rowcount={total + 1}
          aria-multiselectable="true"
          style={{ '--dv-columns': names.length }}
          onKeyDown={event => {
            const row = list.rows[at.current];
            if (row !== undefined && onKey(event, at.current, total, go)) {
              consume(event);
            } else if (row !== undefined && !hasModifier(event) && isRow(event.target)) {
              onRowKey(event, row, view, show);
            }
          }}
        >
          <SampleHead view={view} names={names} />
          <Rows {...{ view, names, show, list, from, to, top, height, at, moving, go }} />
        </div>
      )}
    </div>
  );
}

interface RowsProps extends Props, ScaledRows {
  names: readonly string[];
  list: SampleList;
  /** The place that the keyboard is at. */
  at: { current: number };
  /** While the focus follows the keyboard. */
  moving: { readonly current: boolean };
  go: (place: number, extend: boolean) => void;
}

/** The rows in sight, at their height in an element as high as all. */
function Rows(props: RowsProps): JSX.Element {
  const { view, names, show, list, from, to, top, height, at, moving, go } = props;
  const focused = Math.min(Math.max(at.current, from), Math.max(from, to - 1));
  return (
    <div class="dv-SampleRows" role="presentation" style={{ height: `${height}px` }}>
      <div role="presentation" style={{ transform: `translateY(${top}px)` }}>
        {Array.from(list.rows.subarray(from, to), (row, i) => (
          <SampleRow
            key={row}
            view={view}
            names={names}
            row={row}
            index={from + i}
            tabbable={from + i === focused}
            onPoint={go}
            onFocus={place => {
              // Keys may come faster than rows are drawn: the focus then follows later.
              at.current = moving.current ? at.current : place;
            }}
            show={show}
          />
        ))}
      </div>
    </div>
  );
}

function NoMatch({ view }: { view: DatasetView }): JSX.Element {
  return (
    <div class="dv-Middle">
      <p class="dv-muted">{trans.__('No samples match these filters.')}</p>
      <Button
        label={trans.__('Clear the filters')}
        onClick={() => {
          view.clearFilters(trans.__('clear the filters'));
        }}
      />
    </div>
  );
}

function isRow(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.role === 'row';
}

/** Does what a key on a row is for. */
function onRowKey(event: KeyboardEvent, row: number, view: DatasetView, show: (row: number) => void): void {
  if (event.key === ' ') {
    consume(event);
    view.select(Bitset.ofRows(view.dataset.rows, [row]), 'toggle', trans.__('select a sample'), true);
  } else if (event.key === 'Enter') {
    consume(event);
    show(row);
  }
}

/** Moves to another row; tells whether the key does. */
function onKey(
  event: KeyboardEvent,
  at: number,
  total: number,
  go: (place: number, extend: boolean) => void,
): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || !isRow(event.target)) {
    return false;
  }
  const target = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + PAGE,
    PageUp: at - PAGE,
    Home: 0,
    End: total - 1,
  }[event.key];
  if (target === undefined) {
    return false;
  }
  go(target, event.shiftKey);
  return true;
}

/** Scrolls so that the row that the keyboard is at is seen, then gives it the focus once it is drawn. */
function reveal(
  scroller: HTMLElement | null,
  at: { readonly current: number },
  total: number,
  done: () => void,
): void {
  if (scroller === null) {
    return;
  }
  const room = scroller.clientHeight - HEAD_HEIGHT;
  scroller.scrollTop = scrollTopFor(at.current, scroller.scrollTop, room, ROW_HEIGHT, total);
  // One frame until the scroller is followed, one until its rows are drawn.
  requestAnimationFrame(() => {
    requestAnimationFrame(() => {
      const { activeElement } = document;
      if (activeElement === document.body || scroller.contains(activeElement)) {
        scroller.querySelector<HTMLElement>(`[data-place="${at.current}"]`)?.focus({ preventScroll: true });
      }
      done();
    });
  });
}
