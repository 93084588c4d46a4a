import type { JSX } from 'preact';
import { trans } from '../../../store/shared/trans';
import { More, usePages } from '../../ui/More';
import { count } from '../../ui/words/format';
import { useRoving } from '../../ui/roving';

/** A value of a column, and how many rows have it. */
export interface ValueBar {
  readonly value: string | boolean | null;
  readonly word: string;
  readonly total: number;
  readonly shown: number;
  /** Null where the bar has the usual colour. */
  readonly colour: string | null;
}

interface Props {
  label: string;
  bars: readonly ValueBar[];
  /** Null when all values pass. */
  chosen: ReadonlySet<string | boolean | null> | null;
  toggle: (value: string | boolean | null) => void;
}

const PAGE = 10;

/** A bar a value; a click filters to it, another one takes that back. */
export function ValueBars({ label, bars, chosen, toggle }: Props): JSX.Element {
  const { shown, ...more } = usePages(bars, PAGE);
  const roving = useRoving(shown.length);
  const most = bars.reduce((largest, { total }) => Math.max(largest, total), 1);
  return (
    <>
      <div class="dv-Values" role="group" aria-label={label} onKeyDown={roving.onKeyDown}>
        {shown.map((bar, i) => (
          <button
            key={bar.value}
            type="button"
            class={`dv-Value${chosen !== null && !chosen.has(bar.value) ? ' off' : ''}`}
            aria-pressed={chosen?.has(bar.value) === true}
            aria-label={trans.__('%1: %2 of %3', bar.word, count(bar.shown), count(bar.total))}
            tabIndex={roving.tabIndex(i)}
            onFocus={() => {
              roving.onFocus(i);
            }}
            onClick={() => {
              toggle(bar.value);
            }}
          >
            <span class="dv-ellipsis">{bar.word}</span>
            <span class="dv-Value-bar">
              <i style={{ width: `${(100 * bar.total) / most}%` }} />
              <i
                style={{
                  width: `${(100 * bar.shown) / most}%`,
                  ...(bar.colour !== null && { background: bar.colour }),
                }}
              />
            </span>
            <span class="dv-num">{count(bar.shown)}</span>
          </button>
        ))}
      </div>
      <More {...more} />
    </>
  );
}
