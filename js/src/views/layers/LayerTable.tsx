import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { LayerRow as Row } from '../../store/layers/rows';
import { trans } from '../../store/shared/trans';
import { consume } from '../ui/keys';
import { segments } from '../ui/browser/rowWindow';
import { useVisibleRange } from '../ui/browser/viewport';
import { LayerRow } from './LayerRow';
import { TableHead } from './TableHead';
import { isPending } from './TotalBar';
import { type Page, chosenColumns } from '../run/page';

const ROW_HEIGHT = 28;

export function LayerTable({ page }: { page: Page }): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const { view } = page;
  const columns = chosenColumns(page);
  const rows = view.visible.value;
  const at = rows.findIndex(row => row.name === view.current.value);
  const [from, to] = useVisibleRange(scroller, ROW_HEIGHT, view.visible);
  const current = Math.max(0, at);
  const forced = columns.some(({ id }) => view.columns.value.get(id) === true);

  return (
    <div ref={scroller} class={`dv-LayerTable${forced ? ' wide' : ''}`}>
      <table
        data-testid="dv-layer-table"
        role="grid"
        aria-label={trans.__('Layers')}
        aria-rowcount={rows.length + 1}
        aria-multiselectable="true"
        aria-busy={isPending(page)}
        onKeyDown={event => {
          if (onRowKey(event, page, at)) {
            consume(event);
            reveal(scroller.current, page);
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

/** Does what a key on a row is for; returns false for a key that is for nothing. */
function onRowKey(event: KeyboardEvent, { view }: Page, at: number): boolean {
  const rows = view.visible.peek();
  const current = rows[Math.max(0, at)];
  const { key, shiftKey, target } = event;
  const foreign = event.ctrlKey || event.metaKey || event.altKey || !(target instanceof HTMLTableRowElement);
  if (foreign || current === undefined) {
    return false;
  }
  const to = rows[targetOf(key, at, rows.length) ?? -1];
  if (to !== undefined) {
    if (shiftKey) {
      view.marks.extend(rows.map(namesOf), current.name, to.name);
    }
    view.current.value = to.name;
  } else if (key === ' ' && !shiftKey) {
    view.marks.toggle(current.name);
    view.current.value = current.name;
  } else if (key === 'Enter' && !shiftKey) {
    view.show(current.name);
  } else {
    return false;
  }
  return true;
}

function namesOf({ name }: Row): string {
  return name;
}

/** The row that a key goes to, or null for a key that moves nothing. */
function targetOf(key: string, at: number, total: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return Math.min(total - 1, at + 1);
    case 'ArrowUp':
      return Math.max(0, at - 1);
    case 'Home':
      return 0;
    case 'End':
      return total - 1;
    default:
      return null;
  }
}

/** Scrolls so that the current row is seen, then gives it the focus once it is drawn. */
function reveal(scroller: HTMLDivElement | null, { view }: Page): void {
  const name = view.current.peek();
  const index = view.visible.peek().findIndex(row => row.name === name);
  if (scroller === null || index < 0) {
    return;
  }
  const head = scroller.querySelector('thead')?.offsetHeight ?? 0;
  const top = index * ROW_HEIGHT;
  const room = scroller.clientHeight - head - ROW_HEIGHT;
  scroller.scrollTop = Math.min(top, Math.max(scroller.scrollTop, top - room));
  requestAnimationFrame(() => {
    // Whoever left the table in the meantime keeps the focus; a row that was scrolled out of the page has lost it.
    const { activeElement } = document;
    if (activeElement === document.body || scroller.contains(activeElement)) {
      focusRow(scroller, name);
    }
  });
}

/** Gives the row of a layer the focus, if it is drawn. */
export function focusRow(inside: Element, layer: string | null): void {
  for (const drawn of inside.querySelectorAll<HTMLElement>('[data-layer]')) {
    if (drawn.dataset['layer'] === layer) {
      drawn.focus({ preventScroll: true });
    }
  }
}
