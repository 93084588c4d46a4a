import { pythonText } from './python';
import type { Recipe } from './recipeChoice';

interface Request {
  /** The run's id in its kernel. */
  readonly run: string;
  readonly introspector: string;
  readonly over: boolean;
  readonly recipe: Recipe;
}

/** Python that makes the recipe that the table shows, in the kernel of the run. */
export function recipeCode({ run, introspector, over, recipe }: Request): string {
  const results = over ? 'run.results' : 'run.wait()';
  return [
    'import deepview_lab',
    'from deepview_lab.introspectors import PFA',
    '',
    `run = next(run for run in deepview_lab.runs() if run.id == ${pythonText(run)})`,
    `recipe = ${results}[${pythonText(introspector)}].get_recipe(strategy=${strategyCode(recipe)})`,
    'PFA.show(recipe)',
    '',
  ].join('\n');
}

function strategyCode({ strategy, value }: Recipe): string {
  switch (strategy) {
    case 'kl':
      return 'PFA.Strategy.KL()';
    case 'energy':
      return `PFA.Strategy.Energy(${value})`;
    case 'size':
      return `PFA.Strategy.Size(${value})`;
  }
}
