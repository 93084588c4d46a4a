import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type RunRecord, isOver } from '../../../store/kernel/state';
import { trans } from '../../../store/shared/trans';
import { runWords } from '../../ui/words/runWords';

/** Tells screen readers of runs that start, rest or end; those that had ended before they came are no news. */
export function RunNews({ runs }: { runs: readonly RunRecord[] }): JSX.Element {
  const known = useRef<ReadonlyMap<string, string>>(new Map());
  const [said, say] = useState('');
  const words = new Map(runs.map(record => [record.id, wordsOf(record)]));
  const now = [...words.values()].join();
  useEffect(() => {
    const before = known.current;
    known.current = words;
    const news = runs.filter(({ id, state }) =>
      before.has(id) ? before.get(id) !== words.get(id) : state !== null && !isOver(state.status),
    );
    if (news.length > 0) {
      say(news.map(({ id }) => words.get(id)).join(' '));
    }
  }, [now]);
  return (
    <div class="dv-sr" role="status" data-testid="dv-run-news">
      {said}
    </div>
  );
}

function wordsOf({ state }: RunRecord): string {
  return state === null ? '' : trans.__('%1: %2.', state.name, runWords(state).word);
}
