import type { JSX } from 'preact';
import type { AnalysisInfo, RunState } from '../../protocol/messages';
import { isOfLayers } from '../../store/layers/columns';
import { analysisLabel } from '../../store/shared/catalog';
import { trans } from '../../store/shared/trans';
import { useRoving } from '../ui/roving';

/** The table of layers, or what one analysis found, by the introspector's name. */
export type Shown =
  { readonly what: 'layers' } | { readonly what: 'findings'; readonly introspector: string };

/** The pages that a run has: its layers if the layer table has columns for any, and one for each other analysis. */
function pagesOf(
  state: RunState | null,
  rows: readonly AnalysisInfo[],
): readonly { shown: Shown; label: string }[] {
  const introspections = state?.introspections ?? [];
  const pages = introspections
    .filter(introspection => !isOfLayers(introspection))
    .map(({ name, analysis }) => {
      const label = analysisLabel(analysis, rows);
      return {
        shown: { what: 'findings', introspector: name } as const,
        label: name === analysis ? label : `${label} · ${name}`,
      };
    });
  const layers = { shown: { what: 'layers' } as const, label: trans.__('Layers') };
  return pages.length === introspections.length && pages.length > 0 ? pages : [layers, ...pages];
}

/** The page that is wanted, or the first where there is no such page. */
export function shownOf(state: RunState | null, wanted: Shown | null): Shown {
  const pages = pagesOf(state, []);
  const found = pages.find(({ shown }) => wanted !== null && isSame(shown, wanted)) ?? pages[0];
  return found?.shown ?? { what: 'layers' };
}

interface PageSwitchProps {
  readonly state: RunState | null;
  readonly rows: readonly AnalysisInfo[];
  readonly shown: Shown;
  readonly onSelect: (shown: Shown) => void;
}

/** Chooses a page, where there is more than one. */
export function PageSwitch({ state, rows, shown, onSelect }: PageSwitchProps): JSX.Element | null {
  const pages = pagesOf(state, rows);
  const roving = useRoving(pages.length);
  return pages.length < 2 ? null : (
    <div
      class="dv-PageSwitch"
      role="toolbar"
      aria-label={trans.__('Page')}
      data-testid="dv-page-switch"
      onKeyDown={roving.onKeyDown}
    >
      {pages.map((page, i) => (
        <button
          key={page.label}
          type="button"
          class="dv-Segment"
          aria-pressed={isSame(page.shown, shown)}
          tabIndex={roving.tabIndex(i)}
          onFocus={() => {
            roving.onFocus(i);
          }}
          onClick={() => {
            onSelect(page.shown);
          }}
        >
          {page.label}
        </button>
      ))}
    </div>
  );
}

function isSame(one: Shown, other: Shown): boolean {
  return one.what === 'findings' && other.what === 'findings'
    ? one.introspector === other.introspector
    : one.what === other.what;
}
