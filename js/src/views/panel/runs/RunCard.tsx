import type { JSX } from 'preact';
import type { RunError, RunState } from '../../../protocol/messages';
import { anew, isResumable } from '../../../store/launch/checkpoint';
import { cellCode, panelCode } from '../../../store/kernel/origin';
import { type RunRecord, isMoving, isOver } from '../../../store/kernel/state';
import { trans } from '../../../store/shared/trans';
import { batches, samples } from '../../ui/words/amounts';
import { SaveJson } from '../../ui/SaveJson';
import { type Loss, isOnPageOnly, keptText, lossOf } from '../../ui/words/loss';
import { Banner, Button, Progress, State } from '../../ui/parts';
import { batchText, etaText, runWords, shareDone } from '../../ui/words/runWords';
import { Steering } from '../../ui/steering';
import { Traceback, Unheard, headed, sentence } from '../../ui/trouble';
import { duration, rate } from '../../ui/words/format';
import { onDiskText } from '../checkpointWords';
import { launchAndShow } from './launchAndShow';
import type { PanelActions, PanelLink, PanelTarget, SaveRun } from '../target';

interface Props {
  link: PanelLink;
  record: RunRecord;
  /** Another run went on from its checkpoint. */
  continued: boolean;
  openRun: PanelActions['openRun'];
  showRun: PanelActions['showRun'];
  saveRun: SaveRun | null;
  insertCode: PanelTarget['insertCode'];
}

export function RunCard(props: Props): JSX.Element | null {
  const { link, record, continued } = props;
  const { state } = record;
  if (state === null) {
    return null;
  }
  const loss = lossOf(record, link.store.link.value);
  const words = loss?.words ?? runWords(state);
  const [left, right] =
    loss === null ? footTexts(state) : [trans.__('last heard at %1', batchText(state)), loss.words.word];
  return (
    <article
      class="dv-RunCard"
      data-testid="dv-run"
      data-status={state.status}
      data-run={record.id}
      data-kept={state.kept_batches ?? undefined}
      aria-label={state.name}
    >
      <div class="dv-RunCard-title">
        <State {...words} word="" />
        <span class="dv-sr">{words.word}</span>
        <span class="dv-ellipsis dv-strong" title={`${state.name}: ${words.word}`}>
          {state.name}
        </span>
        <span class="dv-grow" />
        <Actions {...props} state={state} />
      </div>
      {state.status !== 'done' && (
        <Progress
          share={shareDone(state)}
          tone={words.tone}
          label={trans.__('Progress of %1', state.name)}
          text={batchText(state)}
          still={loss !== null || !isMoving(state.status)}
        />
      )}
      <div class="dv-RunCard-foot dv-caption dv-num" data-testid="dv-progress">
        <span class="dv-ellipsis">{left}</span>
        <span>{right}</span>
      </div>
      {state.note !== null && (
        <div class="dv-caption" data-testid="dv-run-note">
          {state.note}
        </div>
      )}
      {state.checkpoint !== null && (
        <div class="dv-caption dv-num" data-testid="dv-run-on-disk" title={state.checkpoint}>
          {onDiskText(state, new Date())}
        </div>
      )}
      {continued && isResumable(record) && (
        <div class="dv-caption" data-testid="dv-run-continued">
          {trans.__('A newer run resumed from its checkpoint.')}
        </div>
      )}
      {!continued && loss === null && isResumable(record) && panelCode(record) === null && (
        <div class="dv-caption" data-testid="dv-run-kept">
          {keptText(record, link.store.link.value)}{' '}
          {trans.__('Run the code that started it again: the run resumes from there.')}
        </div>
      )}
      {link.store.isUnheard(record.id) && <Unheard interrupt={link.source.interrupt} />}
      {!continued && record.lost && loss !== null && (
        <Lost link={link} record={record} loss={loss} showRun={props.showRun} />
      )}
      {state.errors.map((error, i) => (
        <Trouble key={i} error={error} state={state} />
      ))}
    </article>
  );
}

interface ActionsProps extends Props {
  state: RunState;
}

