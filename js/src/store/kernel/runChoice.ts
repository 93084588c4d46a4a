import { type RunRecord, type RunStatus, type State, isMoving, isOver } from './state';

/** What can be asked of a run. */
export type Steer = 'pause' | 'resume' | 'cancel';

export function canAsk(steer: Steer, status: RunStatus): boolean {
  switch (steer) {
    case 'pause':
      return status === 'running';
    case 'resume':
      return status === 'paused';
    case 'cancel':
      return status === 'pending' || status === 'running' || status === 'paused';
  }
}

/** All runs that this page has heard of, those of the kernel before a restart too, newest first. */
export function allRuns({ runs }: State): RunRecord[] {
  return [...runs.values()].filter(({ state }) => state !== null).reverse();
}

/** The runs of the kernel as it is now, newest first. */
export function runsOf({ runs }: State): RunRecord[] {
  return [...runs.values()].filter(record => !record.lost && record.state !== null).reverse();
}

/** How many of them have not ended. */
export function openRuns(runs: readonly RunRecord[]): number {
  return runs.filter(({ state, lost }) => state !== null && !lost && !isOver(state.status)).length;
}

/** How many of them work now; those that are paused or wait for their turn do not. */
export function movingRuns(runs: readonly RunRecord[]): number {
  return runs.filter(({ state, lost }) => state !== null && !lost && isMoving(state.status)).length;
}

/** The newest run of which that can be asked. */
export function newestFor(steer: Steer, state: State): RunRecord | null {
  return runsOf(state).find(record => record.state !== null && canAsk(steer, record.state.status)) ?? null;
}
