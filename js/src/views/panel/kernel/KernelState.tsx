import type { ComponentChildren, JSX } from 'preact';
import { Icon } from '../../../render/icon';
import { movingRuns, runsOf } from '../../../store/kernel/runChoice';
import { type Link, type RunRecord, isMoving, isOver } from '../../../store/kernel/state';
import { trans } from '../../../store/shared/trans';
import { Reconnecting } from '../../ui/Reconnecting';
import { keptText } from '../../ui/words/loss';
import { Banner, Button, Empty, type Words } from '../../ui/parts';
import { openText } from '../../ui/words/runWords';
import type { PanelLink, PanelTarget } from '../target';

/** How the panel stands with the kernel, in one word. */
export function kernelWords(target: PanelTarget | null): Words {
  const link = target?.link ?? null;
  if (link === null || isShutDown(target, link)) {
    return target?.starting === true
      ? { tone: 'off', icon: 'wait', word: trans.__('Starting') }
      : { tone: 'off', icon: 'plug', word: trans.__('No kernel') };
  }
  switch (link.store.link.value) {
    case 'disconnected':
    case 'detached':
      return { tone: 'err', icon: 'plug', word: trans.__('Disconnected') };
    case 'dead':
      return { tone: 'err', icon: 'plug', word: trans.__('Kernel died') };
    case 'restarting':
      return { tone: 'warn', icon: 'wait', word: trans.__('Restarting') };
    case 'starting':
      return { tone: 'off', icon: 'wait', word: trans.__('Starting') };
    case 'connecting':
      return { tone: 'off', icon: 'wait', word: trans.__('Connecting') };
    case 'busy':
      return { tone: 'warn', icon: 'wait', word: trans.__('Busy') };
    case 'foreign':
      return { tone: 'off', icon: 'info', word: trans.__('Not Python') };
    case 'absent':
    case 'saved':
    case 'file':
      return { tone: 'off', icon: 'info', word: trans.__('Not loaded') };
    case 'live':
      return liveWords(runsOf(link.store.state.value));
  }
}

/** A kernel that the user ended, while what its runs computed is still shown. */
function isShutDown(target: PanelTarget | null, link: PanelLink): boolean {
  return target?.kernel === null && link.store.link.value === 'detached';
}

function liveWords(runs: readonly RunRecord[]): Words {
  const word = openText(runs);
  if (word === null) {
    return { tone: 'off', icon: 'ok', word: trans.__('Idle') };
  }
  return movingRuns(runs) > 0 ? { tone: 'live', icon: 'pulse', word } : { tone: 'off', icon: 'pause', word };
}

/** A document without a kernel. */
export function NoKernel({ target }: { target: PanelTarget }): JSX.Element {
  if (target.starting) {
    return <Starting />;
  }
  return (
    <Empty picture={<Icon name="plug" size={30} />} title={trans.__('This document has no kernel')}>
      <p>{trans.__('DeepView works in a kernel. Choose one to continue.')}</p>
      <Button look="primary" label={trans.__('Choose a kernel')} onClick={target.chooseKernel} />
    </Empty>
  );
}

/** What fills the panel of a kernel that tells nothing, and has told nothing; null where there is more to show. */
export function Silence({ target, link }: { target: PanelTarget; link: PanelLink }): JSX.Element | null {
  switch (link.store.link.value) {
    case 'starting':
      return <Starting />;
    case 'connecting':
      return <p class="dv-SidePanel-note dv-muted">{trans.__('Connecting to the kernel.')}</p>;
    case 'busy':
      return <Busy link={link} />;
    case 'restarting':
      return (
        <Empty picture={<Icon name="wait" size={30} />} title={trans.__('The kernel restarts')}>
          <p>{trans.__('DeepView can be loaded when it is back.')}</p>
        </Empty>
      );
    case 'foreign':
      return (
        <Empty picture={<Icon name="info" size={30} />} title={trans.__('This kernel does not run Python')}>
          <p>{trans.__('DeepView looks into models and data of Python kernels.')}</p>
          <Button look="primary" label={trans.__('Choose a kernel')} onClick={target.chooseKernel} />
        </Empty>
      );
    case 'disconnected':
    case 'detached':
    case 'dead':
    case 'absent':
    case 'saved':
    case 'file':
    case 'live':
      return null;
  }
}

