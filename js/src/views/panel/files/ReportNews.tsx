import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { ReportDesk } from '../../../store/files/reportActions';
import { trans } from '../../../store/shared/trans';
import { Banner, Button } from '../../ui/parts';
import { sentence } from '../../ui/trouble';
import { documentOf } from './reader';
import type { PanelLink, PanelTarget } from '../target';

interface Props {
  target: PanelTarget | null;
  desk: ReportDesk;
}

/** What becomes of opening and saving reports in this notebook, and what is missing for it. */
export function ReportNews({ target, desk }: Props): JSX.Element | null {
  const document = documentOf(target);
  const told = desk.told.value?.document === document ? desk.told.value : null;
  const wanted = desk.wanted.value?.document === document ? desk.wanted.value : null;
  if (told === null && wanted === null) {
    return null;
  }
  const tone = told?.what === 'failed' ? 'err' : 'info';
  return (
    <div class="dv-ReportNews" data-testid="dv-report-news" data-what={told?.what ?? 'wanted'}>
      <Banner tone={tone} icon={tone === 'err' ? 'err' : 'info'}>
        {told !== null && <span>{sentence(told.text)}</span>}
        {wanted !== null && <Missing target={target} name={wanted.file.name} />}
        {told?.what !== 'doing' && (
          <Button
            look="plain"
            bare
            icon="close"
            label={trans.__('Dismiss')}
            onClick={() => {
              desk.clear();
            }}
          />
        )}
      </Banner>
    </div>
  );
}

/** What a notebook lacks to open a report, and the way to it. The report opens when it is there. */
function Missing({ target, name }: { target: PanelTarget | null; name: string }): JSX.Element {
  const link = target?.link ?? null;
  if (target === null) {
    return <span>{trans.__('A kernel must read %1. Open a notebook first.', name)}</span>;
  }
  if (link === null || target.evaluate === null) {
    return (
      <>
        <span>{trans.__('A kernel must read %1, and this notebook has none.', name)}</span>
        <Button
          label={trans.__('Choose a kernel')}
          onClick={() => {
            target.chooseKernel();
          }}
        />
      </>
    );
  }
  switch (link.store.link.value) {
    case 'absent':
    case 'saved':
    case 'file':
      return <Load link={link} name={name} />;
    case 'foreign':
      return (
        <span>{trans.__('A Python kernel must read %1. Open it beside a notebook that has one.', name)}</span>
      );
    default:
      return <span>{trans.__('%1 opens when the kernel answers.', name)}</span>;
  }
}

function Load({ link, name }: { link: PanelLink; name: string }): JSX.Element {
  const loading = useSignal(false);
  const problem = useSignal<string | null>(null);
  const load = async () => {
    loading.value = true;
    problem.value = null;
    problem.value = await link.load();
    loading.value = false;
  };
  return (
    <>
      <span>{trans.__('Load DeepView in this kernel to read %1.', name)}</span>
      <Button
        look="primary"
        label={loading.value ? trans.__('Waiting for the kernel') : trans.__('Load DeepView and open')}
        disabled={loading.value}
        testId="dv-report-load"
        onClick={() => {
          void load();
        }}
      />
      {problem.value !== null && (
        <span>
          <b>{trans.__('DeepView could not be loaded.')}</b> {problem.value}
        </span>
      )}
    </>
  );
}
