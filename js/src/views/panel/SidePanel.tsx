import type { ReadonlySignal } from '@preact/signals';
import type { JSX, RefObject } from 'preact';
import { useRef } from 'preact/hooks';
import { Icon, Mark } from '../../render/icon';
import { type RunRecord, isOver } from '../../store/state';
import { consume, hasModifier, isTyping, shield } from '../common/keys';
import { Banner, Button, Empty, State } from '../common/parts';
import type { Words } from '../common/runWords';
import { count } from '../format';
import { Layers } from './Layers';
import { NotLoaded } from './NotLoaded';
import { RunForm } from './RunForm';
import { Runs } from './Runs';
import { Section } from './Section';
import { Sources } from './Sources';
import type { PanelActions, PanelLink, PanelTarget } from './target';

interface Props {
  target: ReadonlySignal<PanelTarget | null>;
  actions: PanelActions;
}

export function SidePanel({ target, actions }: Props): JSX.Element {
  const current = target.value;
  const search = useRef<HTMLInputElement>(null);
  return (
    <section
      class="dv-SidePanel"
      data-testid="dv-side-panel"
      aria-label="DeepView"
      onKeyDown={event => {
        if (event.key === '/' && !hasModifier(event) && !isTyping(event) && search.current !== null) {
          consume(event);
          search.current.focus();
          search.current.select();
        }
        shield(event);
      }}
    >
      <Head target={current} />
      <div class="dv-SidePanel-body">
        <Body target={current} actions={actions} search={search} />
      </div>
    </section>
  );
}

function Head({ target }: { target: PanelTarget | null }): JSX.Element {
  const link = target?.link ?? null;
  const version = link?.store.state.value.version ?? null;
  const loaded = link !== null && link.store.link.value !== 'absent' && version !== null;
  const parts = [
    target?.document ?? 'No notebook is active',
    target?.kernel,
    loaded ? `DeepView ${version}` : null,
  ];
  const caption = parts.filter(part => part !== null && part !== undefined).join(' · ');
  return (
    <header class="dv-SidePanel-head">
      <div class="dv-SidePanel-title">
        <span class="dv-brand">
          <Mark />
        </span>
        <h3>DeepView</h3>
        <span class="dv-grow" />
        <State pill {...panelWords(link)} />
        {link !== null && (
          <Button
            look="plain"
            bare
            icon="refresh"
            label="Look again in this kernel"
            onClick={() => {
              link.refresh();
            }}
          />
        )}
      </div>
      <div class="dv-caption dv-ellipsis" title={caption}>
        {caption}
      </div>
    </header>
  );
}

function panelWords(link: PanelLink | null): Words {
  if (link === null) {
    return { tone: 'off', icon: 'plug', word: 'No kernel' };
  }
  switch (link.store.link.value) {
    case 'disconnected':
      return { tone: 'err', icon: 'plug', word: 'Disconnected' };
    case 'connecting':
      return { tone: 'off', icon: 'wait', word: 'Connecting' };
    case 'absent':
    case 'saved':
      return { tone: 'off', icon: 'info', word: 'Not loaded' };
    case 'live': {
      const running = runsOf(link).filter(({ state }) => state !== null && !isOver(state.status)).length;
      return running === 0
        ? { tone: 'off', icon: 'ok', word: 'Idle' }
        : { tone: 'live', icon: 'pulse', word: `${count(running)} running` };
    }
  }
}

/** The runs of the kernel as it is now, newest first. */
function runsOf(link: PanelLink): RunRecord[] {
  return [...link.store.state.value.runs.values()]
    .filter(record => !record.lost && record.state !== null)
    .reverse();
}

interface BodyProps {
  target: PanelTarget | null;
  actions: PanelActions;
  search: RefObject<HTMLInputElement | null>;
}

function Body({ target, actions, search }: BodyProps): JSX.Element {
  if (target === null) {
    return (
      <Empty picture={<Icon name="report" size={30} />} title="Open a notebook to start">
        <p>DeepView looks into models and data that live in a notebook’s kernel.</p>
        <Button
          look="primary"
          label="New notebook"
          onClick={() => {
            actions.newNotebook();
          }}
        />
      </Empty>
    );
  }
  const { link } = target;
  if (link === null) {
    return (
      <Empty picture={<Icon name="plug" size={30} />} title="This document has no kernel">
        <p>DeepView works in the kernel. Choose one to go on.</p>
        <Button look="primary" label="Choose a kernel" onClick={target.chooseKernel} />
      </Empty>
    );
  }
  const state = link.store.link.value;
  if (state === 'absent' || state === 'saved') {
    return <NotLoaded key={link.id} link={link} insertCode={target.insertCode} />;
  }
  const runs = runsOf(link);
  if (state === 'connecting' && runs.length === 0) {
    return (
      <p class="dv-SidePanel-note dv-muted">Waiting for the kernel to answer. It may be busy with a cell.</p>
    );
  }
  if (state === 'disconnected') {
    return (
      <>
        <Banner tone="warn" icon="plug">
          <span>
            <b>The kernel does not answer.</b> What the runs computed is kept here.
          </span>
        </Banner>
        <Section title="In this kernel" testId="dv-sources">
          <p class="dv-SidePanel-note dv-muted">Unknown while disconnected.</p>
        </Section>
        <Runs link={link} runs={runs} openRun={actions.openRun} />
      </>
    );
  }
  return (
    <>
      <Sources link={link} />
      <Layers link={link} search={search} />
      <RunForm plan={link.plan} launcher={link.launcher} insertCode={target.insertCode} />
      <Runs link={link} runs={runs} openRun={actions.openRun} />
    </>
  );
}
