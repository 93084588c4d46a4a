import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Bitset } from '../../../store/dataset/bitset';
import type { Column } from '../../../store/dataset/columns';
import type { DatasetView } from '../../../store/dataset/view/datasetView';
import { setsOf } from '../../../store/dataset/view/sets';
import { trans } from '../../../store/shared/trans';
import { copyText } from '../../ui/browser/clipboard';
import { count, percent } from '../../ui/words/format';
import { consume, hasModifier } from '../../ui/keys';
import { Button } from '../../ui/parts';
import { SampleChips } from './SampleChips';
import { cellText, columnTitle } from '../columnWords';
import { AllMedia } from '../media/Media';
import { idText } from './sampleIds';

interface Props {
  view: DatasetView;
  row: number;
  show: (row: number | null) => void;
}

/** Tables of at most so many values are asked for as a whole. */
const SMALL = 5_000_000;

/** One sample large, with all that is known of it. Previous and next follow the list. */
export function SampleView({ view, row, show }: Props): JSX.Element {
  const dialog = useRef<HTMLDivElement>(null);
  const { dataset } = view;
  const { columns } = dataset;
  const rows = view.list.value.rows;
  const place = rows.indexOf(row);
  const id = idText(view, row);
  const small = dataset.rows * columns.length <= SMALL;
  useEffect(() => {
    if (small) {
      view.need(columns.map(({ name }) => name));
    }
    view.current.value = row;
  }, [view, columns, row, small]);
  useFocusInside(dialog);
  const step = (by: number) => {
    const next = rows[place + by];
    if (next !== undefined) {
      show(next);
    }
  };
  const toggle = () => {
    view.select(Bitset.ofRows(dataset.rows, [row]), 'toggle', trans.__('select a sample'), true);
  };
  return (
    <div class="dv-SampleView-shade">
      <div
        ref={dialog}
        class="dv-SampleView"
        role="dialog"
        aria-modal="true"
        aria-label={trans.__('Sample %1', id)}
        data-testid="dv-sample-view"
        tabIndex={-1}
        onKeyDown={event => {
          if (
            onKey(event, dialog.current, {
              step,
              toggle,
              close: () => {
                show(null);
              },
            })
          ) {
            consume(event);
          }
        }}
      >
        <Head {...{ view, row, place, step, toggle, show }} />
        <div class="dv-PaneScroll">
          <AllMedia view={view} row={row} />
          <dl class="dv-SampleFacts">
            {columns
              .filter(({ role }) => role !== 'media')
              .map(({ name }) => (
                <Fact key={name} view={view} name={name} row={row} />
              ))}
            <div>
              <dt>{trans.__('row')}</dt>
              <dd>{trans.__('%1 of %2', count(row + 1), count(dataset.rows))}</dd>
            </div>
          </dl>
          {!small && (
            <Button
              label={trans.__('Load all %1 columns', count(columns.length))}
              onClick={() => {
                view.need(columns.map(({ name }) => name));
              }}
            />
          )}
          <Duplicates view={view} row={row} show={show} />
        </div>
      </div>
    </div>
  );
}

interface HeadProps extends Props {
  /** In the list; -1 where the filters hide it. */
  place: number;
  step: (by: number) => void;
  toggle: () => void;
}

function Head({ view, row, place, step, toggle, show }: HeadProps): JSX.Element {
  const { length } = view.list.value.rows;
  const id = idText(view, row);
  return (
    <header class="dv-PaneBar">
      <h4 class="dv-ellipsis">{trans.__('id %1', id)}</h4>
      <span class="dv-caption dv-num">
        {place < 0
          ? trans.__('hidden by the filters')
          : trans.__('%1 of %2', count(place + 1), count(length))}
      </span>
      <span class="dv-grow" />
      <Button
        look="plain"
        label={trans.__('Previous')}
        disabled={place <= 0}
        onClick={() => {
          step(-1);
        }}
      />
      <Button
        look="plain"
        label={trans.__('Next')}
        disabled={place < 0 || place + 1 >= length}
        onClick={() => {
          step(1);
        }}
      />
      <Button label={view.selection.has(row) ? trans.__('Deselect') : trans.__('Select')} onClick={toggle} />
      <Button
        icon="copy"
        label={trans.__('Copy id')}
        onClick={() => {
          void copyText(id);
        }}
      />
      <Button
        look="plain"
        bare
        icon="close"
        label={trans.__('Close')}
        onClick={() => {
          show(null);
        }}
      />
    </header>
  );
}

