import { useSignal } from '@preact/signals';
import { consume, hasModifier } from './keys';

const FORWARD = new Set(['ArrowDown', 'ArrowRight']);
const BACK = new Set(['ArrowUp', 'ArrowLeft']);

interface Roving {
  /** For each item: -1 for all but the one that Tab reaches. */
  readonly tabIndex: (index: number) => 0 | -1;
  /** For the element around the items, which are its buttons. */
  readonly onKeyDown: (event: KeyboardEvent & { readonly currentTarget: HTMLElement }) => void;
  /** For each item. */
  readonly onFocus: (index: number) => void;
}

/** Buttons with one Tab stop, those of `selector`; arrows, Home and End move between them. */
export function useRoving(total: number, selector = 'button'): Roving {
  const current = useSignal(0);
  const at = Math.min(current.value, Math.max(0, total - 1));
  return {
    tabIndex: index => (index === at ? 0 : -1),
    onFocus: index => {
      current.value = index;
    },
    onKeyDown: event => {
      const target = hasModifier(event) ? null : targetOf(event.key, at, total);
      if (target !== null) {
        consume(event);
        event.currentTarget.querySelectorAll<HTMLElement>(selector)[target]?.focus();
      }
    },
  };
}

function targetOf(key: string, at: number, total: number): number | null {
  if (FORWARD.has(key)) {
    return Math.min(total - 1, at + 1);
  }
  if (BACK.has(key)) {
    return Math.max(0, at - 1);
  }
  return key === 'Home' ? 0 : key === 'End' ? total - 1 : null;
}
