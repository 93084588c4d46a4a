import type { JSX } from 'preact';
import { openRuns } from '../../store/runChoice';
import type { RunRecord } from '../../store/state';
import { trans } from '../../store/trans';
import { More, usePages } from '../common/More';
import { count } from '../format';
import { RunCard } from './RunCard';
import { Section } from './Section';
import type { PanelActions, PanelLink } from './target';

interface Props {
  link: PanelLink;
  runs: readonly RunRecord[];
  openRun: PanelActions['openRun'];
}

export function Runs({ link, runs, openRun }: Props): JSX.Element {
  const live = link.store.link.value === 'live';
  const running = live ? openRuns(runs) : 0;
  const { shown, ...more } = usePages(runs, link.store.preferences.value.pageSize);
  const summary =
    running > 0 ? trans.__('%1 running', count(running)) : runs.length > 0 ? count(runs.length) : undefined;
  return (
    <Section title={trans.__('Runs')} summary={summary} testId="dv-runs" grow="rest">
      {runs.length === 0 && (
        <p class="dv-SidePanel-note dv-muted">
          {trans.__('Nothing has run yet. Runs keep going if you close this panel.')}
        </p>
      )}
      {shown.map(record => (
        <RunCard key={record.id} link={link} record={record} openRun={openRun} />
      ))}
      <More {...more} />
    </Section>
  );
}
