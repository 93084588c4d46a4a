import type { JSX } from 'preact';
import { trans } from '../../../store/shared/trans';
import { numberText } from '../../findings/cellText';
import { count } from '../../ui/words/format';
import { useRoving } from '../../ui/roving';
import { decimalsOf } from '../columnWords';
import type { Colouring } from './mapStyle';

interface Props {
  title: string;
  colouring: Colouring;
  /** Colours that are isolated by a click. */
  pinned: ReadonlySet<number>;
  pin: (colours: ReadonlySet<number>) => void;
  hover: (colour: number | null) => void;
  /** Shift and a click filter to a category. */
  filterTo: (word: string) => void;
}

/** What the colours of the map mean. */
export function Legend(props: Props): JSX.Element | null {
  const { title, colouring } = props;
  switch (colouring.kind) {
    case 'single':
      return null;
    case 'categories':
      return <Categories {...props} found={colouring.found} />;
    case 'ramp': {
      const decimals = decimalsOf(colouring.column);
      const [low, high] = colouring.domain;
      return (
        <div class="dv-MapLegend" role="group" aria-label={trans.__('Legend: %1', title)}>
          <span class="dv-MapLegend-title">{title}</span>
          <span class="dv-Ramp" />
          <span class="dv-MapLegend-ends dv-num">
            <span>{numberText(low, decimals)}</span>
            <span>{numberText(high, decimals)}</span>
          </span>
        </div>
      );
    }
  }
}

type Found = Extract<Colouring, { kind: 'categories' }>['found'];

function Categories({ title, found, pinned, pin, hover, filterTo }: Props & { found: Found }): JSX.Element {
  const roving = useRoving(found.categories.length);
  return (
    <div
      class="dv-MapLegend"
      role="group"
      aria-label={trans.__('Legend: %1', title)}
      title={trans.__('Click to bring out a category, Shift and click to filter to it')}
      onKeyDown={roving.onKeyDown}
      onPointerLeave={() => {
        hover(null);
      }}
    >
      {found.categories.map(({ word, code }, colour) => (
        <button
          key={code}
          type="button"
          class="dv-MapLegend-item"
          aria-pressed={pinned.has(colour)}
          tabIndex={roving.tabIndex(colour)}
          onFocus={() => {
            roving.onFocus(colour);
          }}
          onPointerEnter={() => {
            hover(colour);
          }}
          onClick={event => {
            if (event.shiftKey) {
              filterTo(word);
            } else {
              pin(toggled(pinned, colour));
            }
          }}
        >
          <i class="dv-Swatch" style={{ background: `var(--dv-cat-${colour})` }} />
          <span class="dv-ellipsis">{word}</span>
        </button>
      ))}
      {found.others > 0 && (
        <span class="dv-MapLegend-item">
          <i class="dv-Swatch" style={{ background: 'var(--dv-cat-other)' }} />
          <span class="dv-ellipsis">{trans.__('other: %1', count(found.others))}</span>
        </span>
      )}
    </div>
  );
}

function toggled(set: ReadonlySet<number>, item: number): ReadonlySet<number> {
  const next = new Set(set);
  if (!next.delete(item)) {
    next.add(item);
  }
  return next;
}