/** A column and its value for the sample; of a score also where that lies among all. */
function Fact({ view, name, row }: { view: DatasetView; name: string; row: number }): JSX.Element {
  const column = view.column(name);
  const role = view.dataset.about(name)?.role;
  return (
    <div>
      <dt class="dv-ellipsis" title={name}>
        {columnTitle(name, view.dataset.columns)}
      </dt>
      <dd dir="auto">
        {column === null ? (
          <span class="dv-muted">{trans.__('not loaded')}</span>
        ) : (
          cellText(column, row) || <span class="dv-muted">{trans.__('missing')}</span>
        )}
        {column !== null && role === 'score' && (
          <span class="dv-caption dv-num"> {rankText(view, column, row)}</span>
        )}
      </dd>
    </div>
  );
}

function rankText(view: DatasetView, column: Column, row: number): string {
  const { rows, valid } = view.orders.of(column);
  const place = rows.subarray(0, valid).indexOf(row);
  if (place < 0) {
    return '';
  }
  const share = (place + 1) / valid;
  return share <= 0.5
    ? trans.__('lowest %1', percent(share))
    : trans.__('highest %1', percent(1 - place / valid));
}

/** The other members of the sets that the sample is in. */
function Duplicates({ view, row, show }: Props): JSX.Element {
  const found = view.dataset.columns
    .filter(({ role }) => role === 'set')
    .flatMap(({ name }) => {
      const column = view.column(name);
      const set = column === null ? undefined : setsOf(column).find(({ rows }) => rows.includes(row));
      return set === undefined ? [] : [{ name, others: set.rows.filter(other => other !== row) }];
    });
  return (
    <>
      {found.map(({ name, others }) => (
        <section key={name} class="dv-WordRow">
          <h4>{columnTitle(name, view.dataset.columns)}</h4>
          <SampleChips view={view} rows={others.subarray(0, 20)} show={show} />
        </section>
      ))}
    </>
  );
}

interface KeyActions {
  readonly step: (by: number) => void;
  readonly toggle: () => void;
  readonly close: () => void;
}

/** Does what a key in the dialog is for; Tab stays inside. */
function onKey(
  event: KeyboardEvent,
  dialog: HTMLElement | null,
  { step, toggle, close }: KeyActions,
): boolean {
  if (hasModifier(event)) {
    return false;
  }
  switch (event.key) {
    case 'Escape':
      close();
      return true;
    case 'ArrowLeft':
      step(-1);
      return true;
    case 'ArrowRight':
      step(1);
      return true;
    case ' ':
      if (event.target instanceof HTMLButtonElement) {
        return false;
      }
      toggle();
      return true;
    case 'Tab':
      return keepsInside(event, dialog);
    default:
      return false;
  }
}

function keepsInside(event: KeyboardEvent, dialog: HTMLElement | null): boolean {
  const stops = [...(dialog?.querySelectorAll<HTMLElement>('button:not(:disabled)') ?? [])];
  const first = stops[0];
  const last = stops.at(-1);
  const { activeElement } = document;
  const leaves = event.shiftKey
    ? activeElement === first || activeElement === dialog
    : activeElement === last;
  if (leaves) {
    (event.shiftKey ? last : first)?.focus();
  }
  return leaves;
}

/** Takes the focus, and gives it back at the end. */
function useFocusInside(dialog: { readonly current: HTMLElement | null }): void {
  useLayoutEffect(() => {
    const before = document.activeElement;
    dialog.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) {
        before.focus();
      }
    };
  }, [dialog]);
}
