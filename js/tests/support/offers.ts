import { type Offer, offersOf } from '../../src/store/launch/analyses';
import type { AnalysisInfo } from '../../src/protocol/messages';
import { incoming } from './fixtures';

/** The catalogue as the kernel tells it, with an analysis that a user wrote. */
export function catalog(): readonly AnalysisInfo[] {
  const hello = incoming('hello');
  return hello.kind === 'hello' ? hello.analyses : [];
}

/** Some analyses that a run can be asked for, in the order of the catalogue. */
export function offers(...kinds: string[]): Offer[] {
  return offersOf(catalog()).filter(({ kind }) => kinds.includes(kind));
}
