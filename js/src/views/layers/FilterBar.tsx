import type { JSX, RefObject } from 'preact';
import { useState } from 'preact/hooks';
import { Icon } from '../../render/icon';
import type { Trait } from '../../store/layers/layerView';
import { isOver } from '../../store/kernel/state';
import { trans } from '../../store/shared/trans';
import { KindChips } from '../ui/KindChips';
import { count } from '../ui/words/format';
import { ColumnChooser } from './ColumnChooser';
import { CopyMenu } from './CopyMenu';
import type { Page } from '../run/page';

interface Props {
  page: Page;
  search: RefObject<HTMLInputElement | null>;
}

export function FilterBar({ page, search }: Props): JSX.Element {
  const { view } = page;
  const [told, tell] = useState('');
  return (
    <div class="dv-FilterBar" role="group" aria-label={trans.__('Layer filters')}>
      <label class="dv-Input">
        <Icon name="search" size={13} />
        <input
          ref={search}
          data-testid="dv-filter"
          type="text"
          placeholder={trans.__('Filter layers')}
          aria-label={trans.__('Filter layers by name')}
          spellcheck={false}
          value={view.text.value}
          onInput={event => {
            view.text.value = event.currentTarget.value;
          }}
        />
        <kbd class="dv-hide-small" aria-hidden="true">
          /
        </kbd>
      </label>
      <KindChips
        counts={view.kindCounts.value}
        on={view.kinds.value}
        toggle={kind => {
          view.toggleKind(kind);
        }}
      />
      <TraitChips page={page} />
      <span class="dv-grow" />
      <span class="dv-sr" role="status">
        {told}
      </span>
      <span class="dv-caption dv-num" data-testid="dv-shown">
        {shownText(page)}
      </span>
      <CopyMenu page={page} tell={tell} />
      <ColumnChooser page={page} />
    </div>
  );
}

/** How many rows are marked, else how many are shown. */
function shownText({ view }: Page): string {
  const marked = view.marks.names.value.size;
  const total = view.rows.value.length;
  if (marked > 0) {
    return trans.__('%1 of %2 marked', count(marked), count(total));
  }
  const all = trans._n('1 layer', '%2 layers', total, count(total));
  return view.filtered ? trans.__('%1 of %2', count(view.visible.value.length), all) : all;
}

/** What rows can be narrowed to that the run has something to say on. */
function TraitChips({ page }: { page: Page }): JSX.Element {
  const { view, record } = page;
  const { state } = record;
  const over = state !== null && isOver(state.status);
  const counts = view.traitCounts.value;
  const offered: readonly (readonly [Trait, string, boolean])[] = [
    [
      'dead',
      trans.__('Has dead units'),
      state?.introspections.some(({ analysis }) => analysis === 'iua') === true,
    ],
    ['unstable', trans.__('Not stable'), !over && counts.unstable > 0],
    ['incomplete', trans.__('Incomplete'), over && counts.incomplete > 0],
  ];
  return (
    <>
      {offered
        .filter(([trait, , useful]) => useful || view.traits.value.has(trait))
        .map(([trait, word]) => (
          <button
            key={trait}
            type="button"
            class="dv-Chip dv-Trait"
            aria-pressed={view.traits.value.has(trait)}
            data-testid={`dv-only-${trait}`}
            onClick={() => {
              view.toggleTrait(trait);
            }}
          >
            {word}
            <span class="dv-count">{count(counts[trait])}</span>
          </button>
        ))}
    </>
  );
}
