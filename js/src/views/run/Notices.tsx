import type { JSX } from 'preact';
import type { RunError } from '../../protocol/messages';
import { Reconnecting } from '../ui/Reconnecting';
import { keptText, lossOf } from '../ui/loss';
import { trans } from '../../store/shared/trans';
import { batches } from '../ui/amounts';
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
          {trans.__('It was left out; the others went on.')}
        </span>
      )}
      <Traceback error={error} />
    </Banner>
  );
}

function Lost({ page }: { page: Page }): JSX.Element | null {
  const { record, store, source } = page;
  const loss = record.state === null ? null : lossOf(record, store.link.value);
  return loss === null ? null : (
    <Banner tone="warn" icon="plug">
      <span>
        {loss.what} <b>{keptText(record)}</b> {loss.todo}
      </span>
      {store.link.value === 'disconnected' && !record.lost && <Reconnecting store={store} source={source} />}
    </Banner>
  );
}
