import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { Mark } from '../../../render/icon';
import { trans } from '../../../store/shared/trans';
import { Prose } from '../../ui/Prose';
import { Button, Empty } from '../../ui/parts';
import type { PanelLink } from '../target';

const LOAD_CODE = '%load_ext deepview_lab';
const PIP_CODE = '%pip install deepview_lab';

interface Props {
  link: PanelLink;
  insertCode: ((code: string) => void) | null;
}

export function NotLoaded({ link, insertCode }: Props): JSX.Element {
  const loading = useSignal(false);
  const problem = useSignal<string | null>(null);
  const pip = useSignal(false);
  const load = async () => {
    loading.value = true;
    problem.value = null;
    problem.value = await link.load();
    loading.value = false;
  };
  const missing = problem.value !== null && isMissing(problem.value);
  return (
    <Empty picture={<Mark size={34} />} title={titleOf(missing)}>
      <p>
        {missing ? (
          trans.__('This kernel has Python packages of its own. Install it there, then load it.')
        ) : (
          <Prose
            text={trans.__(
              'Loading imports `deepview_lab`. It runs nothing and does not change your variables.',
            )}
          />
        )}
      </p>
      {missing && <PipCommand insertCode={insertCode} look="primary" />}
      <Button
        look={missing ? 'normal' : 'primary'}
        label={loading.value ? trans.__('Waiting for the kernel') : trans.__('Load DeepView')}
        disabled={loading.value}
        testId="dv-load"
        onClick={() => {
          void load();
        }}
      />
      {insertCode !== null && !missing && <Insert code={LOAD_CODE} insertCode={insertCode} />}
      {problem.value !== null && !missing && (
        <div class="dv-Err" role="alert">
          <b>{trans.__('DeepView could not be loaded.')}</b> {problem.value}
        </div>
      )}
      {!missing && (
        <p class="dv-caption">
          {trans.__('Not installed there?')}{' '}
          <button
            type="button"
            class="dv-Link"
            aria-expanded={pip.value}
            onClick={() => {
              pip.value = !pip.value;
            }}
          >
            {trans.__('Show the pip command')}
          </button>
        </p>
      )}
      {pip.value && !missing && <PipCommand insertCode={insertCode} look="normal" />}
    </Empty>
  );
}

function titleOf(missing: boolean): string {
  return missing
    ? trans.__('DeepView is not installed for this kernel')
    : trans.__('DeepView is not loaded in this kernel');
}

/** Whether Python did not find our package; another that ours needs is another matter. */
function isMissing(problem: string): boolean {
  return /No module named ['"]deepview_lab['"]/.test(problem);
}

function PipCommand({
  insertCode,
  look,
}: {
  insertCode: Props['insertCode'];
  look: 'primary' | 'normal';
}): JSX.Element {
  return (
    <>
      <code class="dv-Code" data-testid="dv-pip">
        {PIP_CODE}
      </code>
      {insertCode !== null && <Insert code={PIP_CODE} insertCode={insertCode} look={look} />}
    </>
  );
}

function Insert({
  code,
  insertCode,
  look = 'normal',
}: {
  code: string;
  insertCode: (code: string) => void;
  look?: 'primary' | 'normal';
}): JSX.Element {
  return (
    <Button
      icon="code"
      look={look}
      label={trans.__('Insert as code')}
      title={trans.__('Add a cell with this code below the active one')}
      onClick={() => {
        insertCode(code);
      }}
    />
  );
}
