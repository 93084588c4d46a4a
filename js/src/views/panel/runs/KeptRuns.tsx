import type { JSX } from 'preact';
import type { KeptRun } from '../../../store/files/kept';
import { trans } from '../../../store/shared/trans';
import { Button, State } from '../../ui/parts';
import { count } from '../../ui/words/format';
import { MoreButton } from '../MoreButton';
import { deleteEntry, showEntries } from '../files/fileEntries';
import { shortTime } from '../files/reportWords';
import type { PanelActions, PanelTarget } from '../target';

interface Props {
  runs: readonly KeptRun[];
  target: PanelTarget;
  actions: PanelActions;
}

/** Runs that nobody works on as far as this page knows, but that can be gone on with. */
export function KeptRuns({ runs, target, actions }: Props): JSX.Element {
  const now = new Date();
  return (
    <>
      {runs.map(run => (
        <article
          key={run.path}
          class="dv-RunCard"
          data-testid="dv-kept-run"
          data-folder={run.folder}
          aria-label={run.name}
        >
          <div class="dv-RunCard-title">
            <State tone="off" icon="pause" word="" />
            <span class="dv-ellipsis dv-strong" title={run.path}>
              {run.name}
            </span>
            <span class="dv-grow" />
            <Actions run={run} target={target} actions={actions} />
          </div>
          <div class="dv-RunCard-foot dv-caption dv-num">
            <span class="dv-ellipsis">{keptText(run)}</span>
            <span>{shortTime(run.modified, now)}</span>
          </div>
          <div class="dv-caption">
            {run.cell !== null && target.insertCode !== null
              ? trans.__(
                  'Run the cells that define its model and data, then insert its code: the run resumes from there.',
                )
              : trans.__('Run the code that started it again: the run resumes from there.')}
          </div>
        </article>
      ))}
    </>
  );
}

function keptText({ batches, totalBatches }: KeptRun): string {
  return totalBatches === null
    ? trans.__('on disk to batch %1', count(batches))
    : trans.__('on disk to batch %1 / %2', count(batches), count(totalBatches));
}

interface ActionsProps extends Omit<Props, 'runs'> {
  run: KeptRun;
}

function Actions({ run, target, actions: { reports } }: ActionsProps): JSX.Element {
  const { insertCode } = target;
  const { cell, name } = run;
  return (
    <>
      {cell !== null && insertCode !== null && (
        <Button
          look="plain"
          bare
          icon="code"
          label={trans.__('Insert the code that resumes %1', name)}
          title={trans.__('Insert the code that resumes it')}
          testId="dv-kept-insert"
          onClick={() => {
            insertCode(cell);
          }}
        />
      )}
      <MoreButton
        name={name}
        testId="dv-kept-menu"
        menu={at => {
          const folder = { name: run.folder, path: run.path };
          reports.menu([...showEntries(folder, reports), deleteEntry(folder, target, reports)], at);
        }}
      />
    </>
  );
}
