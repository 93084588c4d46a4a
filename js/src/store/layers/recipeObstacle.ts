import type { RecipeChoice } from './recipeChoice';
import { type Link, type RunRecord, isOver } from '../kernel/state';
import { trans } from '../shared/trans';

/** Why code for the recipe that the fields show would not work, for people; null where it does. */
export function recipeObstacle(
  record: RunRecord,
  link: Link,
  introspector: string,
  choice: RecipeChoice,
): string | null {
  if (!choice.isValid) {
    return trans.__('The value is not a number from 0 to 1.');
  }
  const { state } = record;
  // A report is opened by the code itself, in any kernel.
  if (state?.file !== null) {
    return null;
  }
  if (link === 'file') {
    return trans.__('This page has no kernel. Open the report file of the run to copy its recipe.');
  }
  if (record.lost || isWithoutRuns(link)) {
    return trans.__('The kernel does not have this run. Run it again, then copy its recipe.');
  }
  const failed = state.errors.some(error => error.introspector === introspector);
  return failed || (isOver(state.status) && !record.snapshots.has(introspector))
    ? trans.__('This run has no result of %1.', introspector)
    : null;
}

/** Whether nothing at the other end can have the runs that are shown. */
function isWithoutRuns(link: Link): boolean {
  switch (link) {
    case 'dead':
    case 'restarting':
    case 'absent':
    case 'foreign':
    case 'saved':
    case 'file':
      return true;
    case 'live':
    case 'busy':
    case 'starting':
    case 'connecting':
    case 'disconnected':
    case 'detached':
      return false;
  }
}
