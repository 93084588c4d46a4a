import { type Signal, signal } from '@preact/signals';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type Execute, Launcher } from '../../src/store/launch/launcher';
import { Plan } from '../../src/store/launch/plan';
import type { Source } from '../../src/store/kernel/source';
import { Store } from '../../src/store/kernel/store';
import { mountPanel } from '../../src/views/mountPanel';
import type { PanelTarget } from '../../src/views/panel/target';
import { FakeClock } from '../support/clock';
import { incoming } from '../support/fixtures';
import { FakeReports } from '../support/reports';
const actions = {
  newNotebook: vi.fn<() => void>(),
  openDemo: vi.fn<() => void>(),
  openRun: vi.fn<(kernel: string, run: string) => void>(),
  showRun: () => undefined,
  ...new FakeReports().actions,
  version: '0.1.0',
};
const load = vi.fn<() => Promise<string | null>>();
const cancel = vi.fn<(run: string) => void>();
const pause = vi.fn<(run: string) => void>();
const resume = vi.fn<(run: string) => void>();
const insertCode = vi.fn<(code: string) => void>();
const chooseKernel = vi.fn<() => void>();
const restartKernel = vi.fn<() => void>();
const interrupt = vi.fn<() => Promise<void>>();
const focus = vi.fn<Source['focus']>();
const reconnect = vi.fn<() => void>();
let clock: FakeClock;
let store: Store;
let host: HTMLElement;
let target: Signal<PanelTarget | null>;

beforeEach(() => {
  clock = new FakeClock();
  store = new Store(clock);
  host = document.createElement('div');
  document.body.append(host);
  const link = {
    id: 'k1',
    store,
    source: { cancel, pause, resume, focus, readColumn: vi.fn<Source['readColumn']>(), interrupt, reconnect },
    load,
    refresh: vi.fn<() => void>(),
    scan: vi.fn<() => void>(),
    plan: new Plan(store.state, store.link),
    launcher: new Launcher(vi.fn<Execute>()),
  };
  target = signal({
    document: 'audit.ipynb',
    folder: '',
    kernel: 'Python 3',
    link,
    insertCode,
    evaluate: null,
    chooseKernel,
    restartKernel,
    starting: false,
  });
  mountPanel(host, target, actions);
});

async function drawn(): Promise<void> {
  clock.advance(250);
  await new Promise(resolve => setTimeout(resolve));
}

async function run(fields: Record<string, unknown>): Promise<void> {
  store.take(incoming('run', fields), () => undefined);
  await drawn();
}

function button(label: string): HTMLElement {
  const found = [...host.querySelectorAll<HTMLElement>('button')].find(
    ({ textContent, ariaLabel }) => textContent === label || ariaLabel === label,
  );
  if (found === undefined) {
    throw new Error(`no button ${label}`);
  }
  return found;
}

const pill = () => host.querySelector('.dv-State.pill')?.textContent;
const noKernel = {
  document: 'a.ipynb',
  folder: '',
  kernel: null,
  link: null,
  insertCode,
  evaluate: null,
  chooseKernel,
  restartKernel,
  starting: false,
};
const cards = () => [...host.querySelectorAll<HTMLElement>('[data-testid="dv-run"]')];

describe('without DeepView', () => {
  it('no notebook: says how to start', async () => {
    target.value = null;
    await drawn();
    expect(host.textContent).toContain('Open a notebook to start');
    expect(pill()).toBe('No kernel');
    button('New notebook').click();
    expect(actions.newNotebook).toHaveBeenCalledOnce();
  });

  it('no kernel: offers to choose one', async () => {
    target.value = noKernel;
    await drawn();
    button('Choose a kernel').click();
    expect(chooseKernel).toHaveBeenCalledOnce();
    target.value = { ...noKernel, starting: true };
    await drawn();
    expect(pill()).toBe('Starting');
    expect(host.textContent).toContain('The kernel is starting');
  });

  it.each([
    ['starting', 'Starting', 'The kernel is starting'],
    ['connecting', 'Connecting', 'Connecting to the kernel.'],
    ['busy', 'Busy', 'The kernel is busy with a cell'],
    ['restarting', 'Restarting', 'The kernel restarts'],
    ['foreign', 'Not Python', 'This kernel does not run Python'],
    ['dead', 'Kernel died', 'The kernel has died.'],
    ['disconnected', 'Disconnected', 'The kernel does not answer.'],
  ] as const)('%s: says so', async (link, word, text) => {
    store.link.value = link;
    await drawn();
    expect(pill()).toBe(word);
    expect(host.textContent).toContain(text);
  });

  it('shut down by the user: has no kernel rather than a lost connection', async () => {
    store.link.value = 'detached';
    await drawn();
    expect(pill()).toBe('Disconnected');
    target.value = { ...target.value!, kernel: null };
    await drawn();
    expect(pill()).toBe('No kernel');
    expect(host.textContent).toContain('This document has no kernel.');
    expect(button('Choose a kernel')).toBeDefined();
    target.value = { ...target.value, starting: true };
    await drawn();
    expect(pill()).toBe('Starting');
  });

  it('busy: offers the interrupt', async () => {
    store.link.value = 'busy';
    await drawn();
    button('Interrupt the kernel').click();
    expect(interrupt).toHaveBeenCalledOnce();
  });

  it('not loaded: loads it, and says why that failed', async () => {
    store.link.value = 'absent';
    await drawn();
    expect(host.textContent).toContain('DeepView is not loaded in this kernel');
    let fail: (problem: string) => void = () => undefined;
    load.mockReturnValueOnce(
      new Promise(resolve => {
        fail = resolve;
      }),
    );
    const button = host.querySelector<HTMLButtonElement>('[data-testid="dv-load"]');
    button?.click();
    await drawn();
    expect(button?.disabled).toBe(true);
    fail("ModuleNotFoundError: No module named 'msgspec'");
    await drawn();
    await drawn();
    expect(host.querySelector('[role="alert"]')?.textContent).toContain("No module named 'msgspec'");
    expect(button?.disabled).toBe(false);
  });

  it('not installed: shows how to install it for this kernel', async () => {
    store.link.value = 'absent';
    load.mockResolvedValueOnce("ModuleNotFoundError: No module named 'deepview_lab'");
    await drawn();
    button('Load DeepView').click();
    await drawn();
    await drawn();
    expect(host.textContent).toContain('DeepView is not installed for this kernel');
    button('Insert as code').click();
    expect(insertCode).toHaveBeenLastCalledWith('%pip install deepview_lab');
    expect(button('Load DeepView').hasAttribute('disabled')).toBe(false);
  });

  it('not loaded: offers the code and the pip command', async () => {
    store.link.value = 'absent';
    await drawn();
    button('Insert as code').click();
    expect(insertCode).toHaveBeenCalledWith('%load_ext deepview_lab');
    button('Show the pip command').click();
    await drawn();
    expect(host.textContent).toContain('%pip install deepview_lab');
  });
});

