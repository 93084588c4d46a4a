import type { JSX } from 'preact';
import type { RunError } from '../../protocol/messages';
import type { LeftOut } from '../../protocol/savedRun';
import { isOver } from '../../store/kernel/state';
import { count } from '../ui/words/format';
import { Reconnecting } from '../ui/Reconnecting';
import { SaveJson } from '../ui/SaveJson';
import { isOnPageOnly, keptText, lossOf } from '../ui/words/loss';
import { trans } from '../../store/shared/trans';
import { batches } from '../ui/words/amounts';
import { Banner } from '../ui/parts';
import { Traceback, Unheard, sentence } from '../ui/trouble';

import type { Page } from './page';

/** What went wrong, what was kept, what to do. */
export function Notices({ page }: { page: Page }): JSX.Element {
  const { record, store, source } = page;
  const problem = store.problem.value;
  return (
    <>
      {record.state?.errors.map((error, i) => (
        <Failure key={i} error={error} page={page} />
      ))}
      {store.isUnheard(record.id) && <Unheard interrupt={source.interrupt} />}
      <Lost page={page} />
      <SavedOutput page={page} />
      {problem !== null && (
        <Banner tone="warn" icon="warn">
          {trans.__('A message from the kernel could not be read. %1', problem)}
        </Banner>
      )}
    </>
  );
}

function Failure({ error, page }: { error: RunError; page: Page }): JSX.Element {
  const { state } = page.record;
  const done = state?.batches ?? 0;
  const kept = done === 0 ? '' : ` ${trans.__('What was computed is kept: %1.', batches(done))}`;
  return (
    <Banner
      tone={error.introspector === null ? 'err' : 'warn'}
      icon={error.introspector === null ? 'err' : 'warn'}
    >
      {error.introspector === null ? (
        <span>
          <b>{sentence(error.message)}</b>
          {kept}
        </span>
      ) : (
        <span>
          <b>{`${error.introspector}: ${sentence(error.message)}`}</b>{' '}
          {trans.__('It was skipped. The other analyses continued.')}
        </span>
      )}
      <Traceback error={error} />
    </Banner>
  );
}

/** What a notebook's output does not know. */
function SavedOutput({ page: { record, store } }: { page: Page }): JSX.Element | null {
  const { state } = record;
  if (store.link.value !== 'saved' || state === null) {
    return null;
  }
  const leftOut = store.leftOut.value.map(leftOutText);
  return (
    <>
      {!isOver(state.status) && (
        <Banner tone="warn" icon="report">
          <span data-testid="dv-saved-notice">
            {state.batches === 0
              ? trans.__('The notebook was saved before the run had finished a batch.')
              : trans.__('The notebook was saved after batch %1 of this run.', count(state.batches))}{' '}
            {trans.__(
              'What became of the run after that is not known here. Run the cell again to see it live.',
            )}
          </span>
        </Banner>
      )}
      {leftOut.length > 0 && (
        <Banner tone="warn" icon="report">
          <span data-testid="dv-left-out">
            {trans.__('Not in this output, which would be larger than 1 MB: %1.', leftOut.join(', '))}{' '}
            {trans.__('Save a report to keep everything.')}
          </span>
        </Banner>
      )}
    </>
  );
}

function leftOutText(what: LeftOut): string {
  switch (what) {
    case 'details':
      return trans.__('details of layers');
    case 'tables':
      return trans.__('tables');
    case 'layers':
      return trans.__('the list of layers');
  }
}

function Lost({ page }: { page: Page }): JSX.Element | null {
  const { record, store, source } = page;
  const link = store.link.value;
  const loss = record.state === null ? null : lossOf(record, link);
  return loss === null ? null : (
    <Banner tone="warn" icon="plug">
      <span>
        {loss.what} <b>{keptText(record, link)}</b> {loss.todo}
      </span>
      {isOnPageOnly(record, link) && <SaveJson record={record} />}
      {link === 'disconnected' && !record.lost && <Reconnecting store={store} source={source} />}
    </Banner>
  );
}
