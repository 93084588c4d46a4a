import type { JSX } from 'preact';
import { type RunRecord, isOver } from '../../store/state';
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
  const running = runs.filter(({ state }) => live && state !== null && !isOver(state.status)).length;
  const summary =
    running > 0 ? `${count(running)} running` : runs.length > 0 ? count(runs.length) : undefined;
  return (
    <Section title="Runs" summary={summary} testId="dv-runs" grow="rest">
      {runs.length === 0 && (
        <p class="dv-SidePanel-note dv-muted">
          Nothing has run yet. Runs keep going if you close this panel.
        </p>
      )}
      {runs.map(record => (
        <RunCard key={record.id} link={link} record={record} openRun={openRun} />
      ))}
    </Section>
  );
}
