import { afterEach, vi } from 'vitest';

// jsdom has no layout and no canvas: sizes do not change, and strips are drawn on nothing.
class StillObserver implements ResizeObserver {
  observe(): void {
    // No size ever changes.
  }
  unobserve(): void {
    // Nothing was observed.
  }
  disconnect(): void {
    // Nothing was observed.
  }
}
vi.stubGlobal('ResizeObserver', StillObserver);
vi.stubGlobal('matchMedia', () => new EventTarget());
Element.prototype.scrollIntoView = () => undefined;
HTMLCanvasElement.prototype.getContext = () => null;

afterEach(() => {
  document.body.replaceChildren();
});
