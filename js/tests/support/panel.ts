import { type Signal, signal } from '@preact/signals';
import { vi } from 'vitest';
import { type Execute, Launcher } from '../../src/store/launch/launcher';
import { Plan } from '../../src/store/launch/plan';
import { Store } from '../../src/store/kernel/store';
import { mountPanel } from '../../src/views/mountPanel';
import type { Evaluate } from '../../src/store/files/reportActions';
import type { PanelTarget } from '../../src/views/panel/target';
import { drawn } from './canvas';
import { FakeClock } from './clock';
import { incoming } from './fixtures';
import { FakeReports } from './reports';

type Name = string | readonly [name: string, fields: Record<string, unknown>];

/** A side panel in a document, whose kernel the test plays. */
export class PanelUnderTest {
  readonly clock = new FakeClock();
  readonly store = new Store(this.clock);
  readonly plan = new Plan(this.store.state, this.store.link);
  readonly execute = vi.fn<Execute>();
  readonly scan = vi.fn<() => void>();
  readonly insertCode = vi.fn<(code: string) => void>();
  readonly openRun = vi.fn<(kernel: string, run: string) => void>();
  readonly showRun = vi.fn<(kernel: string, run: string) => void>();
  readonly load = vi.fn<() => Promise<string | null>>(() => Promise.resolve(null));
  readonly evaluate = vi.fn<Evaluate>();
  readonly reports = new FakeReports();
  readonly host = document.createElement('div');
  readonly target: Signal<PanelTarget | null>;

  constructor(id = 'k1') {
    const nothing = () => undefined;
    this.store.link.value = 'live';
    this.target = signal({
      document: 'audit.ipynb',
      folder: '',
      kernel: 'Python 3',
      link: {
        id,
        store: this.store,
        source: {
          cancel: nothing,
          pause: nothing,
          resume: nothing,
          focus: nothing,
          readColumn: nothing,
          interrupt: null,
          reconnect: null,
        },
        plan: this.plan,
        launcher: new Launcher(this.execute, this.clock),
        load: this.load,
        refresh: nothing,
        scan: this.scan,
      },
      insertCode: this.insertCode,
      evaluate: this.evaluate,
      chooseKernel: nothing,
      restartKernel: nothing,
      starting: false,
    });
    document.body.append(this.host);
    mountPanel(this.host, this.target, {
      newNotebook: nothing,
      openDemo: nothing,
      openRun: this.openRun,
      showRun: this.showRun,
      ...this.reports.actions,
      version: '0.1.0',
    });
  }

  /** Takes messages in and waits until they are drawn. */
  async show(...names: Name[]): Promise<void> {
    for (const name of names) {
      this.store.take(typeof name === 'string' ? incoming(name) : incoming(...name), nothing);
    }
    this.clock.advance(250);
    await drawn();
  }

  /** The kernel tells the code of a run that was started by the panel's last request. */
  tellOrigin(run: string): Promise<void> {
    const code = this.execute.mock.lastCall?.[0];
    const { start, variable, checkpoint } = code ?? { start: '', variable: null, checkpoint: null };
    return this.show(['origin', { run, code: start, variable, checkpoint }]);
  }

  all(testId: string): HTMLElement[] {
    return [...this.host.querySelectorAll<HTMLElement>(`[data-testid="${testId}"]`)];
  }

  get(testId: string): HTMLElement {
    const [element] = this.all(testId);
    if (element === undefined) {
      throw new Error(`no ${testId} in: ${this.host.textContent}`);
    }
    return element;
  }

  /** The element with that test id whose data attribute has that value. */
  item(testId: string, attribute: string, value: string): HTMLElement {
    const element = this.all(testId).find(({ dataset }) => dataset[attribute] === value);
    if (element === undefined) {
      throw new Error(`no ${testId} ${value} in: ${this.host.textContent}`);
    }
    return element;
  }

  button(label: string): HTMLButtonElement {
    const button = [...this.host.querySelectorAll('button')].find(
      ({ textContent, ariaLabel }) => textContent === label || ariaLabel === label,
    );
    if (button === undefined) {
      throw new Error(`no button ${label} in: ${this.host.textContent}`);
    }
    return button;
  }

  async click(element: HTMLElement, init: MouseEventInit = {}): Promise<void> {
    element.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, ...init }));
    await drawn();
  }

  async type(field: HTMLElement, text: string): Promise<void> {
    if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) {
      field.value = text;
    }
    field.dispatchEvent(
      new Event(field instanceof HTMLSelectElement ? 'change' : 'input', { bubbles: true }),
    );
    await drawn();
  }

  /** Presses a key where the focus is; tells whether it was used. */
  async press(key: string, init: KeyboardEventInit = {}): Promise<boolean> {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init });
    (document.activeElement ?? document.body).dispatchEvent(event);
    await drawn();
    return event.defaultPrevented;
  }
}

function nothing(): void {
  // Nothing waits for messages to be shown.
}
