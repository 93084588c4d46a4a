import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { isModel } from '../../store/ingredients';
import type { Launcher } from '../../store/launcher';
import { POOLS, type Pool } from '../../store/code';
import type { Plan } from '../../store/plan';
import { Button } from '../common/parts';
import { sentence } from '../common/trouble';
import { plural } from '../format';
import { Section } from './Section';
import type { PanelTarget } from './target';

interface Props {
  plan: Plan;
  launcher: Launcher;
  insertCode: PanelTarget['insertCode'];
}

const POOL_LABELS: Readonly<Record<Pool, string>> = {
  average: 'average over positions',
  max: 'largest position',
  none: 'none, vectors only',
};

/** The next run: what to compute, on what, and the button. */
export function RunForm({ plan, launcher, insertCode }: Props): JSX.Element {
  return (
    <Section title="Run" testId="dv-run-form">
      <Option on={plan.iua} look="iua" label="Inactive units" hint="dead and idle units" />
      <Option on={plan.pfa} look="pfa" label="Principal filters" hint="how many units suffice" />
      <Fields plan={plan} />
      <Start plan={plan} launcher={launcher} insertCode={insertCode} />
    </Section>
  );
}

interface OptionProps {
  on: Signal<boolean>;
  look: 'iua' | 'pfa';
  label: string;
  hint: string;
}

function Option({ on, look, label, hint }: OptionProps): JSX.Element {
  return (
    <label class={`dv-Option ${look}`}>
      <input
        type="checkbox"
        checked={on.value}
        onChange={event => {
          on.value = event.currentTarget.checked;
        }}
      />
      <i />
      <span>{label}</span>
      <span class="dv-caption dv-ellipsis">{hint}</span>
    </label>
  );
}

function Fields({ plan }: { plan: Plan }): JSX.Element {
  const id = useId();
  return (
    <div class="dv-Fields">
      <label for={`${id}-data`}>Data</label>
      <DataSelect id={`${id}-data`} plan={plan} />
      <label for={`${id}-batch`}>Batch</label>
      <span class="dv-Input">
        <input
          id={`${id}-batch`}
          type="text"
          inputMode="numeric"
          autocomplete="off"
          data-testid="dv-batch-size"
          title="Samples per batch"
          value={plan.batch.value}
          onInput={event => {
            plan.batch.value = event.currentTarget.value;
          }}
        />
      </span>
      {plan.pfa.value && (
        <>
          <label for={`${id}-pool`}>Pool</label>
          <PoolSelect id={`${id}-pool`} pool={plan.pool} />
        </>
      )}
    </div>
  );
}

function DataSelect({ id, plan }: { id: string; plan: Plan }): JSX.Element {
  const data = plan.sources.value.filter(source => !isModel(source));
  const known = data.filter(({ role }) => role !== 'candidate');
  const candidates = data.filter(({ role }) => role === 'candidate');
  const option = ({ name }: { name: string }) => (
    <option key={name} value={name}>
      {name}
    </option>
  );
  return (
    <select
      id={id}
      class="dv-Select mono"
      data-testid="dv-data"
      disabled={data.length === 0}
      value={plan.ingredients.value.data?.name ?? ''}
      onChange={event => {
        plan.useData(event.currentTarget.value);
      }}
    >
      {plan.ingredients.value.data === null && <option value="">–</option>}
      {known.map(option)}
      {candidates.length > 0 && <optgroup label="Functions">{candidates.map(option)}</optgroup>}
    </select>
  );
}

function PoolSelect({ id, pool }: { id: string; pool: Signal<Pool> }): JSX.Element {
  return (
    <select
      id={id}
      class="dv-Select wide"
      data-testid="dv-pool"
      title="How principal filters make one number of each feature map"
      value={pool.value}
      onChange={event => {
        pool.value = POOLS.find(known => known === event.currentTarget.value) ?? 'average';
      }}
    >
      {POOLS.map(known => (
        <option key={known} value={known}>
          {POOL_LABELS[known]}
        </option>
      ))}
    </select>
  );
}

function Start({ plan, launcher, insertCode }: Props): JSX.Element {
  const code = plan.code.value;
  const phase = launcher.phase.value;
  const problem = launcher.problem.value;
  return (
    <div class="dv-Start">
      <div class="dv-Start-buttons">
        <Button
          look="primary"
          icon="play"
          label={runLabel(plan)}
          disabled={code === null || phase !== 'ready'}
          testId="dv-run-button"
          onClick={() => {
            if (code !== null) {
              void launcher.launch(code);
            }
          }}
        />
        {insertCode !== null && (
          <Button
            icon="code"
            label="Insert as code"
            title="Add a cell with the same run below the active one"
            disabled={code === null}
            testId="dv-insert-code"
            onClick={() => {
              if (code !== null) {
                insertCode(code.cell);
              }
            }}
          />
        )}
      </div>
      <div class="dv-caption" role="status" data-testid="dv-run-reason">
        {phaseText(phase) ?? plan.reason.value}
      </div>
      {problem !== null && (
        <div class="dv-Err" role="alert">
          <b>The run did not start.</b> {sentence(problem)}
        </div>
      )}
    </div>
  );
}

function phaseText(phase: Launcher['phase']['value']): string | null {
  switch (phase) {
    case 'ready':
      return null;
    case 'queued':
      return 'Starts when the current cell has ended.';
    case 'starting':
      return 'Starting.';
  }
}

function runLabel({ layered, ingredients }: Plan): string {
  const { value } = layered;
  if (value.kind === 'known') {
    const { length } = value.picker.chosen.value;
    return length === 0 ? 'Run' : `Run on ${plural(length, 'layer')}`;
  }
  return value.kind === 'none' && ingredients.value.data !== null ? 'Run on all fields' : 'Run';
}
