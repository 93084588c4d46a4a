import type { ReadonlySignal } from '@preact/signals';
import type { JSX, RefObject } from 'preact';
import { useRef } from 'preact/hooks';
import { Icon, Mark } from '../../render/icon';
import { allRuns } from '../../store/kernel/runChoice';
import { trans } from '../../store/shared/trans';
import { consume, hasModifier, isTyping, shield } from '../ui/keys';
import { Button, Empty, State } from '../ui/parts';
import { AwayBanner, LiveBanners, NoKernel, Silence, kernelWords } from './kernel/KernelState';
import { Layers } from './sources/Layers';
import { NotLoaded } from './kernel/NotLoaded';
import { Reports } from './files/Reports';
import { RunForm } from './form/RunForm';
import { Runs } from './runs/Runs';
import { Section } from './Section';
import { Sources } from './sources/Sources';
import { readerOf } from './files/reader';
import type { PanelActions, PanelTarget, SaveRun } from './target';

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
      <Head target={current} actions={actions} />
      <div class="dv-SidePanel-body">
        <Body target={current} actions={actions} search={search} />
        <Reports target={current} actions={actions} />
      </div>
    </section>
  );
}

function Head({ target, actions }: { target: PanelTarget | null; actions: PanelActions }): JSX.Element {
  const link = target?.link ?? null;
  const version = link?.store.state.value.version ?? null;
  const loaded = link !== null && link.store.link.value !== 'absent' && version !== null;
  const parts = [
    target?.document ?? trans.__('No notebook is active'),
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
        <State pill {...kernelWords(target)} />
        {link !== null && (
          <Button
            look="plain"
            bare
            icon="refresh"
            label={trans.__('Refresh')}
            onClick={() => {
              link.refresh();
              void actions.reports.shelf.refresh();
              void actions.kept.refresh();
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

interface BodyProps {
  target: PanelTarget | null;
  actions: PanelActions;
  search: RefObject<HTMLInputElement | null>;
}

function Body({ target, actions, search }: BodyProps): JSX.Element {
  if (target === null) {
    return (
      <Empty picture={<Icon name="report" size={30} />} title={trans.__('Open a notebook to start')}>
        <p>{trans.__('DeepView looks into models and data that live in a notebook’s kernel.')}</p>
        <Button
          look="primary"
          label={trans.__('New notebook')}
          onClick={() => {
            actions.newNotebook();
          }}
        />
        <Button
          label={trans.__('Open an example')}
          testId="dv-open-demo"
          onClick={() => {
            actions.openDemo();
          }}
        />
      </Empty>
    );
  }
  const { link } = target;
  if (link === null) {
    return <NoKernel target={target} />;
  }
  const state = link.store.link.value;
  const runs = allRuns(link.store.state.value);
  const cards = {
    link,
    runs,
    saveRun: savingOf(target, actions),
    openRun: actions.openRun,
    showRun: actions.showRun,
    insertCode: target.insertCode,
    target,
    actions,
  };
  if (runs.length === 0) {
    const silence = Silence({ target, link });
    if (silence !== null) {
      return silence;
    }
  }
  if (state === 'absent' || state === 'saved' || state === 'file') {
    return (
      <>
        <NotLoaded key={link.id} link={link} insertCode={target.insertCode} />
        {runs.length > 0 && <Runs {...cards} />}
      </>
    );
  }
  if (state !== 'live' && state !== 'connecting') {
    return (
      <>
        <AwayBanner target={target} link={link} runs={runs} />
        <Section title={trans.__('In this kernel')} testId="dv-sources">
          <p class="dv-SidePanel-note dv-muted">{trans.__('Unknown while the kernel does not answer.')}</p>
        </Section>
        <Runs {...cards} />
      </>
    );
  }
  return (
    <>
      <LiveBanners link={link} version={actions.version} />
      <Sources link={link} insertCode={target.insertCode} />
      <Layers link={link} search={search} />
      <RunForm link={link} insertCode={target.insertCode} showRun={actions.showRun} />
      <Runs {...cards} />
    </>
  );
}

/** Saving runs by the kernel of a notebook; null while it does not answer. */
function savingOf(target: PanelTarget, { reports }: PanelActions): SaveRun | null {
  const reader = readerOf(target);
  return reader === null
    ? null
    : (run, name) => {
        void reports.desk.save(run, name, reader);
      };
}
