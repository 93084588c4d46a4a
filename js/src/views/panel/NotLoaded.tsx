import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { Mark } from '../../render/icon';
import { Button, Empty } from '../common/parts';
import type { PanelLink } from './target';

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
  return (
    <Empty picture={<Mark size={34} />} title="DeepView is not loaded in this kernel">
      <p>
        Loading imports <code>deepview_lab</code>. It runs nothing and does not change your variables.
      </p>
      <Button
        look="primary"
        label={loading.value ? 'Waiting for the kernel' : 'Load DeepView'}
        disabled={loading.value}
        testId="dv-load"
        onClick={() => {
          void load();
        }}
      />
      {insertCode !== null && (
        <Button
          icon="code"
          label="Insert as code"
          title="Add a cell with this code below the active one"
          onClick={() => {
            insertCode(LOAD_CODE);
          }}
        />
      )}
      {problem.value !== null && (
        <div class="dv-Err" role="alert">
          <b>DeepView could not be loaded.</b> {problem.value}
        </div>
      )}
      <p class="dv-caption">
        Not installed there?{' '}
        <button
          type="button"
          class="dv-Link"
          aria-expanded={pip.value}
          onClick={() => {
            pip.value = !pip.value;
          }}
        >
          Show the pip command
        </button>
      </p>
      {pip.value && <code class="dv-Code">{PIP_CODE}</code>}
    </Empty>
  );
}
