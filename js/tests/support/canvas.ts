import { vi } from 'vitest';
import type { Source } from '../../src/store/kernel/source';
import { Store } from '../../src/store/kernel/store';
import { mount } from '../../src/views/mount';
import { FakeClock } from './clock';
import { incoming } from './fixtures';

export const ALL = ['hello', 'run', 'layers', 'iua', 'pfa'] as const;

type Name = string | readonly [name: string, fields: Record<string, unknown>];

/** Waits until what was changed is in the document. */
export async function drawn(): Promise<void> {
  await new Promise(resolve => requestAnimationFrame(resolve));
  await new Promise(resolve => setTimeout(resolve));
}

/** A canvas of the run r1, in a document, as a user meets it. */
export class CanvasUnderTest {
  readonly clock = new FakeClock();
  readonly store = new Store(this.clock);
  readonly cancel = vi.fn<(run: string) => void>();
  readonly pause = vi.fn<(run: string) => void>();
  readonly resume = vi.fn<(run: string) => void>();
  readonly focus = vi.fn<Source['focus']>();
  readonly readColumn = vi.fn<Source['readColumn']>();
  readonly interrupt = vi.fn<() => Promise<void>>();
  readonly reconnect = vi.fn<() => void>();
  readonly host = this.mount(false);

  constructor() {
    this.store.link.value = 'live';
  }

  /** Shows the same run once more. */
  mount(inline: boolean): HTMLElement {
    const host = document.createElement('div');
    document.body.append(host);
    const { store, cancel, pause, resume, focus, readColumn, interrupt, reconnect } = this;
    const source = { cancel, pause, resume, focus, readColumn, interrupt, reconnect };
    mount(host, { store, source, run: 'r1', inline });
    return host;
  }

  /** Takes messages in and waits until they are drawn. */
  async show(...names: Name[]): Promise<void> {
    for (const name of names) {
      this.store.take(typeof name === 'string' ? incoming(name) : incoming(...name), () => undefined);
    }
    this.clock.advance(250);
    await drawn();
  }

  get text(): string {
    return this.host.textContent;
  }

  get pill(): string | undefined {
    return this.host.querySelector('.dv-State.pill')?.textContent;
  }

  get(testId: string): HTMLElement {
    return this.found(this.host.querySelector<HTMLElement>(`[data-testid="${testId}"]`), testId);
  }

  button(label: string): HTMLElement {
    const buttons = [...this.host.querySelectorAll<HTMLElement>('button')];
    const button = buttons.find(({ textContent, ariaLabel }) => textContent === label || ariaLabel === label);
    return this.found(button, label);
  }

  rows(): HTMLElement[] {
    return [...this.host.querySelectorAll<HTMLElement>('[data-testid="dv-layer-row"]')];
  }

  names(): (string | undefined)[] {
    return this.rows().map(row => row.dataset['layer']);
  }

  row(layer: string): HTMLElement {
    return this.found(
      this.rows().find(({ dataset }) => dataset['layer'] === layer),
      layer,
    );
  }

  /** The text of each cell of a layer's row, in the order of the columns. */
  cells(layer: string): string[] {
    return [...this.row(layer).querySelectorAll('td')].map(({ textContent }) => textContent.trim());
  }

  /** The name of the current layer. */
  get current(): string | undefined {
    return this.rows().find(({ ariaCurrent }) => ariaCurrent === 'true')?.dataset['layer'];
  }

  /** The names of the marked layers that are drawn. */
  get marked(): (string | undefined)[] {
    return this.rows()
      .filter(({ ariaSelected }) => ariaSelected === 'true')
      .map(({ dataset }) => dataset['layer']);
  }

  has(testId: string): boolean {
    return this.host.querySelector(`[data-testid="${testId}"]`) !== null;
  }

  /** Presses a key where the focus is; tells whether it was used, and whether it reached the page around us. */
  async press(key: string, init: KeyboardEventInit = {}): Promise<{ prevented: boolean; escaped: boolean }> {
    let escaped = false;
    const outside = () => {
      escaped = true;
    };
    document.addEventListener('keydown', outside);
    const event = new KeyboardEvent('keydown', {
      key,
      bubbles: true,
      cancelable: true,
      composed: true,
      ...init,
    });
    (document.activeElement ?? document.body).dispatchEvent(event);
    document.removeEventListener('keydown', outside);
    await drawn();
    return { prevented: event.defaultPrevented, escaped };
  }

  private found(element: HTMLElement | null | undefined, what: string): HTMLElement {
    if (element === null || element === undefined) {
      throw new Error(`no ${what} in: ${this.text}`);
    }
    return element;
  }
}
