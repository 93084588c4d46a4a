import type { JSX } from 'preact';
import { trans } from '../../store/shared/trans';
import { useRoving } from '../ui/roving';
import type { Shown } from './pages';

interface PageSwitchProps {
  readonly pages: readonly Shown[];
  readonly shown: Shown;
  readonly onSelect: (key: string) => void;
}

/** Chooses a page, where there is more than one. */
export function PageSwitch({ pages, shown, onSelect }: PageSwitchProps): JSX.Element | null {
  const roving = useRoving(pages.length);
  return pages.length < 2 ? null : (
    <div
      class="dv-PageSwitch"
      role="toolbar"
      aria-label={trans.__('Page')}
      data-testid="dv-page-switch"
      onKeyDown={roving.onKeyDown}
    >
      {pages.map(({ key, title }, i) => (
        <button
          key={key}
          type="button"
          class="dv-Segment"
          aria-pressed={key === shown.key}
          tabIndex={roving.tabIndex(i)}
          onFocus={() => {
            roving.onFocus(i);
          }}
          onClick={() => {
            onSelect(key);
          }}
        >
          {title}
        </button>
      ))}
    </div>
  );
}
