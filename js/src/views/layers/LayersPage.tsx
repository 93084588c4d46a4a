import { useComputed, useSignalEffect } from '@preact/signals';
import type { JSX, RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { FocusRequest } from '../../protocol/client';
import { Icon } from '../../render/icon';
import { lacksNumbers } from '../../store/kernel/state';
import { trans } from '../../store/shared/trans';
import { Button, Empty } from '../ui/parts';
import { count } from '../ui/words/format';
import { FilterBar } from './FilterBar';
import { LayerDetail } from './LayerDetail';
import { LayerTable } from './LayerTable';
import { TotalBar } from './TotalBar';
import type { Page } from '../run/page';

interface Props {
  page: Page;
  search: RefObject<HTMLInputElement | null>;
}

/** The table of layers, the details of one of them, and what the recipe comes to. */
export function LayersPage({ page, search }: Props): JSX.Element {
  useFocus(page);
  const layer = page.view.openLayer.value;
  return (
    <>
      <FilterBar page={page} search={search} />
      <div class="dv-Layers">
        <div class="dv-Layers-table">
          <Body page={page} />
        </div>
        {layer !== null && <LayerDetail page={page} layer={layer} />}
      </div>
      <TotalBar page={page} />
    </>
  );
}

const NOTHING: FocusRequest = { layer: null, strategy: 'kl', value: 0 };

/** Tells the kernel what is looked at, whenever that changes or the kernel answers anew, until no view shows it. */
function useFocus({ store, source, record: { id: run }, view }: Page): void {
  const asked = useRef(false);
  // At the end of a run that nobody saw, no spectrum was computed: the kernel does that once somebody looks.
  const lacks = useComputed(() => lacksNumbers(store.run(run)));
  useSignalEffect(() => {
    const focus = { layer: view.openLayer.value, ...view.recipe.recipe.value };
    const looks = focus.layer !== null || focus.strategy !== 'kl';
    const answers = store.link.value === 'live' || store.link.value === 'file';
    if (answers && (looks || lacks.value || asked.current)) {
      asked.current = looks;
      source.focus(run, focus);
    }
  });
  useEffect(() => {
    view.viewers++;
    return () => {
      view.viewers--;
      if (view.viewers === 0 && asked.current) {
        source.focus(run, NOTHING);
      }
    };
  }, [view, source, run]);
}

function Body({ page }: { page: Page }): JSX.Element {
  const { view } = page;
  if (view.rows.value.length > 0 && view.visible.value.length === 0) {
    return (
      <div class="dv-Middle">
        <Empty picture={<Icon name="filter" size={30} />} title={trans.__('No layers match these filters')}>
          <Button
            label={trans.__('Clear the filters')}
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
  const known = view.rows.value.length > 0 ? trans.__('Layer names and sizes are already known.') : '';
  return `${waitsFor(state.status, state.total_batches)} ${known}`.trim();
}

function waitsFor(status: 'running' | 'pending', batches: number | null): string {
  if (status === 'pending') {
    return trans.__('Waiting for its turn: background runs work one at a time.');
  }
  return batches === null
    ? trans.__('Waiting for the first batch.')
    : trans._n(
        'Waiting for the first of %2 batch.',
        'Waiting for the first of %2 batches.',
        batches,
        count(batches),
      );
}
