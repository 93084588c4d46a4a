import type { JSX, TargetedWheelEvent } from 'preact';
import { Icon } from '../../render/icon';
import { trans } from '../../store/shared/trans';
import { layers } from './words/amounts';
import { count } from './words/format';
import { hasModifier } from './keys';
import { kindIcon } from './words/kindIcon';
import { useRoving } from './roving';

interface Props {
  counts: ReadonlyMap<string, number>;
  on: ReadonlySet<string>;
  toggle: (kind: string) => void;
}

/** Layer classes with their counts; those that are pressed filter. */
export function KindChips({ counts, on, toggle }: Props): JSX.Element {
  const roving = useRoving(counts.size);
  return (
    <div
      class="dv-Chips"
      role="toolbar"
      aria-label={trans.__('Layer kinds')}
      title={[...counts].map(([kind, number]) => chipTitle(kind, number)).join('\n')}
      onKeyDown={roving.onKeyDown}
      onWheel={scrollAcross}
    >
      {[...counts].map(([kind, number], i) => (
        <button
          key={kind}
          type="button"
          class="dv-Chip"
          title={chipTitle(kind, number)}
          aria-pressed={on.has(kind)}
          tabIndex={roving.tabIndex(i)}
          onFocus={() => {
            roving.onFocus(i);
          }}
          onClick={() => {
            toggle(kind);
          }}
        >
          <Icon name={kindIcon(kind)} size={12} />
          {kind}
          <span class="dv-count">{count(number)}</span>
        </button>
      ))}
    </div>
  );
}

function chipTitle(kind: string, number: number): string {
  return trans.__('%1: %2', kind, layers(number));
}

/** Lets a wheel that only turns up and down reach what is at the right; at the ends it scrolls the page, as ever. */
function scrollAcross(event: TargetedWheelEvent<HTMLElement>): void {
  const bar = event.currentTarget;
  const before = bar.scrollLeft;
  if (event.deltaX === 0 && !hasModifier(event)) {
    bar.scrollLeft += event.deltaY;
  }
  if (bar.scrollLeft !== before) {
    event.preventDefault();
  }
}
