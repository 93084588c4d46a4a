import type { JSX } from 'preact';
import type { RunState } from '../../protocol/messages';
import { isOver } from '../../store/state';
import { Button, Progress, State } from '../common/parts';
import { Steering } from '../common/steering';
import { batchText, etaText, rateText, runWords, sampleText, shareDone, viewWords } from '../common/runWords';
import { count, duration, plural } from '../format';
import type { Page } from './page';

/** The bar on top: which run, how it stands, how far it is, Stop. */
export function CanvasBar({ page }: { page: Page }): JSX.Element {
  const { record, store, source, onOpen } = page;
  const { state } = record;
  const link = store.link.value;
  return (
    <div class="dv-CanvasBar">
      <span class="dv-name dv-ellipsis" title={state?.name}>
        {state?.name ?? 'DeepView'}
      </span>
      <State pill {...viewWords(record, link)} />
      {state !== null && <RunProgress state={state} live={isAnswering(page)} />}
      <span class="dv-grow" />
      {state !== null && isAnswering(page) && (
        <Steering run={record.id} state={state} store={store} source={source} />
      )}
      {onOpen !== null && <Button look="plain" bare icon="open" label="Open in a tab" onClick={onOpen} />}
    </div>
  );
}

/** Whether news of the run may still come. */
function isAnswering({ store, record }: Page): boolean {
  return store.link.value === 'live' && !record.lost;
}

function RunProgress({ state, live }: { state: RunState; live: boolean }): JSX.Element {
  const texts = progressTexts(state, live);
  const moving =
    live && (state.status === 'running' || state.status === 'paused' || state.status === 'cancelling');
  return (
    <span class="dv-RunProgress" data-testid="dv-progress" title={texts.join(' · ')}>
      <Parts texts={texts} />
      {moving && (
        <Progress
          thin
          share={shareDone(state)}
          tone={runWords(state).tone}
          label="Run progress"
          text={batchText(state)}
        />
      )}
    </span>
  );
}

/** The texts with dots between; the second is the first to go where there is little room. */
function Parts({ texts }: { texts: readonly string[] }): JSX.Element {
  return (
    <>
      {texts.map((text, i) => (
        <span key={i} class={i === 1 ? 'dv-hide-medium' : i === 0 ? 'dv-strong' : undefined}>
          {i > 0 && ' · '}
          {text}
        </span>
      ))}
    </>
  );
}

function progressTexts(state: RunState, live: boolean): string[] {
  if (!isOver(state.status)) {
    const speed = live ? [rateText(state), etaText(state)].filter(text => text !== null) : [];
    return [batchText(state), sampleText(state), ...speed];
  }
  const { tone } = runWords(state);
  const where = tone === 'ok' ? plural(state.samples, 'sample') : `stopped at ${batchText(state)}`;
  const amount =
    tone === 'ok' ? plural(state.batches, 'batch', 'batches') : `${count(state.samples)} samples`;
  return [where, amount, duration(state.elapsed)];
}
