import type { JSX } from 'preact';
import type { RunError, RunState } from '../../protocol/messages';
import { type RunRecord, isOver } from '../../store/state';
import { Button, Progress, State } from '../common/parts';
import { type Words, batchText, etaText, runWords, shareDone } from '../common/runWords';
import { Steering } from '../common/steering';
import { Traceback, Unheard, sentence } from '../common/trouble';
import { duration, plural, rate } from '../format';
import type { PanelActions, PanelLink } from './target';

interface Props {
  link: PanelLink;
  record: RunRecord;
  openRun: PanelActions['openRun'];
}

/** A run that was under way when its kernel stopped answering. */
const SILENT: Words = { tone: 'warn', icon: 'plug', word: 'Disconnected' };

export function RunCard({ link, record, openRun }: Props): JSX.Element | null {
  const { state } = record;
  if (state === null) {
    return null;
  }
  const silent = link.store.link.value !== 'live' && !isOver(state.status);
  const words = silent ? SILENT : runWords(state);
  const [left, right] = silent ? [`last heard at ${batchText(state)}`, ''] : footTexts(state);
  return (
    <article
      class="dv-RunCard"
      data-testid="dv-run"
      data-status={state.status}
      data-run={record.id}
      aria-label={state.name}
    >
      <div class="dv-RunCard-title">
        <State {...words} word="" />
        <span class="dv-sr">{words.word}</span>
        <span class="dv-ellipsis dv-strong" title={`${state.name}: ${words.word}`}>
          {state.name}
        </span>
        <span class="dv-grow" />
        <Actions link={link} run={record.id} state={state} openRun={openRun} />
      </div>
      {state.status !== 'done' && (
        <Progress
          share={shareDone(state)}
          tone={words.tone}
          label={`Progress of ${state.name}`}
          text={batchText(state)}
        />
      )}
      <div class="dv-RunCard-foot dv-caption dv-num" data-testid="dv-progress">
        <span class="dv-ellipsis">{left}</span>
        <span>{right}</span>
      </div>
      {link.store.isUnheard(record.id) && <Unheard interrupt={link.source.interrupt} />}
      {state.errors.map((error, i) => (
        <Trouble key={i} error={error} state={state} />
      ))}
    </article>
  );
}

interface ActionsProps {
  link: PanelLink;
  run: string;
  state: RunState;
  openRun: PanelActions['openRun'];
}

function Actions({ link, run, state, openRun }: ActionsProps): JSX.Element {
  const code = link.launcher.codeOf(run);
  return (
    <>
      {link.store.link.value === 'live' && (
        <Steering run={run} state={state} store={link.store} source={link.source} bare />
      )}
      {code !== null && isOver(state.status) && link.store.link.value === 'live' && (
        <Button
          look="plain"
          bare
          icon="refresh"
          label={`Run ${state.name} again`}
          title="Run again"
          disabled={link.launcher.phase.value !== 'ready'}
          testId="dv-run-again"
          onClick={() => {
            void link.launcher.launch(code);
          }}
        />
      )}
      <Button
        look="plain"
        bare
        icon="open"
        label={`Open ${state.name}`}
        title="Open in a tab"
        testId="dv-open"
        onClick={() => {
          openRun(link.id, run);
        }}
      />
    </>
  );
}

/** What stands below the bar, left and right. */
function footTexts(state: RunState): readonly [string, string] {
  switch (state.status) {
    case 'pending':
      return ['waiting for its turn', ''];
    case 'running': {
      const speed = state.rate === null ? '' : ` · ${rate(state.rate)} samples/s`;
      return [batchText(state) + speed, etaText(state) ?? ''];
    }
    case 'paused':
      return [`paused at ${batchText(state)}`, 'kept in memory'];
    case 'cancelling':
      return [`stopping at ${batchText(state)}`, ''];
    case 'cancelled':
    case 'failed':
      return [`stopped at ${batchText(state)}`, duration(state.elapsed)];
    case 'done':
      return [
        `${plural(state.samples, 'sample')} · ${plural(state.batches, 'batch', 'batches')}`,
        duration(state.elapsed),
      ];
  }
}

function Trouble({ error, state }: { error: RunError; state: RunState }): JSX.Element {
  const kept = state.batches > 0 ? ` Results of ${plural(state.batches, 'batch', 'batches')} are kept.` : '';
  const where = error.introspector === null ? '' : `${error.introspector}: `;
  return (
    <div class="dv-Err" role="alert">
      <b>
        {where}
        {sentence(error.message)}
      </b>
      {kept}
      <Traceback error={error} />
    </div>
  );
}