describe('runs', () => {
  beforeEach(() => {
    store.link.value = 'live';
    store.take(incoming('hello', { runs: [] }), () => undefined);
  });

  it('none yet', async () => {
    await drawn();
    expect(pill()).toBe('Idle');
    expect(host.textContent).toContain('audit.ipynb · Python 3 · DeepView 0.1.0');
    expect(host.textContent).toContain('Nothing has run yet. Runs keep going if you close this panel.');
  });

  it('are cards, newest first', async () => {
    await run({ run: 'a', name: 'first', status: 'done' });
    await run({ run: 'b', name: 'second' });
    expect(cards().map(({ dataset }) => [dataset['run'], dataset['status']])).toEqual([
      ['b', 'running'],
      ['a', 'done'],
    ]);
    expect(pill()).toBe('1 running');
    expect(cards()[0]?.textContent).toContain('batch 132 / 194 · 212 samples/s');
    expect(cards()[0]?.textContent).toContain('ETA 19 s');
    expect(cards()[1]?.textContent).toContain('8,448 samples');
  });

  it('can be stopped and opened', async () => {
    await run({});
    host.querySelector<HTMLElement>('[data-testid="dv-cancel"]')?.click();
    expect(cancel).toHaveBeenCalledWith('r1');
    host.querySelector<HTMLElement>('[data-testid="dv-open"]')?.click();
    expect(actions.openRun).toHaveBeenCalledWith('k1', 'r1');
  });

  it('that are over cannot be stopped', async () => {
    await run({ status: 'cancelled' });
    expect(host.querySelector('[data-testid="dv-cancel"]')).toBeNull();
    expect(cards()[0]?.textContent).toContain('stopped at batch 132 / 194');
  });

  it('that failed say why, what was kept, and where', async () => {
    store.take(incoming('run_failed'), () => undefined);
    await drawn();
    const alert = host.querySelector('[role="alert"]');
    expect(alert?.textContent).toContain('The file <b>ended</b> early. Results of 17 batches are kept.');
    expect(alert?.querySelector('details pre')?.textContent).toBe('Traceback ...');
  });

  it('of a kernel that is gone stay to be seen', async () => {
    await run({});
    store.link.value = 'disconnected';
    await drawn();
    expect(pill()).toBe('Disconnected');
    expect(cards()[0]?.textContent).toContain('last heard at batch 132 / 194');
    expect(cards()[0]?.textContent).not.toContain('ETA');
    expect(host.querySelector('[data-testid="dv-cancel"]')).toBeNull();
  });

  it('of the session before a restart keep what they had, and cannot resume', async () => {
    await run({ run: 'a', name: 'over', status: 'done' });
    await run({ run: 'b', name: 'open' });
    store.take(incoming('hello', { session: 's2', runs: [] }), () => undefined);
    await drawn();
    expect(pill()).toBe('Idle');
    expect(cards()[0]?.textContent).toContain(
      'The kernel was restarted, so this run cannot resume. This page keeps the results up to batch 132.',
    );
    expect(host.querySelector('[data-testid="dv-cancel"]')).toBeNull();
    expect(cards()[1]?.textContent).not.toContain('restarted');
  });

  it('of a kernel that was restarted are shown beside Load DeepView', async () => {
    await run({});
    store.lose();
    store.link.value = 'absent';
    await drawn();
    expect(pill()).toBe('Not loaded');
    expect(host.querySelector('[data-testid="dv-load"]')).not.toBeNull();
    expect(cards()[0]?.textContent).toContain('This page keeps the results up to batch 132.');
  });

  it('of a kernel out of reach: says what is kept, when it is tried again, and tries at once on request', async () => {
    await run({});
    store.link.value = 'disconnected';
    store.retryAt.value = performance.now() + 3500;
    await drawn();
    expect(host.querySelector('.dv-Banner')?.textContent).toContain(
      'The kernel does not answer. Results up to batch 132 are shown here.Trying again in 4 s.',
    );
    button('Reconnect').click();
    expect(reconnect).toHaveBeenCalledOnce();
    button('Restart kernel…').click();
    expect(restartKernel).toHaveBeenCalledOnce();
  });

  it('of a kernel with another version of DeepView: says which', async () => {
    store.take(incoming('hello', { version: '0.2.0' }), () => undefined);
    await drawn();
    expect(host.textContent).toContain('DeepView is 0.2.0 in this kernel and 0.1.0 in JupyterLab.');
  });
});
