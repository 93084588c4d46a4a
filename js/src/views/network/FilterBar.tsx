import type { JSX, RefObject } from 'preact';
import { Icon } from '../../render/icon';
import { KindChips } from '../common/KindChips';
import { count, plural } from '../format';
import type { Page } from './page';

export function FilterBar({
  page,
  search,
}: {
  page: Page;
  search: RefObject<HTMLInputElement | null>;
}): JSX.Element {
  const { view } = page;
  const total = view.rows.value.length;
  return (
    <div class="dv-FilterBar" role="group" aria-label="Layer filters">
      <label class="dv-Input">
        <Icon name="search" size={13} />
        <input
          ref={search}
          data-testid="dv-filter"
          type="text"
          placeholder="Filter layers"
          aria-label="Filter layers by name"
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
      <span class="dv-grow" />
      <span class="dv-caption dv-num">
        {view.filtered
          ? `${count(view.visible.value.length)} of ${plural(total, 'layer')}`
          : plural(total, 'layer')}
      </span>
    </div>
  );
}
