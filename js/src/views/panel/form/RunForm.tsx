import { Fragment, type JSX } from 'preact';
import type { AnalysisOption } from '../../../protocol/messages';
import type { Offer } from '../../../store/launch/analyses';
import { isModel } from '../../../store/launch/ingredients';
import type { Launcher } from '../../../store/launch/launcher';
import type { Plan } from '../../../store/launch/plan';
import { translated } from '../../../store/shared/catalog';
import { trans } from '../../../store/shared/trans';
import { layers } from '../../ui/words/amounts';
import { count } from '../../ui/words/format';
import { Button } from '../../ui/parts';
import { sentence } from '../../ui/trouble';
import { useUniqueId } from '../../ui/browser/uniqueId';
import { sizeText } from '../checkpointWords';
import { Section } from '../Section';
import { launchAndShow } from '../runs/launchAndShow';
import type { PanelActions, PanelLink, PanelTarget } from '../target';

interface Props {
  link: PanelLink;
  insertCode: PanelTarget['insertCode'];
  showRun: PanelActions['showRun'];
}

/** The next run: what to compute, on what, and the button. */
export function RunForm(props: Props): JSX.Element {
  const { plan } = props.link;
  return (
    <Section title={trans.__('Run')} testId="dv-run-form">
      <Options plan={plan} about="layers" label={trans.__('Look at layers')} />
      <Options plan={plan} about="samples" label={trans.__('Look at samples')} />
      <Fields plan={plan} />
      <Start {...props} />
    </Section>
  );
}

/** The analyses of layers, or those of samples. */
function Options({ plan, about, label }: { plan: Plan; about: Offer['about']; label: string }): JSX.Element {
  return (
    <div class={`dv-Options ${about}`} role="group" aria-label={label}>
      {plan.offers.value
        .filter(offer => offer.about === about)
        .map(offer => (
          <Option key={offer.kind} plan={plan} offer={offer} />
        ))}
    </div>
  );
}

function Option({ plan, offer }: { plan: Plan; offer: Offer }): JSX.Element {
  const { kind } = offer;
  const hint = translated(offer.hint);
  return (
    <label class={`dv-Option ${kind}`} title={hint} data-kind={kind}>
      <input
        type="checkbox"
        checked={plan.analyses.value.some(chosen => chosen.kind === kind)}
        onChange={event => {
          plan.choose(kind, event.currentTarget.checked);
        }}
      />
      <i />
      <span>{translated(offer.label)}</span>
      <span class="dv-caption dv-ellipsis">{hint}</span>
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
      {plan.options.value.map(option => (
        <Fragment key={option.name}>
          <label for={`${id}-${option.name}`}>{translated(option.label)}</label>
          <Choice id={`${id}-${option.name}`} option={option} plan={plan} />
        </Fragment>
      ))}
      <label
        class="dv-Keep"
        title={trans.__(
          'Keeps the run in a folder beside the notebook, so that it can resume after the kernel stops',
        )}
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

interface ChoiceProps {
  readonly id: string;
  readonly option: AnalysisOption;
  readonly plan: Plan;
}

/** A setting of some analyses. */
function Choice({ id, option, plan }: ChoiceProps): JSX.Element {
  return (
    <select
      id={id}
      class="dv-Select wide"
      data-testid={`dv-${option.name}`}
      title={translated(option.title)}
      value={plan.valueOf(option)}
      onChange={event => {
        plan.set(option, event.currentTarget.value);
      }}
    >
      {option.choices.map(({ value, label }) => (
        <option key={value} value={value}>
          {translated(label)}
        </option>
      ))}
    </select>
  );
}

function Start({ link, insertCode, showRun }: Props): JSX.Element {
  const { plan, launcher } = link;
  const code = plan.code.value;
  const phase = launcher.phase.value;
  const problem = launcher.problem.value;
  const reasonId = useUniqueId();
  return (
    <div class="dv-Start">
      <div class="dv-Start-buttons">
        <Button
          look="primary"
          icon="play"
          label={runLabel(plan)}
          disabled={code === null}
          blockedBy={phase === 'ready' ? undefined : reasonId /* it keeps the keyboard's focus */}
          testId="dv-run-button"
          onClick={() => {
            if (code !== null) {
              void launchAndShow(link, code, showRun);
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
      <div id={reasonId} class="dv-caption" role="status" data-testid="dv-run-reason">
        {phaseText(phase) ?? plan.reason.value ?? defaultText(plan)}
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

/** What a run looks at while no layers are chosen; null where some are, or none can be. */
function defaultText({ layered }: Plan): string | null {
  const { value } = layered;
  if (value.kind !== 'known') {
    return null;
  }
  const { why, names } = value.picker.used.value;
  switch (why) {
    case 'chosen':
      return null;
    case 'activations':
      return trans._n(
        'No layer is chosen. Run looks at the activations: %2 layer.',
        'No layers are chosen. Run looks at the activations: %2 layers.',
        names.length,
        count(names.length),
      );
    case 'units':
      return trans._n(
        'No layer is chosen. Run looks at the layer that has units.',
        'No layers are chosen. Run looks at all %2 layers that have units.',
        names.length,
        count(names.length),
      );
  }
}

function runLabel({ layered, ingredients }: Plan): string {
  const { value } = layered;
  if (value.kind === 'known') {
    const { length } = value.picker.used.value.names;
    return length === 0 ? trans.__('Run') : trans.__('Run on %1', layers(length));
  }
  return value.kind === 'none' && ingredients.value.data !== null
    ? trans.__('Run on all fields')
    : trans.__('Run');
}
