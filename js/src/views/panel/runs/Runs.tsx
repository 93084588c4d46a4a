import type { JSX, RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { isContinued } from '../../../store/launch/checkpoint';
import { unheard } from '../../../store/files/kept';
import type { RunRecord } from '../../../store/kernel/state';
import { trans } from '../../../store/shared/trans';
import { More, usePages } from '../../ui/More';
import { openText } from '../../ui/words/runWords';
import { count } from '../../ui/words/format';
import { KeptRuns } from './KeptRuns';
import { RunCard } from './RunCard';
import { RunNews } from './RunNews';
import { Section } from '../Section';
import type { PanelActions, PanelLink, PanelTarget, SaveRun } from '../target';

interface Props {
  link: PanelLink;
  runs: readonly RunRecord[];
  openRun: PanelActions['openRun'];
  showRun: PanelActions['showRun'];
  /** Keeps a run in a report file; null where no kernel answers. */
  saveRun: SaveRun | null;
  insertCode: PanelTarget['insertCode'];
  target: PanelTarget;
  actions: PanelActions;
}

export function Runs({ link, runs, target, actions, ...steps }: Props): JSX.Element {
  const body = useRef<HTMLDivElement>(null);
  useNewestInSight(body, runs);
  const kept = unheard(actions.kept.runs.value, runs);
  const live = link.store.link.value === 'live';
  const { shown, ...more } = usePages(runs, link.store.preferences.value.pageSize);
  const summary = (live ? openText(runs) : null) ?? (runs.length > 0 ? count(runs.length) : undefined);
  return (
    <>
      <Section title={trans.__('Runs')} summary={summary} testId="dv-runs" grow="rest" body={body}>
        {runs.length === 0 && kept.length === 0 && (
          <p class="dv-SidePanel-note dv-muted">
            {trans.__('Nothing has run yet. Runs keep going if you close this panel.')}
          </p>
        )}
        {shown.map((record, i) => (
          <RunCard
            key={record.id}
            link={link}
            record={record}
            continued={isContinued(record, shown.slice(0, i))}
            {...steps}
          />
        ))}
        <More {...more} />
        <KeptRuns runs={kept} target={target} actions={actions} />
      </Section>
      <RunNews key={link.id} runs={runs} />
    </>
  );
}

/** Who has scrolled down to old runs sees the next one begin. */
function useNewestInSight(body: RefObject<HTMLDivElement | null>, runs: readonly RunRecord[]): void {
  const newest = runs[0]?.id;
  const first = useRef(true);
  useLayoutEffect(() => {
    if (newest !== undefined && body.current !== null) {
      body.current.scrollTop = 0;
      if (!first.current) {
        body.current.querySelector('[data-run]')?.scrollIntoView({ block: 'nearest' });
      }
    }
    first.current = false;
  }, [newest]);
}
