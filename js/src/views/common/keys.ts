/** Whether a key event types text into a field. */
export function isTyping(event: KeyboardEvent): boolean {
  return event.target instanceof HTMLInputElement;
}

export function hasModifier(event: KeyboardEvent): boolean {
  return event.ctrlKey || event.metaKey || event.altKey;
}

/** Takes a key for ourselves. */
export function consume(event: KeyboardEvent): void {
  event.preventDefault();
  event.stopPropagation();
}

/**
 * Keeps from the notebook the keys that a control of ours needs. In command mode a notebook takes Enter for itself, and
 * without this no button in an output could be pressed with it. Keys that we have no use for pass.
 */
export function shield(event: KeyboardEvent): void {
  const ours = isTyping(event)
    ? !hasModifier(event)
    : event.target instanceof HTMLElement && ['Enter', ' '].includes(event.key) && isControl(event.target);
  if (ours) {
    event.stopPropagation();
  }
}

function isControl(element: HTMLElement): boolean {
  return element.closest('button, select, summary, a[href]') !== null;
}
