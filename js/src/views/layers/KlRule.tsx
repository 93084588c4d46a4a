import type { JSX } from 'preact';
import type { PfaDetail } from '../../protocol/focus';
import { carrying } from '../../render/spectrum';
import { DEFAULT_ENERGY } from '../../store/layers/recipeChoice';
import type { PfaCells } from '../../store/layers/rows';
import { trans } from '../../store/shared/trans';
import { type Page, isAnswering } from '../run/page';
import { count, percent } from '../ui/words/format';

/** X. Suau, L. Zappella, N. Apostoloff: Filter Distillation for Network Compression. */
const PAPER = 'https://arxiv.org/abs/1807.10585';

interface Props {
  page: Page;
  detail: PfaDetail;
  cells: PfaCells;
}

/** How KL comes to its number, with the numbers of this layer; and what to do where it keeps more than has energy. */
export function KlRule({ page, detail, cells }: Props): JSX.Element | null {
  const units = detail.eigenvalue.length;
  if (cells.keep === null || Number.isNaN(cells.kl) || units < 2) {
    return null;
  }
  return (
    <div class="dv-caption" data-testid="dv-kl-rule">
      <p>
        {trans.__(
          'KL keeps units × (1 − KL / ln units), rounded up: %1 × (1 − %2 / %3) = %4.',
          count(units),
          cells.kl.toFixed(2),
          Math.log(units).toFixed(2),
          count(cells.keep),
        )}{' '}
        <a href={PAPER} target="_blank" rel="noreferrer">
          {trans.__('Paper')}
        </a>
      </p>
      <Excess page={page} detail={detail} keep={cells.keep} />
    </div>
  );
}

/** How many components have energy, and how many Energy would keep; null unless KL keeps more than have any. */
export function excessOf(
  { eigenvalue, energy }: Pick<PfaDetail, 'eigenvalue' | 'energy'>,
  keep: number,
): { energetic: number; enough: number } | null {
  const energetic = carrying(eigenvalue);
  const enough = energy.findIndex(share => share >= DEFAULT_ENERGY) + 1;
  return energetic < keep ? { energetic, enough } : null;
}

function Excess({ page, detail, keep }: { page: Page; detail: PfaDetail; keep: number }): JSX.Element | null {
  const excess = excessOf(detail, keep);
  if (excess === null) {
    return null;
  }
  const { energetic, enough } = excess;
  return (
    <p>
      {trans._n(
        'Only %2 component has energy. Energy %3 would keep %4.',
        'Only %2 components have energy. Energy %3 would keep %4.',
        energetic,
        count(energetic),
        percent(DEFAULT_ENERGY),
        count(enough),
      )}{' '}
      <button
        type="button"
        class="dv-Link"
        disabled={!isAnswering(page)}
        onClick={() => {
          page.view.recipe.strategy.value = 'energy';
        }}
      >
        {trans.__('Use Energy')}
      </button>
    </p>
  );
}
