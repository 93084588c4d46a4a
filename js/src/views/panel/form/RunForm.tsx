import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { type Analysis, EVIDENCE, type Evidence, OFFERS, type Offer } from '../../../store/launch/analyses';
import { isModel } from '../../../store/launch/ingredients';
import type { Launcher } from '../../../store/launch/launcher';
import { POOLS, type Pool } from '../../../store/launch/code';
import type { Plan } from '../../../store/launch/plan';
import { trans } from '../../../store/shared/trans';
import { layers } from '../../ui/amounts';
import { analysisHint, analysisLabel } from '../../ui/analysisWords';
import { Button } from '../../ui/parts';
import { sentence } from '../../ui/trouble';
import { useUniqueId } from '../../ui/uniqueId';
import { sizeText } from '../checkpointWords';
import { Section } from '../Section';
import type { PanelTarget } from '../target';

interface Props {
  plan: Plan;
  launcher: Launcher;
  insertCode: PanelTarget['insertCode'];
}

function poolLabel(pool: Pool): string {
  switch (pool) {
    case 'average':
      return trans.__('average over positions');
    case 'max':
      return trans.__('largest position');
    case 'none':
      return trans.__('none, vectors only');
  }
}

function evidenceLabel(evidence: Evidence): string {
  switch (evidence) {
    case 'both':
      return trans.__('neighbours and likeness');
    case 'neighbours':
      return trans.__('neighbours only');
    case 'familiarity':
      return trans.__('likeness only');
  }
}

/** The next run: what to compute, on what, and the button. */
export function RunForm({ plan, launcher, insertCode }: Props): JSX.Element {
  return (
    <Section title={trans.__('Run')} testId="dv-run-form">
      <Options plan={plan} about="layers" label={trans.__('Look at layers')} />
      <Options plan={plan} about="samples" label={trans.__('Look at samples')} />
      <Fields plan={plan} />
      <Start plan={plan} launcher={launcher} insertCode={insertCode} />
    </Section>
  );
}

/** The analyses of layers, or those of samples. */
function Options({ plan, about, label }: { plan: Plan; about: Offer['about']; label: string }): JSX.Element {
  return (
    <div class={`dv-Options ${about}`} role="group" aria-label={label}>
      {OFFERS.filter(offer => offer.about === about).map(({ analysis }) => (
        <Option key={analysis} plan={plan} analysis={analysis} />
      ))}
    </div>
  );
}

function Option({ plan, analysis }: { plan: Plan; analysis: Analysis }): JSX.Element {
  return (
    <label class={`dv-Option ${analysis}`} title={analysisHint(analysis)}>
      <input
        type="checkbox"
        checked={plan.analyses.value.has(analysis)}
        onChange={event => {
          plan.choose(analysis, event.currentTarget.checked);
        }}
      />
      <i />
      <span>{analysisLabel(analysis)}</span>
      <span class="dv-caption dv-ellipsis">{analysisHint(analysis)}</span>
    </label>
  );
}

function Fields({ plan }: { plan: Plan }): JSX.Element {
  const id = useUniqueId();
  return (
    <div class="dv-Fields">
      <label for={`${id}-data`}>{trans.__('Data')}</label>
      <DataSelect id={`${id}-data`} plan={plan} />
      <label for={`${id}-batch`}>{trans.__('Batch')}</label>
      <span class="dv-Input">
        <input
          id={`${id}-batch`}
          type="text"
          inputMode="numeric"
          autocomplete="off"
          data-testid="dv-batch-size"
          title={trans.__('Samples per batch')}
          value={plan.batch.value}
          onInput={event => {
            plan.typeBatch(event.currentTarget.value);
          }}
        />
      </span>
      {plan.pools && (
        <>
          <label for={`${id}-pool`}>{trans.__('Pool')}</label>
          <Choice
            id={`${id}-pool`}
            testId="dv-pool"
            title={trans.__('How one number is made of each feature map')}
            choices={POOLS}
            words={poolLabel}
            chosen={plan.pool}
          />
        </>
      )}
      {plan.analyses.value.has('labels') && (
        <>
          <label for={`${id}-evidence`}>{trans.__('Labels')}</label>
          <Choice
            id={`${id}-evidence`}
            testId="dv-evidence"
            title={trans.__(
              'What speaks against a label: its neighbours, the most similar samples, have another one, or the sample is more like those of another label',
            )}
            choices={EVIDENCE}
            words={evidenceLabel}
            chosen={plan.evidence}
          />
        </>
      )}
      <label
        class="dv-Keep"
        title={trans.__('So that it can go on when the kernel stops, from a folder beside the notebook')}
      >
        <input
          type="checkbox"
          data-testid="dv-keep"
          checked={plan.keeps.value}
          onChange={event => {
            plan.keep(event.currentTarget.checked);
          }}
        />
        {trans.__('Keep a checkpoint')}
        <span class="dv-caption dv-ellipsis" data-testid="dv-keep-size">
          {sizeText(plan.checkpointSize.value, plan.ingredients.value.data?.size ?? null)}
        </span>
      </label>
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
      title={plan.ingredients.value.data?.name}
      disabled={data.length === 0}
      value={plan.ingredients.value.data?.name ?? ''}
      onChange={event => {
        plan.useData(event.currentTarget.value);
      }}
    >
      {plan.ingredients.value.data === null && <option value="">–</option>}
      {known.map(option)}
      {candidates.length > 0 && <optgroup label={trans.__('Functions')}>{candidates.map(option)}</optgroup>}
    </select>
  );
}

interface ChoiceProps<T extends string> {
  id: string;
  testId: string;
  title: string;
  choices: readonly T[];
  words: (choice: T) => string;
  chosen: Signal<T>;
}

/** One of a few settings. */
function Choice<T extends string>(props: ChoiceProps<T>): JSX.Element {
  const { id, testId, title, choices, words, chosen } = props;
  return (
    <select
      id={id}
      class="dv-Select wide"
      data-testid={testId}
      title={title}
      value={chosen.value}
      onChange={event => {
        chosen.value = choices.find(known => known === event.currentTarget.value) ?? chosen.value;
      }}
    >
      {choices.map(known => (
        <option key={known} value={known}>
          {words(known)}
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
              plan.keep(plan.keeps.value);
            }
          }}
        />
        {insertCode !== null && (
          <Button
            icon="code"
            label={trans.__('Insert as code')}
            title={trans.__('Add a cell with the same run below the active one')}
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
          <b>{trans.__('The run did not start.')}</b> {sentence(problem)}
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
      return trans.__('Starts when the current cell has ended.');
    case 'starting':
      return trans.__('Starting.');
  }
}

function runLabel({ layered, ingredients }: Plan): string {
  const { value } = layered;
  if (value.kind === 'known') {
    const { length } = value.picker.chosen.value;
    return length === 0 ? trans.__('Run') : trans.__('Run on %1', layers(length));
  }
  return value.kind === 'none' && ingredients.value.data !== null
    ? trans.__('Run on all fields')
    : trans.__('Run');
}
