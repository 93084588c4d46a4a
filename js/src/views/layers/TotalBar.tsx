import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { STRATEGIES } from '../../protocol/messages';
import { type Strategy, isOf } from '../../store/layers/recipeChoice';
import { recipeCode } from '../../store/layers/recipeCode';
import { recipeObstacle } from '../../store/layers/recipeObstacle';
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

/** The kind of layers that are fed to the model: nobody prunes them. */
const INPUT = 'placeholder';

function Total({ page, introspector }: { page: Page; introspector: string }): JSX.Element {
  let units = 0;
  let keep = 0;
  let layers = 0;
  for (const row of page.view.rows.value) {
    const cells = row.cells.get(introspector);
    if (row.info?.kind === INPUT) {
      continue;
    }
    if (cells?.analysis === 'pfa' && cells.keep !== null) {
      units += cells.units;
      keep += cells.keep;
      layers++;
    }
  }
  return (
    <div class="dv-Total" data-testid="dv-total">
      <span>
        <b class="dv-figure">{count(keep)}</b> {trans._n('of 1 unit', 'of %2 units', units, count(units))}
        {keep < units && <b class="dv-saved">{` −${percent(1 - keep / units)}`}</b>}
      </span>
      <span
        class="dv-caption"
        title={trans.__(
          'Every layer counts, also those that only pass on the channels of another one, such as batch norm and activations. Inputs are left out.',
        )}
      >
        {trans._n(
          'sum over 1 layer, inputs left out',
          'sum over %2 layers, inputs left out',
          layers,
          count(layers),
        )}
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
      title={able ? undefined : trans.__('Other strategies than KL need the kernel.')}
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
