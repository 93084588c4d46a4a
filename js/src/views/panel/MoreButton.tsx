import type { JSX } from 'preact';
import { Icon } from '../../render/icon';
import { trans } from '../../store/shared/trans';

interface Props {
  /** What the menu is of. */
  name: string;
  testId: string;
  tabIndex?: 0 | -1;
  onFocus?: () => void;
  /** Opens the menu below the button. */
  menu: (at: HTMLElement) => void;
}

/** Opens a menu of what else can be done with a file. */
export function MoreButton({
  name,
  testId,
  tabIndex = 0,
  onFocus = () => undefined,
  menu,
}: Props): JSX.Element {
  return (
    <button
      type="button"
      class="dv-Button plain icon"
      aria-label={trans.__('More for %1', name)}
      aria-haspopup="menu"
      title={trans.__('More')}
      data-testid={testId}
      tabIndex={tabIndex}
      onFocus={onFocus}
      onClick={event => {
        menu(event.currentTarget);
      }}
    >
      <Icon name="more" />
    </button>
  );
}
