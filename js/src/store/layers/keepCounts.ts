import type { PfaDetail } from '../../protocol/focus';
import { SIZE_EPSILON } from '../../protocol/messages';
import type { Recipe } from './recipeChoice';

type Spectrum = Pick<PfaDetail, 'energy'>;

/**
 * How many units a strategy keeps, by layer, as Python's `keep_counts` counts them: for pages that no kernel answers.
 * Energy is cumulative, NaN in layers without any.
 */
export function keepCounts(
  spectra: ReadonlyMap<string, Spectrum>,
  { strategy, value }: Recipe,
): Map<string, number> {
  const threshold = strategy === 'size' ? sizeThreshold([...spectra.values()], value) : value;
  return new Map([...spectra].map(([layer, { energy }]) => [layer, energyCount(energy, threshold)]));
}

function energyCount(energy: ArrayLike<number>, threshold: number): number {
  const enough = Array.from(energy).findIndex(share => share >= threshold);
  return enough < 0 ? energy.length : enough + 1;
}

/** The share of the energy that keeps about a share of all units. */
function sizeThreshold(spectra: readonly Spectrum[], share: number): number {
  const before = Float64Array.from(
    spectra.flatMap(({ energy }) =>
      // Without energy no component is needed before another.
      Array.from(energy, (_, i) => (Number.isNaN(energy[0]) ? 1 : i === 0 ? 0 : (energy[i - 1] ?? 1))),
    ),
  ).sort();
  if (before.length === 0) {
    return share;
  }
  return Math.min(Math.max(percentile(before, share), SIZE_EPSILON), 1 - SIZE_EPSILON);
}

/** As NumPy interpolates: from the nearer end, so that the result is the same to the last bit. */
function percentile(sorted: Float64Array, share: number): number {
  const place = ((100 * share) / 100) * (sorted.length - 1);
  const below = Math.min(Math.floor(place), sorted.length - 1);
  const part = place - below;
  const low = sorted[below] ?? 0;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? low;
  return part >= 0.5 ? high - (high - low) * (1 - part) : low + (high - low) * part;
}