function Actions(props: ActionsProps): JSX.Element {
  const { link, record, continued, state, openRun, showRun, insertCode } = props;
  const run = record.id;
  const code = panelCode(record);
  const cell = cellCode(record);
  const live = link.store.link.value === 'live';
  return (
    <>
      {live && !record.lost && (
        <Steering run={run} state={state} store={link.store} source={link.source} bare />
      )}
      {code !== null && live && !record.lost && !continued && isResumable(record) && (
        <Button
          look="plain"
          bare
          icon="play"
          label={trans.__('Resume %1 from its checkpoint', state.name)}
          title={trans.__('Resume from checkpoint')}
          disabled={link.launcher.phase.value !== 'ready'}
          testId="dv-resume"
          onClick={() => {
            void launchAndShow(link, code, showRun);
          }}
        />
      )}
      {code !== null && isOver(state.status) && live && (
        <Button
          look="plain"
          bare
          icon="refresh"
          label={trans.__('Run %1 again', state.name)}
          title={trans.__('Run again')}
          disabled={link.launcher.phase.value !== 'ready'}
          testId="dv-run-again"
          onClick={() => {
            void launchAndShow(link, anew(code, new Date()), showRun);
          }}
        />
      )}
      <Keep {...props} state={state} />
      {insertCode !== null && cell !== null && (
        <Button
          look="plain"
          bare
          icon="code"
          label={trans.__('Insert the code of %1', state.name)}
          title={trans.__('Insert as code')}
          testId="dv-insert-run"
          onClick={() => {
            insertCode(cell);
          }}
        />
      )}
      <Button
        look="plain"
        bare
        icon="open"
        label={trans.__('Open %1', state.name)}
        title={trans.__('Open in a tab')}
        testId="dv-open"
        onClick={() => {
          openRun(link.id, run);
        }}
      />
    </>
  );
}

/** Keeps the results of an ended run: in a report file, or as what the page holds where no kernel can write one. */
function Keep({ link, record, state, saveRun }: ActionsProps): JSX.Element | null {
  if (isOver(state.status) && isOnPageOnly(record, link.store.link.value)) {
    return <SaveJson record={record} bare />;
  }
  return saveRun !== null && isSavable(record) ? (
    <Button
      look="plain"
      bare
      icon="save"
      label={trans.__('Save a report of %1', state.name)}
      title={trans.__('Save report')}
      testId="dv-save-report"
      onClick={() => {
        saveRun(record.id, state.name);
      }}
    />
  ) : null;
}

/** Whether a run has results that are in no file of their own yet. */
function isSavable({ state, lost, snapshots, findings }: RunRecord): boolean {
  return (
    state !== null &&
    isOver(state.status) &&
    state.file === null &&
    state.samples > 0 &&
    !lost &&
    snapshots.size + findings.size > 0
  );
}

interface LostProps extends Pick<Props, 'link' | 'record' | 'showRun'> {
  loss: Loss;
}

/** A run whose kernel took its end with it. */
function Lost({ link, record, loss, showRun }: LostProps): JSX.Element {
  const code = panelCode(record);
  const state = link.store.link.value;
  return (
    <Banner tone="warn" icon="plug">
      <span>
        {loss.what} <b>{keptText(record, state)}</b>{' '}
        {code === null && isResumable(record)
          ? trans.__(
              'Run the cells that define its model and data and the one that started it: the run resumes from there.',
            )
          : loss.todo}
      </span>
      {code !== null && (state === 'live' || state === 'absent') && (
        <Button
          label={isResumable(record) ? trans.__('Resume from checkpoint') : trans.__('Run again')}
          disabled={link.launcher.phase.value !== 'ready'}
          testId={isResumable(record) ? 'dv-resume' : 'dv-run-again'}
          onClick={() => {
            void launchAndShow(link, code, showRun);
          }}
        />
      )}
      {isOnPageOnly(record, state) && <SaveJson record={record} />}
    </Banner>
  );
}

/** What stands below the bar, left and right. */
function footTexts(state: RunState): readonly [string, string] {
  switch (state.status) {
    case 'pending':
      return [trans.__('waiting for its turn'), ''];
    case 'running': {
      const speed = state.rate === null ? '' : ` · ${trans.__('%1 samples/s', rate(state.rate))}`;
      return [batchText(state) + speed, etaText(state) ?? ''];
    }
    case 'paused':
      return [
        trans.__('paused at %1', batchText(state)),
        state.kept_batches === null ? trans.__('kept in memory') : trans.__('kept on disk'),
      ];
    case 'cancelling':
      return [trans.__('stopping at %1', batchText(state)), ''];
    case 'cancelled':
    case 'failed':
      return [trans.__('stopped at %1', batchText(state)), duration(state.elapsed)];
    case 'done':
      return [`${samples(state.samples)} · ${batches(state.batches)}`, duration(state.elapsed)];
  }
}

function Trouble({ error, state }: { error: RunError; state: RunState }): JSX.Element {
  const { introspector } = error;
  const kept = state.batches > 0 ? trans.__('Results of %1 are kept.', batches(state.batches)) : '';
  const others = trans.__('It was skipped. The other analyses continued.');
  const [what, todo] = headed(sentence(error.message));
  return (
    <div class={`dv-Err${introspector === null ? '' : ' warn'}`} role="alert">
      <b>{introspector === null ? what : `${introspector}: ${what}`}</b>
      {todo} {introspector === null ? kept : others}
      <Traceback error={error} />
    </div>
  );
}
