import type { ComponentChildren, JSX } from 'preact';
import type { RunState } from '../../protocol/messages';
import { isStable } from '../../store/layers/rows';
import { isMoving, isOver } from '../../store/kernel/state';
import { trans } from '../../store/shared/trans';
import { Button, Progress, State } from '../ui/parts';
import { Steering } from '../ui/steering';
import {
  batchText,
  etaText,
  rateText,
  runWords,
  sampleText,
  shareDone,
  viewWords,
} from '../ui/words/runWords';
import { batches, samples } from '../ui/words/amounts';
import { count, duration } from '../ui/words/format';
import { ExportPage } from './ExportPage';
import { type Page, isAnswering } from './page';

/** The bar on top: which run, how it stands, how far it is, Stop. */
export function CanvasBar({ page, children }: { page: Page; children?: ComponentChildren }): JSX.Element {
  const { record, store, source, onOpen, exportPage } = page;
  const { state } = record;
  const link = store.link.value;
  return (
    <div class="dv-CanvasBar">
      {children}
      <h3 class="dv-name dv-ellipsis" title={state?.name}>
        {state?.name ?? 'DeepView'}
      </h3>
      <State pill {...viewWords(record, link)} />
      {state !== null && <RunProgress state={state} live={isAnswering(page)} />}
      <Stability page={page} />
      <span class="dv-grow" />
      {state !== null && isAnswering(page) && (
        <Steering run={record.id} state={state} store={store} source={source} />
      )}
      {exportPage !== null && state !== null && isOver(state.status) && link === 'live' && !record.lost && (
        <ExportPage exportPage={exportPage} />
      )}
      {onOpen !== null && (
        <Button look="plain" bare icon="open" label={trans.__('Open in a tab')} onClick={onOpen} />
      )}
    </div>
  );
}

/** How many layers hardly change any more, while a run continues that tells. */
function Stability({ page: { record, view } }: { page: Page }): JSX.Element | null {
  const told = view.rows.value.map(isStable);
  const running = record.state !== null && !isOver(record.state.status);
  return running && told.some(stable => stable !== null) ? (
    <span class="dv-caption dv-num dv-hide-medium" data-testid="dv-stable">
      {trans._n(
        '%2 of %3 layer stable',
        '%2 of %3 layers stable',
        told.length,
        count(told.filter(stable => stable === true).length),
        count(told.length),
      )}
    </span>
  ) : null;
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
          label={trans.__('Run progress')}
          text={batchText(state)}
          still={!isMoving(state.status)}
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
  const whole = state.status === 'done';
  const where = whole ? samples(state.samples) : trans.__('stopped at %1', batchText(state));
  const amount = whole ? batches(state.batches) : samples(state.samples);
  return [where, amount, duration(state.elapsed)];
}
