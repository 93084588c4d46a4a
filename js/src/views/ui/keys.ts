/** Whether a key event types text into a field. */
export function isTyping(event: KeyboardEvent): boolean {
  return event.target instanceof HTMLInputElement;
}

export function hasModifier(event: KeyboardEvent | WheelEvent): boolean {
  return event.ctrlKey || event.metaKey || event.altKey;
}

/** Takes a key for ourselves. */
export function consume(event: KeyboardEvent): void {
  event.preventDefault();
  event.stopPropagation();
}

/**
 * Keeps from the notebook the keys that a control of ours needs. In command mode a notebook takes Enter for itself, and
 * without this no button in an output could be pressed with it; and by arrows it would go to another cell, where what has
 * the focus can be scrolled. Keys that we have no use for pass.
 */
export function shield(event: KeyboardEvent): void {
  const { key, target } = event;
  const ours =
    isTyping(event) || target instanceof HTMLSelectElement
      ? !hasModifier(event)
      : target instanceof HTMLElement &&
        ((['Enter', ' '].includes(key) && isControl(target)) ||
          (SCROLL_KEYS.has(key) && scrolls(target, event)));
  if (ours) {
    event.stopPropagation();
  }
}

/** What the browser scrolls by, once it has the focus. */
const SCROLL_KEYS: ReadonlySet<string> = new Set([
  'ArrowUp',
  'ArrowDown',
  'ArrowLeft',
  'ArrowRight',
  'PageUp',
  'PageDown',
  'Home',
  'End',
  ' ',
]);

function scrolls(element: HTMLElement, event: KeyboardEvent): boolean {
  return !hasModifier(event) && element.matches('.dv-Findings, .dv-Detail-body, .dv-UnitList, pre');
}

function isControl(element: HTMLElement): boolean {
  return element.closest('button, select, summary, a[href]') !== null;
}
