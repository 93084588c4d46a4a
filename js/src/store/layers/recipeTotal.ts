import type { ChannelGroup } from '../../protocol/messages';
import type { LayerRow } from './rows';

/** What a recipe comes to; each group of channels counts once. */
export interface RecipeTotal {
  readonly groups: number;
  readonly units: number;
  readonly keep: number;
  /** Parameters of the layers that make or read these channels, now and without the others. */
  readonly before: number;
  readonly after: number;
}

interface Counted {
  readonly group: ChannelGroup;
  readonly units: number;
  readonly keep: number;
}

/**
 * Adds up what one introspector says of the rows, in the order of the network; null where no row tells whose channels it
 * has. Of the rows of one group the last counts: its values are what the next layer reads.
 */
export function recipeTotal(rows: readonly LayerRow[], introspector: string): RecipeTotal | null {
  const counted = new Map<string, Counted>();
  for (const { info, cells } of rows) {
    const found = cells.get(introspector);
    const group = info?.group ?? null;
    if (group !== null && found?.analysis === 'pfa' && found.keep !== null) {
      counted.set(group.name, { group, units: found.units, keep: found.keep });
    }
  }
  if (counted.size === 0 && rows.every(({ info }) => (info?.group ?? null) === null)) {
    return null;
  }
  const chosen = [...counted.values()];
  return {
    groups: chosen.length,
    units: sum(chosen.map(({ units }) => units)),
    keep: sum(chosen.map(({ keep }) => keep)),
    ...parametersOf(counted),
  };
}

function parametersOf(counted: ReadonlyMap<string, Counted>): Pick<RecipeTotal, 'before' | 'after'> {
  const share = (name: string): number => {
    const found = counted.get(name);
    return found === undefined || found.units === 0 ? 1 : found.keep / found.units;
  };
  let before = 0;
  let after = 0;
  for (const [name, { group }] of counted) {
    before += group.parameters;
    after += group.parameters * share(name);
    for (const { group: other, parameters } of group.links) {
      // Kernels between two groups that both count are in the links of both.
      if (!counted.has(other) || name <= other) {
        before += parameters;
        after += parameters * share(name) * share(other);
      }
    }
  }
  return { before, after: Math.round(after) };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
