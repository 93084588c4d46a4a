import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { Icon } from '../../render/icon';
import { type RunRecord, isOver } from '../../store/state';
import { count } from '../format';
import { RunCard } from './RunCard';
import type { PanelActions, PanelLink } from './target';

interface Props {
  link: PanelLink;
  runs: readonly RunRecord[];
  openRun: PanelActions['openRun'];
}

export function Runs({ link, runs, openRun }: Props): JSX.Element {
  const open = useSignal(true);
  const live = link.store.link.value === 'live';
  const running = runs.filter(({ state }) => live && state !== null && !isOver(state.status)).length;
  return (
    <section class="dv-Section" data-testid="dv-runs" aria-label="Runs">
      <h4>
        <button
          type="button"
          aria-expanded={open.value}
          onClick={() => {
            open.value = !open.value;
          }}
        >
          <Icon name="chevron" />
          Runs
          <span class="dv-count">
            {running > 0 ? `${count(running)} running` : runs.length > 0 && count(runs.length)}
          </span>
        </button>
      </h4>
      {open.value && (
        <div class="dv-Section-body">
          {runs.length === 0 && (
            <p class="dv-SidePanel-note dv-muted">
              Nothing has run yet. Runs keep going if you close this panel.
            </p>
          )}
          {runs.map(record => (
            <RunCard key={record.id} link={link} record={record} openRun={openRun} />
          ))}
        </div>
      )}
    </section>
  );
}
