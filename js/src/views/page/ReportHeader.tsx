import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { Mark } from '../../render/icon';
import { trans } from '../../store/shared/trans';
import { Button } from '../ui/parts';
import { useUniqueId } from '../ui/browser/uniqueId';

/** What a page tells of itself. */
export interface AboutPage {
  readonly title: string;
  /** For people: 12,400. */
  readonly samples: string;
  readonly created: string;
  readonly version: string;
  /** Bytes of the page. */
  readonly bytes: number;
  readonly contents: readonly string[];
  readonly code: string | null;
}

interface Props {
  readonly about: AboutPage;
  readonly dark: boolean;
  readonly setDark: (dark: boolean) => void;
  /** Hands the reader what the page holds, for other programs. */
  readonly saveJson: () => void;
}

/** The head of a page that was exported: what it is, what it holds, light or dark. */
export function ReportHeader({ about, dark, setDark, saveJson }: Props): JSX.Element {
  const open = useSignal(false);
  const details = useUniqueId();
  return (
    <header class="dv-ReportHeader" data-testid="dv-report-header">
      <Mark size={26} />
      <div class="dv-ReportHeader-title">
        <h1 class="dv-ellipsis" title={about.title}>
          {about.title}
        </h1>
        <dl>
          <Fact name={trans.__('Samples')} value={about.samples} />
          <Fact name={trans.__('Created')} value={timeText(about.created)} />
          <Fact name="DeepView Lab" value={about.version} />
          <Fact name={trans.__('Size')} value={trans.__('%1 MB, works offline', megabytes(about.bytes))} />
        </dl>
      </div>
      <div class="dv-ReportHeader-actions">
        <button
          type="button"
          class="dv-Button normal"
          aria-expanded={open.value}
          aria-controls={details}
          data-testid="dv-page-details"
          onClick={() => {
            open.value = !open.value;
          }}
        >
          {trans.__('Details')}
        </button>
        <Button
          label={dark ? trans.__('Light theme') : trans.__('Dark theme')}
          testId="dv-page-theme"
          onClick={() => {
            setDark(!dark);
          }}
        />
        <Button icon="save" label={trans.__('Data as JSON')} testId="dv-page-json" onClick={saveJson} />
      </div>
      <div id={details} class="dv-ReportHeader-details" hidden={!open.value}>
        <h2>{trans.__('In this page')}</h2>
        <ul>
          {about.contents.map((line, i) => (
            <li key={i}>{line}</li>
          ))}
        </ul>
        {about.code !== null && (
          <>
            <h2>{trans.__('Code that started the run')}</h2>
            <pre>{about.code}</pre>
          </>
        )}
      </div>
    </header>
  );
}

function Fact({ name, value }: { name: string; value: string }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

/** 2026-11-18T14:02:00+00:00 as 2026-11-18 14:02 UTC; another text as it is. */
function timeText(iso: string): string {
  const found = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d)?(?:\+00:00|Z)$/.exec(iso);
  return found === null ? iso : `${found[1] ?? ''} ${found[2] ?? ''} UTC`;
}
