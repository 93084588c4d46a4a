import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { Icon } from '../../../render/icon';
import type { Bins } from '../../../store/dataset/bins';
import type { Column } from '../../../store/dataset/columns';
import { type Filter, columnKey } from '../../../store/dataset/filters';
import { colouredCategories } from '../../../store/dataset/view/categories';
import type { DatasetView } from '../../../store/dataset/view/datasetView';
import { trans } from '../../../store/shared/trans';
import { numberText } from '../../findings/cellText';
import { BrushHistogram } from './BrushHistogram';
import { ValueBars } from './ValueBars';
import { brushOf, rangeOf } from './brush';
import { columnTitle, decimalsOf } from '../columnWords';
import { inSet, outsideSets, toggledValue, valueBars } from './facetValues';

interface Props {
  view: DatasetView;
  name: string;
  /** Whether values can still be asked for. */
  answering: boolean;
}

/** One column: its name, and below it, if it is open, how the samples are distributed. */
export function Facet({ view, name, answering }: Props): JSX.Element {
  const title = columnTitle(name, view.dataset.columns);
  const isOpen = view.open.value.has(name);
  const column = view.column(name);
  return (
    <section class="dv-Facet" data-column={name}>
      <button
        type="button"
        class="dv-Facet-head"
        aria-expanded={isOpen}
        title={title}
        onClick={() => {
          view.setOpen(name, !isOpen);
        }}
      >
        <Icon name={isOpen ? 'up' : 'chevron'} size={12} />
        <span class="dv-ellipsis">{title}</span>
      </button>
      {isOpen &&
        (column === null ? (
          <p class="dv-Facet-wait dv-caption">
            {answering ? trans.__('Loading…') : trans.__('Not loaded, and the kernel does not answer.')}
          </p>
        ) : (
          <Distribution view={view} name={name} title={title} column={column} />
        ))}
    </section>
  );
}

function Distribution(props: {
  view: DatasetView;
  name: string;
  title: string;
  column: Column;
}): JSX.Element | null {
  const { view, name, title, column } = props;
  const bins = view.bins(name);
  const totals = view.crossfilter.totals(name);
  const counts = view.crossfilter.counts(name);
  if (bins === null || totals === null || counts === null) {
    return column.kind === 'text' ? (
      <p class="dv-Facet-wait dv-caption">{trans.__('Text, shown in the table of samples.')}</p>
    ) : null;
  }
  const filter = view.state.filters.get(columnKey(name)) ?? null;
  if ((column.kind === 'float' || column.kind === 'int') && column.role !== 'set') {
    return (
      <NumberFacet
        {...{ view, name, title, column, bins, totals, counts }}
        filter={filter?.type === 'range' ? filter : null}
      />
    );
  }
  return <ValueFacet {...{ view, name, title, column, totals, counts, filter }} />;
}

interface Counted {
  view: DatasetView;
  name: string;
  title: string;
  column: Column;
  totals: Int32Array;
  counts: Int32Array;
}

function NumberFacet(
  props: Counted & { bins: Bins; filter: Extract<Filter, { type: 'range' }> | null },
): JSX.Element {
  const { view, name, title, column, bins, filter, totals } = props;
  const decimals = decimalsOf(column);
  const textOf = (value: number) => numberText(value, decimals);
  const missing = totals[bins.size] ?? 0;
  return (
    <>
      <BrushHistogram
        {...props}
        name={title}
        brush={brushOf(bins, filter)}
        textOf={textOf}
        onBrush={(brush, gesture) => {
          const range = brush === null ? null : rangeOf(name, bins, brush);
          const words = trans.__('filter by %1', title);
          if (range?.low === filter?.low && range?.high === filter?.high) {
            return; // the pointer went nowhere
          }
          if (range === null) {
            view.removeFilter(columnKey(name), words, gesture);
          } else {
            view.setFilter(range, words, gesture);
          }
        }}
      />
      <p class="dv-Facet-ends dv-caption dv-num">
        <span>{textOf(bins.low)}</span>
        {missing > 0 && <span>{trans.__('%1 missing', missing)}</span>}
        <span>{textOf(bins.high)}</span>
      </p>
    </>
  );
}

function ValueFacet(props: Counted & { filter: Filter | null }): JSX.Element {
  const { view, name, title, column, totals, counts, filter } = props;
  const colours = useMemo(
    () => (column.kind === 'category' ? colouredCategories(column).categories : []),
    [column],
  );
  const isColour = view.colourBy.value === name;
  const bars = valueBars(column, totals, counts, isColour ? colours : []);
  const words = trans.__('filter by %1', title);
  const key = columnKey(name);
  return (
    <ValueBars
      label={title}
      bars={bars}
      chosen={chosenOf(filter)}
      toggle={value => {
        const next =
          column.role === 'set'
            ? value === true
              ? inSet(name)
              : outsideSets(name)
            : toggledValue(name, filter, value);
        if (next === null || (column.role === 'set' && filter !== null && filter.type === next.type)) {
          view.removeFilter(key, words);
        } else {
          view.setFilter(next, words);
        }
      }}
    />
  );
}

function chosenOf(filter: Filter | null): ReadonlySet<string | boolean | null> | null {
  switch (filter?.type) {
    case 'range':
      return new Set([true]);
    case 'values':
      return new Set(filter.values);
    default:
      return null;
  }
}
