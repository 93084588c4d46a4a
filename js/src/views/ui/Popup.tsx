import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Icon, type IconName } from '../../render/icon';
import { consume } from './keys';
import { useUniqueId } from './browser/uniqueId';

interface Props {
  label: string;
  icon: IconName;
  testId: string;
  /** Gets a function that closes it. */
  children: (close: () => void) => ComponentChildren;
}

/** A button that opens a small sheet below it. Escape, or the focus going elsewhere, closes it. */
export function Popup({ label, icon, testId, children }: Props): JSX.Element {
  const [open, setOpen] = useState(false);
  const id = useUniqueId();
  const button = useRef<HTMLButtonElement>(null);
  const sheet = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (open) {
      (sheet.current?.querySelector<HTMLElement>('input, button') ?? sheet.current)?.focus();
    }
  }, [open]);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <div
      class="dv-Popup"
      onKeyDown={event => {
        if (open && event.key === 'Escape') {
          consume(event);
          close();
        }
      }}
      onFocusOut={event => {
        const to = event.relatedTarget;
        if (!(to instanceof Node && event.currentTarget.contains(to))) {
          setOpen(false);
        }
      }}
    >
      <button
        ref={button}
        type="button"
        class="dv-Button plain"
        aria-label={label}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        title={label}
        data-testid={testId}
        onClick={() => {
          setOpen(!open);
        }}
      >
        <Icon name={icon} size={13} />
        <span class="dv-Button-label">{label}</span>
      </button>
      {open && (
        <div ref={sheet} id={id} class="dv-Popup-sheet" role="group" aria-label={label} tabIndex={-1}>
          {children(close)}
        </div>
      )}
    </div>
  );
}
