import { type Signal, useSignal } from '@preact/signals';
import type { JSX, RefObject } from 'preact';
import { useRef } from 'preact/hooks';
import { Icon, Mark } from '../../render/icon';
import type { Exported } from '../../store/files/exported';
import type { Source } from '../../store/kernel/source';
import type { Link } from '../../store/kernel/state';
import type { Store } from '../../store/kernel/store';
import { trans } from '../../store/shared/trans';
import { Announcer } from '../ui/announcer';
import { consume, hasModifier, isTyping, shield } from '../ui/keys';
import { Empty } from '../ui/parts';
import { announcement } from '../ui/words/runWords';
import { CanvasBar } from './CanvasBar';
import { focusRow } from '../layers/LayerTable';
import { Notices } from './Notices';
import { PageSwitch } from './PageSwitch';
import type { Page } from './page';
import { pagesOf } from './pages';

export interface NetworkPageProps {
  store: Store;
  source: Source;
  run: string;
  inline: boolean;
  onOpen: (() => void) | null;
  exportPage?: (() => Promise<Exported>) | undefined;
}

export function RunPage(props: NetworkPageProps): JSX.Element {
  const { store, source, run, inline, onOpen, exportPage = null } = props;
  const search = useRef<HTMLInputElement>(null);
  const wanted = useSignal<string | null>(null);
  const record = store.run(run);
  const state = record?.state ?? null;
  const page: Page | null =
    record === undefined
      ? null
      : { store, source, record, view: store.view(run), inline, onOpen, exportPage };
  return (
    <div
      class={`dv-Canvas${inline ? ' inline' : ''}`}
      data-testid="dv-canvas"
      data-seq={store.state.value.seq}
      data-status={state?.status ?? ''}
      data-link={store.link.value}
      data-run={run}
      role="region"
      aria-label={
        inline
          ? trans.__('DeepView output: %1', state?.name ?? run)
          : trans.__('DeepView canvas: %1', state?.name ?? run)
      }
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
        <Shown page={page} wanted={wanted} search={search} />
      )}
      {state !== null && <Announcer text={announcement(state)} topic={state.status} />}
    </div>
  );
}

/** The page that is wanted, or the first where there is no such page. */
function Shown({
  page,
  wanted,
  search,
}: {
  page: Page;
  wanted: Signal<string | null>;
  search: RefObject<HTMLInputElement | null>;
}): JSX.Element | null {
  const pages = pagesOf(page.record, page.store.state.value.analyses);
  const shown = pages.find(({ key }) => key === wanted.value) ?? pages[0];
  if (shown === undefined) {
    return null;
  }
  const { Component } = shown.kind;
  return (
    <>
      <CanvasBar page={page}>
        <PageSwitch
          pages={pages}
          shown={shown}
          onSelect={key => {
            wanted.value = key;
          }}
        />
      </CanvasBar>
      <Notices page={page} />
      <Component key={shown.key} page={page} search={search} introspector={shown.introspector} />
    </>
  );
}

function Nothing({ link }: { link: Link }): JSX.Element {
  const gone = link === 'dead' || link === 'absent' || link === 'restarting';
  return (
    <div class="dv-Middle">
      {gone ? (
        <Empty picture={<Icon name="plug" size={30} />} title={trans.__('The kernel of this run is gone')}>
          <p>{trans.__('Run the cell again to see it here.')}</p>
        </Empty>
      ) : (
        <Empty picture={<Mark size={34} />} title={trans.__('Waiting for the kernel')}>
          <p>{trans.__('The run appears here once its notebook is open and the kernel answers.')}</p>
        </Empty>
      )}
    </div>
  );
}

function onKey(event: KeyboardEvent, page: Page, search: RefObject<HTMLInputElement | null>): void {
  if (hasModifier(event)) {
    return;
  }
  if (event.key === '/' && !isTyping(event)) {
    consume(event);
    search.current?.focus();
    search.current?.select();
  } else if (event.key === 'Escape' && giveUp(page, event)) {
    consume(event);
  }
}

/** Takes back one thing: what is typed into the filter, the open layer, the marks, the filters. */
function giveUp({ view }: Page, event: KeyboardEvent): boolean {
  const canvas = event.currentTarget;
  if (isTyping(event) && view.filtered) {
    view.clearFilter();
  } else if (view.open.value) {
    view.open.value = false;
    if (canvas instanceof Element) {
      focusRow(canvas, view.current.value);
    }
  } else if (view.marks.names.value.size > 0) {
    view.marks.clear();
  } else if (view.filtered) {
    view.clearFilter();
  } else {
    return false;
  }
  return true;
}
