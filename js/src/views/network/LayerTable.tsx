import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { columnsOf } from '../../store/columns';
import type { LayerRow as Row } from '../../store/rows';
import { consume, hasModifier } from '../common/keys';
import { segments } from '../common/rowWindow';
import { useVisibleRange } from '../common/viewport';
import { LayerRow } from './LayerRow';
import { TableHead } from './TableHead';
import type { Page } from './page';

const ROW_HEIGHT = 28;

export function LayerTable({ page }: { page: Page }): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const { view } = page;
  // A producer of plain arrays knows no kinds: then a column of them would be empty.
  const columns = columnsOf(page.record.state?.introspections ?? []).filter(
    ({ field }) => field !== 'kind' || view.kindCounts.value.size > 0,
  );
  const rows = view.visible.value;
  const selected = rows.findIndex(row => row.name === view.selected.value);
  const [from, to] = useVisibleRange(scroller, ROW_HEIGHT, view.visible);
  const current = Math.max(0, selected);

  const select = (index: number) => {
    const row = rows[index];
    if (row !== undefined) {
      view.selected.value = row.name;
      reveal(scroller.current, index, row);
    }
  };

  return (
    <div ref={scroller} class="dv-LayerTable">
      <table
        data-testid="dv-layer-table"
        role="grid"
        aria-label="Layers"
        aria-rowcount={rows.length + 1}
        onKeyDown={event => {
          const target = targetOf(event, selected, rows.length);
          if (target !== null) {
            consume(event);
            select(target);
          }
        }}
      >
        <TableHead page={page} columns={columns} />
        <tbody>
          {segments(rows.length, from, to, current).map(segment =>
            segment.kind === 'gap' ? (
              <tr
                key={`gap ${segment.from}`}
                aria-hidden="true"
                style={{ height: `${segment.rows * ROW_HEIGHT}px` }}
              />
            ) : (
              rows
                .slice(segment.from, segment.to)
                .map((row, i) => (
                  <LayerRow
                    key={row.name}
                    page={page}
                    columns={columns}
                    row={row}
                    index={segment.from + i}
                    current={segment.from + i === current}
                  />
                ))
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}

/** The row that a key goes to, or null for a key that moves nothing. */
function targetOf(event: KeyboardEvent, selected: number, total: number): number | null {
  if (hasModifier(event) || event.shiftKey || !(event.target instanceof HTMLTableRowElement) || total === 0) {
    return null;
  }
  switch (event.key) {
    case 'ArrowDown':
      return Math.min(total - 1, selected + 1);
    case 'ArrowUp':
      return Math.max(0, selected - 1);
    case 'Home':
      return 0;
    case 'End':
      return total - 1;
    case ' ':
    case 'Enter':
      return Math.max(0, selected);
    default:
      return null;
  }
}

/** Scrolls so that a row is seen, then gives it the focus once it is drawn. */
function reveal(scroller: HTMLDivElement | null, index: number, row: Row): void {
  if (scroller === null) {
    return;
  }
  const head = scroller.querySelector('thead')?.offsetHeight ?? 0;
  const top = index * ROW_HEIGHT;
  const room = scroller.clientHeight - head - ROW_HEIGHT;
  scroller.scrollTop = Math.min(top, Math.max(scroller.scrollTop, top - room));
  requestAnimationFrame(() => {
    for (const drawn of scroller.querySelectorAll<HTMLElement>('[data-layer]')) {
      if (drawn.dataset['layer'] === row.name) {
        drawn.focus({ preventScroll: true });
      }
    }
  });
}