function Starting(): JSX.Element {
  return (
    <Empty picture={<Icon name="wait" size={30} />} title={trans.__('The kernel is starting')}>
      <p>{trans.__('DeepView connects as soon as it answers.')}</p>
    </Empty>
  );
}

function Busy({ link: { source } }: { link: PanelLink }): JSX.Element {
  return (
    <Empty picture={<Icon name="wait" size={30} />} title={trans.__('The kernel is busy with a cell')}>
      <p>
        {trans.__(
          'Runs continue and nothing is lost. DeepView appears as soon as the kernel answers, at the latest when the cell ends.',
        )}
      </p>
      {source.interrupt !== null && (
        <Button
          label={trans.__('Interrupt the kernel')}
          title={trans.__(
            'Stops the cell. A run that the cell itself carries out stops too and keeps its results.',
          )}
          onClick={() => {
            void source.interrupt?.();
          }}
        />
      )}
    </Empty>
  );
}

/** Above the runs of a kernel that cannot be reached: what happened, what was kept, what to do. */
export function AwayBanner({
  target,
  link,
  runs,
}: {
  target: PanelTarget;
  link: PanelLink;
  runs: readonly RunRecord[];
}): JSX.Element | null {
  const restart = <Button look="plain" label={trans.__('Restart kernel…')} onClick={target.restartKernel} />;
  const state = link.store.link.value;
  switch (state) {
    case 'disconnected':
      return (
        <Away what={trans.__('The kernel does not answer.')} link={state} runs={runs}>
          <Reconnecting store={link.store} source={link.source} />
          {restart}
        </Away>
      );
    case 'dead':
      return (
        <Away what={trans.__('The kernel has died.')} link={state} runs={runs}>
          <Button label={trans.__('Start a kernel')} onClick={target.restartKernel} />
        </Away>
      );
    case 'detached':
      return isShutDown(target, link) ? (
        <Away what={trans.__('This document has no kernel.')} link={state} runs={runs}>
          {!target.starting && <Button label={trans.__('Choose a kernel')} onClick={target.chooseKernel} />}
        </Away>
      ) : (
        <Away what={trans.__('The connection to the kernel was closed.')} link={state} runs={runs}>
          <span>{trans.__('Reload the page to connect again.')}</span>
        </Away>
      );
    case 'busy':
      return (
        <Away
          what={trans.__('The kernel is busy with a cell and does not answer.')}
          link={state}
          runs={runs}
        />
      );
    case 'restarting':
      return <Away what={trans.__('The kernel restarts.')} link={state} runs={runs} />;
    default:
      return null;
  }
}

function Away({
  what,
  link,
  runs,
  children,
}: {
  what: string;
  link: Link;
  runs: readonly RunRecord[];
  children?: ComponentChildren;
}): JSX.Element {
  const unfinished = runs.filter(({ state }) => state !== null && !isOver(state.status));
  // The one that was at work has something to lose, rather than one that waits for its turn.
  const open = unfinished.find(({ state }) => state !== null && isMoving(state.status)) ?? unfinished[0];
  const kept =
    open !== undefined
      ? keptText(open, link)
      : runs.length > 0
        ? trans.__('What the runs computed is still shown here.')
        : '';
  return (
    <Banner tone="warn" icon="plug">
      <span>
        <b>{what}</b> {kept}
      </span>
      {children}
    </Banner>
  );
}

/** What is wrong although the kernel answers. */
export function LiveBanners({ link, version }: { link: PanelLink; version: string }): JSX.Element {
  const { store } = link;
  const other = store.state.value.version;
  const problem = store.problem.value;
  return (
    <>
      {other !== null && other !== version && (
        <Banner tone="warn" icon="warn">
          <span>
            <b>{trans.__('DeepView is %1 in this kernel and %2 in JupyterLab.', other, version)}</b>{' '}
            {trans.__(
              'Some things may be missing. Install the same version in both, then restart the kernel and reload the page.',
            )}
          </span>
        </Banner>
      )}
      {problem !== null && (
        <Banner tone="warn" icon="warn">
          <span>{trans.__('A message from the kernel could not be read. %1', problem)}</span>
        </Banner>
      )}
    </>
  );
}
