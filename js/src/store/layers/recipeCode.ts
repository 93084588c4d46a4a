import { pythonText } from '../shared/python';
import type { Recipe } from './recipeChoice';

interface Request {
  /** The run's id in its kernel. */
  readonly run: string;
  /** The report file from which the run was read; null of one that the kernel carried out. */
  readonly file: string | null;
  readonly introspector: string;
  readonly over: boolean;
  readonly recipe: Recipe;
}

/** Python that makes the recipe that the table shows: in the kernel of the run, of a report in any kernel. */
export function recipeCode(request: Request): string {
  const { found, results } = resultsCode(request);
  return [
    'import deepview_lab',
    'from deepview_lab.introspectors import PFA',
    '',
    found,
    `recipe = ${results}[${pythonText(request.introspector)}].get_recipe(strategy=${strategyCode(request.recipe)})`,
    'PFA.show(recipe)',
    '',
  ].join('\n');
}

/** A line that finds the run or its report, and the expression for its results. */
function resultsCode({ run, file, over }: Request): { readonly found: string; readonly results: string } {
  return file === null
    ? {
        found: `run = next(run for run in deepview_lab.runs() if run.id == ${pythonText(run)})`,
        results: over ? 'run.results' : 'run.wait()',
      }
    : { found: `report = deepview_lab.open_report(${pythonText(file)})`, results: 'report.results' };
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
