import { useComputed, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { rowsOfCategories } from '../../../render/scatter/points/bitset';
import { Bitset } from '../../../store/dataset/bitset';
import type { Projection } from '../../../store/dataset/view/projections';
import type { DatasetView } from '../../../store/dataset/view/datasetView';
import { trans } from '../../../store/shared/trans';
import { count } from '../../ui/words/format';
import { consume, hasModifier } from '../../ui/keys';
import { CentroidLabels } from './CentroidLabels';
import { HoverCard, type Hovered } from './HoverCard';
import { Legend } from './Legend';
import { MapBar } from './MapBar';
import { columnTitle } from '../columnWords';
import { MapPointer, type Tool, modeOf } from './mapPointer';
import { colouringOf } from './mapStyle';
import { type Scatter, useMasks, usePoints, useScatter } from './useScatter';

interface Props {
  view: DatasetView;
  projection: Projection;
  /** In a notebook output the wheel scrolls the notebook, unless the map has the focus. */
  inline: boolean;
}

/** All samples by their coordinates: pan, zoom, lasso, colours. */
export function ProjectionMap({ view, projection, inline }: Props): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const tool = useSignal<Tool>('lasso');
  const hovered = useSignal<Hovered | null>(null);
  const scatter = useScatter(host);
  const x = view.column(projection.x);
  const y = view.column(projection.y);
  const colourBy = view.colourBy.value;
  const colourColumn = view.column(colourBy);
  const colouring = useMemo(() => colouringOf(colourColumn), [colourColumn]);
  const pinned = useSignal<ReadonlySet<number>>(new Set());
  const pointed = useSignal<number | null>(null);
  usePoints(scatter, x, y, colouring);
  useEffect(() => {
    pinned.value = new Set();
  }, [colouring, pinned]);
  const isolated = useMemo(() => {
    const colours = pointed.value === null ? pinned.value : [pointed.value];
    return colouring.kind === 'categories' && [...colours].length > 0
      ? rowsOfCategories(colouring.found.colours, colours)
      : null;
  }, [colouring, pinned.value, pointed.value]);
  useMasks(scatter, { ...useRows(view), isolated });
  usePointer(host, scatter, view, { tool: () => tool.peek(), hovered, inline });
  const title = colourBy === null ? '' : columnTitle(colourBy, view.dataset.columns);
  return (
    <section class="dv-Map" aria-label={trans.__('Projection')} data-testid="dv-map">
      <MapBar view={view} tool={tool} plot={scatter.plot} />
      <div class="dv-Map-body">
        <div
          ref={host}
          class={`dv-Map-plot ${tool.value}`}
          data-testid="dv-map-plot"
          data-painter={scatter.plot?.painter}
          role="application"
          aria-roledescription={trans.__('map of samples')}
          aria-label={trans.__(
            '%1 samples. Arrows move the view, plus and minus zoom, F fits, Enter selects what is in view.',
            count(view.passing.value.count),
          )}
          tabIndex={0}
          onKeyDown={event => {
            onKey(event, scatter, view, tool);
          }}
        />
        {scatter.plot !== null && x !== null && y !== null && colouring.kind === 'categories' && (
          <CentroidLabels plot={scatter.plot} x={x} y={y} found={colouring.found} />
        )}
        {(x === null || y === null) && <p class="dv-Map-wait dv-muted">{trans.__('Loading…')}</p>}
        <Legend
          title={title}
          colouring={colouring}
          pinned={pinned.value}
          pin={colours => {
            pinned.value = colours;
          }}
          hover={colour => {
            pointed.value = colour;
          }}
          filterTo={word => {
            if (colourBy !== null) {
              view.setFilter(
                { type: 'values', column: colourBy, values: [word] },
                trans.__('filter by %1', title),
              );
            }
          }}
        />
        <p class="dv-Map-hint dv-caption">{hintOf(view, tool.value)}</p>
        <HoverCard view={view} hovered={hovered} />
      </div>
    </section>
  );
}

function hintOf(view: DatasetView, tool: Tool): string {
  const selected = view.selection.count;
  if (selected > 0) {
    return trans.__('%1 selected, others grey', count(selected));
  }
  switch (tool) {
    case 'lasso':
      return trans.__('Drag to lasso; Shift adds, Alt removes');
    case 'rectangle':
      return trans.__('Drag a rectangle; Shift adds, Alt removes');
    case 'pan':
      return trans.__('Drag to move, scroll to zoom');
  }
}

/** The rows that are drawn, and those in colour; null where that is all. */
function useRows(view: DatasetView) {
  const shown = useComputed(() => {
    const { value: passing } = view.passing;
    return passing.count === view.dataset.rows ? null : passing.words;
  });
  const selected = useComputed(() => (view.selection.isEmpty ? null : view.selection.words));
  return { shown: shown.value, selected: selected.value };
}

interface Pointing {
  readonly tool: () => Tool;
  readonly hovered: { value: Hovered | null };
  readonly inline: boolean;
}

function usePointer(
  host: { readonly current: HTMLElement | null },
  { plot }: Scatter,
  view: DatasetView,
  { tool, hovered, inline }: Pointing,
): void {
  useEffect(() => {
    const element = host.current;
    if (element === null || plot === null) {
      return;
    }
    const pointer = new MapPointer(element, plot, view.dataset.rows, {
      tool,
      select: (rows, mode) => {
        view.select(rows, mode, trans.__('select on the map'));
      },
      hover: (row, atX, atY) => {
        plot.setHover(row ?? view.current.peek());
        const right = atX > element.clientWidth / 2;
        const below = atY > element.clientHeight / 2;
        hovered.value = row === null ? null : { row, x: atX, y: atY, right, below };
      },
      zooms: event => !inline || event.ctrlKey || element.contains(document.activeElement),
    });
    return () => {
      pointer.dispose();
    };
  }, [plot, view]);
  const current = view.current.value;
  useEffect(() => {
    plot?.setHover(current);
  }, [plot, current]);
}

const TOOLS: Readonly<Record<string, Tool>> = { l: 'lasso', r: 'rectangle', z: 'pan' };

function onKey(event: KeyboardEvent, { plot }: Scatter, view: DatasetView, tool: { value: Tool }): void {
  const chosen = TOOLS[event.key.toLowerCase()];
  const element = event.currentTarget;
  if (plot === null || (hasModifier(event) && event.key !== 'Enter') || !(element instanceof HTMLElement)) {
    return;
  }
  if (chosen !== undefined) {
    tool.value = chosen;
    consume(event);
  } else if (event.key === 'Enter') {
    const inView = plot.rowsInRectangle(0, 0, element.clientWidth, element.clientHeight);
    view.select(new Bitset(view.dataset.rows, inView), modeOf(event), trans.__('select what is in view'));
    consume(event);
  } else if (plot.press(event.key)) {
    consume(event);
  }
}
