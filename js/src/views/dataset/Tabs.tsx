import type { JSX } from 'preact';
import { useRoving } from '../ui/roving';

interface Props {
  label: string;
  /** For the style: where there is room for all parts at once, and where there is not. */
  kind: 'wide' | 'narrow';
  tabs: readonly (readonly [id: string, title: string])[];
  shown: string;
  choose: (id: string) => void;
}

/** Chooses a part of the page. */
export function Tabs({ label, kind, tabs, shown, choose }: Props): JSX.Element {
  const roving = useRoving(tabs.length);
  return (
    <div class={`dv-Tabs ${kind}`} role="tablist" aria-label={label} onKeyDown={roving.onKeyDown}>
      {tabs.map(([id, title], i) => (
        <button
          key={id}
          type="button"
          role="tab"
          aria-selected={shown === id}
          tabIndex={roving.tabIndex(i)}
          onFocus={() => {
            roving.onFocus(i);
          }}
          onClick={() => {
            choose(id);
          }}
        >
          {title}
        </button>
      ))}
    </div>
  );
}
