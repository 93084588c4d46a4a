import type { JSX } from 'preact';
import type { RunError } from '../../protocol/messages';
import { isOver } from '../../store/state';
import { Banner } from '../common/parts';
import { Traceback, Unheard, sentence } from '../common/trouble';
import { count, plural } from '../format';
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
          A message from the kernel could not be read. {problem}
        </Banner>
      )}
    </>
  );
}

function Failure({ error, page }: { error: RunError; page: Page }): JSX.Element {
  const { state } = page.record;
  const batches = state?.batches ?? 0;
  const kept = batches === 0 ? '' : ` What was computed is kept: ${plural(batches, 'batch', 'batches')}.`;
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
          <b>{`${error.introspector}: ${sentence(error.message)}`}</b> It was left out; the others went on.
        </span>
      )}
      <Traceback error={error} />
    </Banner>
  );
}

function Lost({ page }: { page: Page }): JSX.Element | null {
  const { record, store } = page;
  const { state } = record;
  const gone = store.link.value === 'disconnected' || store.link.value === 'absent' || record.lost;
  if (!gone || state === null || isOver(state.status) || store.link.value === 'saved') {
    return null;
  }
  return (
    <Banner tone="warn" icon="plug">
      <span>
        Kernel disconnected. <b>{`Results up to batch ${count(state.batches)} are kept.`}</b>
      </span>
    </Banner>
  );
}
