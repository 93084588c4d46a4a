import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { STRATEGIES } from '../../protocol/messages';
import { type Strategy, isOf } from '../../store/layers/recipeChoice';
import { recipeCode } from '../../store/layers/recipeCode';
import { recipeObstacle } from '../../store/layers/recipeObstacle';
import { recipeTotal } from '../../store/layers/recipeTotal';
import { isOver } from '../../store/kernel/state';
import { trans } from '../../store/shared/trans';
import { ReasonedButton } from '../ui/ReasonedButton';
import { useUniqueId } from '../ui/browser/uniqueId';
import { count, percent } from '../ui/words/format';
import { Segmented } from '../ui/Segmented';
import { copyText } from '../ui/browser/clipboard';
import { type Page, isAnswering } from '../run/page';

/** What the recipe would come to, by which strategy, and as code. Only where a run looks for principal filters. */
export function TotalBar({ page }: { page: Page }): JSX.Element | null {
  const introspector = pfaOf(page);
  return introspector === null ? null : (
    <div class="dv-TotalBar" role="group" aria-label={trans.__('Recipe')}>
      <Total page={page} introspector={introspector} />
      <p class="dv-caption dv-hide-medium">
        {trans.__('Estimate: layers joined by a skip need equal widths; retrain to recover accuracy.')}
      </p>
      <span class="dv-grow" />
      <StrategySwitch page={page} />
      <CopyCode page={page} introspector={introspector} />
    </div>
  );
}

function pfaOf({ record }: Page): string | null {
  return record.state?.introspections.find(({ analysis }) => analysis === 'pfa')?.name ?? null;
}

function Total({ page, introspector }: { page: Page; introspector: string }): JSX.Element {
  const { view } = page;
  const marked = view.marks.names.value;
  const rows = view.rows.value.filter(({ name }) => marked.size === 0 || marked.has(name));
  const total = recipeTotal(rows, introspector);
  if (total === null) {
    return <NoTotal known={view.rows.value.length > 0} />;
  }
  const { groups, units, keep, before, after } = total;
  return (
    <div class="dv-Total" data-testid="dv-total">
      <span>
        <b class="dv-figure">{count(keep)}</b>{' '}
        {trans._n('of 1 channel', 'of %2 channels', units, count(units))}
        {keep < units && <b class="dv-saved">{` −${percent(1 - keep / units)}`}</b>}
      </span>
      {before > 0 && (
        <span
          data-testid="dv-total-parameters"
          title={trans.__(
            'Parameters of the layers that make or read these channels, before and after. Other layers stay as they are.',
          )}
        >
          {trans.__('%1 → %2 parameters', count(before), count(after))}
        </span>
      )}
      <span class="dv-caption" title={countedTitle()}>
        {marked.size === 0
          ? trans._n('1 group of channels', '%2 groups of channels, each once', groups, count(groups))
          : trans._n(
              '1 group of the marked layers',
              '%2 groups of the marked layers, each once',
              groups,
              count(groups),
            )}
      </span>
    </div>
  );
}

function countedTitle(): string {
  return trans.__(
    'A layer that makes channels and those that only pass them on (batch norm, activations, pooling, depthwise convolutions, sums) are one group. Of its layers the last one in the table counts. Inputs are left out. Mark rows to count only these.',
  );
}

function NoTotal({ known }: { known: boolean }): JSX.Element {
  return (
    <div class="dv-Total" data-testid="dv-total">
      <span
        class="dv-caption"
        title={trans.__(
          'Adding up all layers would count channels several times: batch norm and activations pass on those of the layer before them. Models with a graph (Keras Functional and Sequential) tell; reports of earlier versions do not.',
        )}
      >
        {known ? trans.__('No total: it is not known which layers share channels.') : ''}
      </span>
    </div>
  );
}

const WORDS: Readonly<Record<Strategy, () => string>> = {
  kl: () => trans.__('KL'),
  energy: () => trans.__('Energy'),
  size: () => trans.__('Size'),
};

function StrategySwitch({ page }: { page: Page }): JSX.Element {
  const { recipe } = page.view;
  const problem = useUniqueId();
  const able = isAnswering(page);
  const strategy = recipe.strategy.value;
  return (
    <span
      class="dv-Strategy"
      title={able ? undefined : trans.__('Strategies other than KL need the kernel.')}
    >
      <Segmented
        label={trans.__('Recipe strategy')}
        value={strategy}
        disabled={!able}
        options={STRATEGIES.map(option => [option, WORDS[option]()] as const)}
        choose={option => {
          recipe.strategy.value = option;
        }}
      />
      {strategy !== 'kl' && (
        <input
          class="dv-Field"
          data-testid="dv-strategy-value"
          type="text"
          inputMode="decimal"
          aria-label={
            strategy === 'energy'
              ? trans.__('Share of the energy to keep, 0 to 1')
              : trans.__('Share of all units to keep, 0 to 1')
          }
          aria-invalid={!recipe.isValid}
          aria-describedby={recipe.isValid ? undefined : problem}
          disabled={!able}
          value={recipe.text}
          onInput={event => {
            recipe.type(event.currentTarget.value);
          }}
        />
      )}
      {strategy !== 'kl' && !recipe.isValid && (
        <span id={problem} class="dv-FieldError" role="status">
          {trans.__('A number from 0 to 1.')}
        </span>
      )}
    </span>
  );
}

/** Whether the numbers that are shown are still those of another choice. */
export function isPending({ view, record }: Page): boolean {
  const recipe = view.recipe.recipe.value;
  return (
    recipe.strategy !== 'kl' &&
    (record.state?.introspections ?? [])
      .filter(({ analysis, name }) => analysis === 'pfa' && record.snapshots.has(name))
      .some(({ name }) => !isOf(record.recommendations.get(name), recipe))
  );
}

function CopyCode({ page, introspector }: { page: Page; introspector: string }): JSX.Element {
  const { view, record, store } = page;
  const [told, tell] = useState('');
  const copy = async () => {
    const over = record.state !== null && isOver(record.state.status);
    const file = record.state?.file ?? null;
    const { value: recipe } = view.recipe.recipe;
    const code = recipeCode({ run: record.id, file, introspector, over, recipe });
    tell((await copyText(code)) ? trans.__('Copied.') : trans.__('The browser did not allow copying.'));
  };
  return (
    <>
      <span class="dv-sr" role="status">
        {told}
      </span>
      <ReasonedButton
        icon="copy"
        look="primary"
        reason={recipeObstacle(record, store.link.value, introspector, view.recipe)}
        label={trans.__('Copy recipe as code')}
        testId="dv-copy-recipe"
        title={told === '' ? trans.__('Python that makes this recipe in a kernel') : told}
        onClick={() => {
          void copy();
        }}
      />
    </>
  );
}
