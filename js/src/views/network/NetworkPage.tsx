import type { JSX, RefObject } from 'preact';
import { useRef } from 'preact/hooks';
import { Icon, Mark } from '../../render/icon';
import type { Source } from '../../store/source';
import type { Link } from '../../store/state';
import type { Store } from '../../store/store';
import { Announcer } from '../common/announcer';
import { consume, hasModifier, isTyping, shield } from '../common/keys';
import { Button, Empty } from '../common/parts';
import { announcement } from '../common/runWords';
import { count } from '../format';
import { CanvasBar } from './CanvasBar';
import { FilterBar } from './FilterBar';
import { LayerTable } from './LayerTable';
import { Notices } from './Notices';
import type { Page } from './page';

export interface NetworkPageProps {
  store: Store;
  source: Source;
  run: string;
  inline: boolean;
  onOpen: (() => void) | null;
}

export function NetworkPage({ store, source, run, inline, onOpen }: NetworkPageProps): JSX.Element {
  const search = useRef<HTMLInputElement>(null);
  const record = store.run(run);
  const state = record?.state ?? null;
  const page: Page | null =
    record === undefined ? null : { store, source, record, view: store.view(run), inline, onOpen };
  return (
    <div
      class={`dv-Canvas${inline ? ' inline' : ''}`}
      data-testid="dv-canvas"
      data-seq={store.state.value.seq}
      data-status={state?.status ?? ''}
      data-link={store.link.value}
      data-run={run}
      role="region"
      aria-label={`DeepView ${inline ? 'output' : 'canvas'}: ${state?.name ?? run}`}
      onKeyDown={event => {
        if (page !== null) {
          onKey(event, page, search);
        }
        shield(event);
      }}
    >
      {page === null ? (
        <Nothing link={store.link.value} />
      ) : (
        <>
          <CanvasBar page={page} />
          <Notices page={page} />
          <FilterBar page={page} search={search} />
          <Body page={page} />
        </>
      )}
      {state !== null && <Announcer text={announcement(state)} topic={state.status} />}
    </div>
  );
}

function Body({ page }: { page: Page }): JSX.Element {
  const { view } = page;
  if (view.rows.value.length > 0 && view.visible.value.length === 0) {
    return (
      <div class="dv-Middle">
        <Empty picture={<Icon name="filter" size={30} />} title="No layers match these filters">
          <Button
            label="Clear the filters"
            look="primary"
            onClick={() => {
              view.clearFilter();
            }}
          />
        </Empty>
      </div>
    );
  }
  const waiting = waitingText(page);
  return (
    <>
      <LayerTable page={page} />
      {waiting !== null && <p class="dv-Waiting dv-caption">{waiting}</p>}
    </>
  );
}

/** What we wait for before the first batch. */
function waitingText({ record, view }: Page): string | null {
  const { state } = record;
  if (state === null || state.batches > 0 || (state.status !== 'running' && state.status !== 'pending')) {
    return null;
  }
  const known = view.rows.value.length > 0 ? ' Layer names and sizes are already known.' : '';
  if (state.status === 'pending') {
    return `Waiting for its turn: background runs work one at a time.${known}`;
  }
  const total = state.total_batches;
  const what = total === null ? 'the first batch' : `the first of ${count(total)} batches`;
  return `Waiting for ${what}.${known}`;
}

function Nothing({ link }: { link: Link }): JSX.Element {
  const gone = link === 'disconnected' || link === 'absent';
  return (
    <div class="dv-Middle">
      {gone ? (
        <Empty picture={<Icon name="plug" size={30} />} title="The kernel of this run is gone">
          <p>Run the cell again to see it here.</p>
        </Empty>
      ) : (
        <Empty picture={<Mark size={34} />} title="Waiting for the kernel">
          <p>The run appears here once its notebook is open and the kernel answers.</p>
        </Empty>
      )}
    </div>
  );
}

function onKey(event: KeyboardEvent, page: Page, search: RefObject<HTMLInputElement | null>): void {
  const { view } = page;
  if (hasModifier(event)) {
    return;
  }
  if (event.key === '/' && !isTyping(event)) {
    consume(event);
    search.current?.focus();
    search.current?.select();
  } else if (event.key === 'Escape' && view.filtered) {
    consume(event);
    view.clearFilter();
  } else if (event.key === 'Escape' && view.selected.value !== null) {
    consume(event);
    view.selected.value = null;
  }
}
