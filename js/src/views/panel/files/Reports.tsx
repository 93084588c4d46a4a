import type { JSX, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from '../../../render/icon';
import { type ReportFile, openCode, relativePath } from '../../../store/files/reports';
import { trans } from '../../../store/shared/trans';
import { More, usePages } from '../../ui/More';
import { Prose } from '../../ui/Prose';
import { Button } from '../../ui/parts';
import { useRoving } from '../../ui/roving';
import { count } from '../../ui/words/format';
import { MoreButton } from '../MoreButton';
import { ReportNews } from './ReportNews';
import { Section } from '../Section';
import { deleteEntry, showEntries, tellProblem } from './fileEntries';
import { documentOf, readerOf } from './reader';
import { fileSize, folderName, longText, shortTime } from './reportWords';
import type { MenuEntry, PanelActions, PanelTarget } from '../target';

interface Props {
  target: PanelTarget | null;
  actions: PanelActions;
}

/** Report files of the notebook's folder and of the folder for all: a click shows what the run found. */
export function Reports({ target, actions }: Props): JSX.Element {
  const { shelf, desk } = actions.reports;
  const files = shelf.files.value;
  const problem = shelf.problem.value;
  const pageSize = target?.link?.store.preferences.value.pageSize ?? 50;
  const none = files?.length === 0;
  const { shown, ...more } = usePages(files ?? [], pageSize);
  const reader = readerOf(target);
  const document = documentOf(target);
  const open = (file: ReportFile) => {
    const kernel = target?.link?.id;
    if (reader === null || kernel === undefined) {
      desk.want(file, document);
      return;
    }
    void desk.open(file, reader).then(run => {
      if (run !== null) {
        actions.openRun(kernel, run);
      }
    });
  };
  const wanted = desk.wanted.value;
  const mayOpen = reader !== null && wanted !== null && wanted.document === document;
  useEffect(() => {
    if (mayOpen) {
      open(wanted.file);
    }
  }, [mayOpen, wanted]);
  return (
    <>
      <Section
        title={trans.__('Reports')}
        summary={none ? trans.__('none yet') : files === null ? undefined : count(files.length)}
        testId="dv-reports"
        grow="some"
        empty={shown.length === 0 && problem === null}
        tools={
          <Button
            look="plain"
            bare
            icon="refresh"
            label={trans.__('Refresh the report files')}
            onClick={() => {
              void shelf.refresh();
            }}
          />
        }
      >
        {problem !== null && (
          <div class="dv-Err" role="alert">
            {problem}
          </div>
        )}
        {none && problem === null && <NoReports />}
        <Rows files={shown} open={open} target={target} actions={actions} />
        <More {...more} />
      </Section>
      <ReportNews target={target} desk={desk} />
    </>
  );
}

function NoReports(): JSX.Element {
  return (
    <p class="dv-SidePanel-note dv-muted">
      <Prose
        text={trans.__(
          'No report yet. A report keeps what a run found: “Save report” on a finished run, `run.save("audit.dvreport")`, or `%deepview save` in a cell.',
        )}
      />
    </p>
  );
}

interface RowsProps extends Props {
  files: readonly ReportFile[];
  open: (file: ReportFile) => void;
}

function Rows({ files, open, target, actions }: RowsProps): JSX.Element | null {
  const roving = useRoving(files.length, '.dv-Row');
  const list = useRef<HTMLDivElement>(null);
  useKeptFocus(list, files);
  const now = new Date();
  return files.length === 0 ? null : (
    <div
      ref={list}
      role="toolbar"
      aria-orientation="vertical"
      aria-label={trans.__('Report files')}
      onKeyDown={roving.onKeyDown}
    >
      {files.map((file, i) => (
        <ReportRow
          key={file.path}
          file={file}
          now={now}
          tabIndex={roving.tabIndex(i)}
          onFocus={() => {
            roving.onFocus(i);
          }}
          open={() => {
            open(file);
          }}
          menu={at => {
            actions.reports.menu(entriesOf(file, open, target, actions), at);
          }}
        />
      ))}
    </div>
  );
}

/** A file that is renamed or deleted takes its row with it: the focus goes to the one that Tab reaches. */
function useKeptFocus(list: RefObject<HTMLDivElement | null>, files: readonly ReportFile[]): void {
  const had = list.current?.contains(document.activeElement) === true;
  useLayoutEffect(() => {
    const { current } = list;
    if (had && current?.contains(document.activeElement) === false) {
      current.querySelector<HTMLElement>('.dv-Row[tabindex="0"]')?.focus();
    }
  }, [files]);
}

interface RowProps {
  file: ReportFile;
  now: Date;
  tabIndex: 0 | -1;
  onFocus: () => void;
  open: () => void;
  menu: (at: HTMLElement) => void;
}

function ReportRow({ file, now, tabIndex, onFocus, open, menu }: RowProps): JSX.Element {
  const { stem, name, folder, modified, size } = file;
  const facts = [shortTime(modified, now), ...(size === null ? [] : [fileSize(size)])];
  return (
    <div class="dv-Report" data-testid="dv-report" data-path={file.path}>
      <button
        type="button"
        class="dv-Row"
        data-testid="dv-report-open"
        title={longText(file)}
        tabIndex={tabIndex}
        onFocus={onFocus}
        onClick={open}
        onContextMenu={event => {
          event.preventDefault();
          event.stopPropagation();
          menu(event.currentTarget);
        }}
      >
        <Icon name="report" />
        <span class="dv-Report-what">
          <span class="dv-ellipsis">{stem}</span>
          <span class="dv-muted dv-ellipsis">{folderName(folder)}</span>
        </span>
        <span class="dv-Row-end">{facts.filter(fact => fact !== '').join(' · ')}</span>
      </button>
      <MoreButton name={name} testId="dv-report-menu" tabIndex={tabIndex} onFocus={onFocus} menu={menu} />
    </div>
  );
}

function entriesOf(
  file: ReportFile,
  open: (file: ReportFile) => void,
  target: PanelTarget | null,
  { reports }: PanelActions,
): MenuEntry[] {
  const insert = target?.insertCode ?? null;
  const taken = new Set(target?.link?.store.state.peek().namespace?.taken);
  return [
    {
      label: trans.__('Open'),
      run: () => {
        open(file);
      },
    },
    ...(insert === null
      ? []
      : [
          {
            label: trans.__('Insert as Code'),
            run: () => {
              insert(openCode(relativePath(target?.folder ?? '', file.path), taken));
            },
          },
        ]),
    ...showEntries(file, reports),
    {
      label: trans.__('Rename…'),
      run: () => {
        void tellProblem(reports.rename(file), target, reports);
      },
    },
    deleteEntry(file, target, reports),
  ];
}
