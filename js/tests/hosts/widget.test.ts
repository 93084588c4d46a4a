import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Model, Saved, Traits } from '../../src/hosts/anywidget/model';
import widget from '../../src/hosts/anywidget/index';
import { lend } from '../../src/hosts/hostBridge';
import { OPEN_EVENT, offerTabs, requestOf } from '../../src/hosts/tab';
import type { ControlMessage } from '../../src/protocol/messages';
import { CONTROL_TARGET } from '../../src/protocol/messages';
import { UNCHANGED } from '../../src/store/shared/preferences';
import { type Bundle, english, trans, translateWith } from '../../src/store/shared/trans';
import { altered, arrow, json } from '../support/fixtures';
import { FakeKernel, settle } from '../support/kernel';

type Receive = (message: unknown, buffers: readonly DataView[]) => void;

class FakeModel implements Model {
  readonly sent: ControlMessage[] = [];
  private readonly receivers = new Set<Receive>();

  constructor(
    private readonly traits: Traits,
    readonly widget_manager: unknown,
  ) {}

  get<K extends keyof Traits>(name: K): Traits[K] {
    return this.traits[name];
  }

  on(_: 'msg:custom', callback: Receive): void {
    this.receivers.add(callback);
  }

  off(_: 'msg:custom', callback: Receive): void {
    this.receivers.delete(callback);
  }

  send(message: ControlMessage): void {
    this.sent.push(message);
  }

  receive(message: unknown, ...buffers: DataView[]): void {
    for (const receiver of this.receivers) {
      receiver(message, buffers);
    }
  }
}

let client = 0;
let kernel: FakeKernel;

function modelWith({
  saved = null,
  manager = { kernel },
}: { saved?: Saved | null; manager?: unknown } = {}): FakeModel {
  client++;
  return new FakeModel({ _client: `c${client}`, _run: 'r1', _saved: saved }, manager);
}

function show(model: FakeModel): HTMLElement {
  const el = document.createElement('div');
  document.body.append(el);
  widget.render({ model, el });
  return el;
}

const pill = (el: HTMLElement) => el.querySelector('.dv-State.pill')?.textContent;
const drawn = () => new Promise(resolve => setTimeout(resolve, 300));

beforeEach(() => {
  kernel = new FakeKernel();
});

describe('the canvas widget', () => {
  it('asks for everything on a control comm of its own, and shows what comes', async () => {
    const model = modelWith();
    widget.initialize({ model });
    await settle();
    expect(kernel.all(CONTROL_TARGET)).toEqual([]); // until it is shown: in JupyterLab our extension shows the run
    const el = show(model);
    await settle();
    const control = kernel.last(CONTROL_TARGET);
    expect(control.opened).toEqual({ client: model.get('_client'), v: 1 });
    expect(control.sent).toEqual([{ kind: 'resync', v: 1, client: model.get('_client') }]);
    expect(model.sent).toEqual([]);

    model.receive(altered('hello', {}));
    model.receive(json('run'));
    model.receive(json('layers'));
    model.receive(altered('iua', { seq: 4 }), new DataView(arrow('iua').slice().buffer));
    await drawn();
    expect(el.querySelectorAll('[data-testid="dv-layer-row"]')).toHaveLength(4);
    expect(pill(el)).toBe('Running');
    expect(control.sent.at(-1)).toMatchObject({ kind: 'ack' });
  });

  it('sends over the model where the host has no kernel connection', () => {
    const model = modelWith({ manager: {} });
    widget.initialize({ model });
    expect(model.sent).toEqual([]);
    show(model);
    expect(model.sent.map(({ kind }) => kind)).toEqual(['resync']);
  });

  it('shows what a reopened notebook kept, until something live answers', async () => {
    const saved = { messages: [json('run'), json('layers'), json('iua')], buffers: [arrow('iua')] };
    const model = modelWith({ saved, manager: {} });
    widget.initialize({ model });
    const el = show(model);
    await drawn();
    expect(pill(el)).toBe('Saved');
    expect(el.querySelectorAll('[data-testid="dv-layer-row"]')).toHaveLength(4);
    model.receive(json('hello'));
    model.receive(altered('run', { status: 'done' }));
    await drawn();
    await drawn();
    expect(pill(el)).toBe('Finished');
  });

  it('shows the details that the notebook kept', async () => {
    const messages = [json('run'), json('layers'), json('pfa'), json('layer_detail'), json('iua')];
    const buffers = [arrow('pfa'), arrow('layer_detail_iua'), arrow('layer_detail_pfa'), arrow('iua')];
    const model = modelWith({ saved: { messages, buffers }, manager: {} });
    widget.initialize({ model });
    const el = show(model);
    await drawn();
    el.querySelector<HTMLElement>('[data-layer="block/relu_1"]')?.click();
    await drawn();
    await drawn();
    expect(pill(el)).toBe('Saved');
    expect(el.querySelector('[data-testid="dv-figure-keep"]')?.textContent).toBe('7 of 16');
    expect(el.querySelector('.dv-UnitMap')).not.toBeNull();
  });

  it('keeps its view state when the output is drawn again', async () => {
    const saved = { messages: [json('run'), json('layers')], buffers: [] };
    const model = modelWith({ saved });
    widget.initialize({ model });
    const first = show(model);
    await drawn();
    first.querySelector<HTMLElement>('[data-layer="flatten"]')?.click();
    const second = show(model);
    await drawn();
    expect(second.querySelector('[aria-current]')?.getAttribute('data-layer')).toBe('flatten');
  });

  it('keeps its numbers when its kernel restarts, and says that the run is over', async () => {
    const model = modelWith({ saved: { messages: [json('run'), json('layers')], buffers: [] } });
    widget.initialize({ model });
    const el = show(model);
    kernel.become('restarting');
    await drawn();
    expect(pill(el)).toBe('Kernel restarted');
    expect(el.textContent).toContain('This page keeps the results up to batch 132.');
    expect(el.querySelectorAll('[data-testid="dv-layer-row"]')).toHaveLength(4);
  });

  it('loses its kernel for a while, and asks for what it missed', async () => {
    const model = modelWith();
    widget.initialize({ model });
    await settle();
    const el = show(model);
    model.receive(altered('hello', {}));
    model.receive(json('run'));
    kernel.connectionStatus = 'connecting';
    kernel.connectionStatusChanged.emit();
    await drawn();
    expect(pill(el)).toBe('Disconnected');
    el.querySelector<HTMLElement>('[data-testid="dv-reconnect"]')?.click();
    expect(kernel.reconnects).toBe(1);
    kernel.connectionStatus = 'connected';
    kernel.connectionStatusChanged.emit();
    await drawn();
    expect(pill(el)).toBe('Running');
    expect(kernel.last(CONTROL_TARGET).sent.filter(({ kind }) => kind === 'resync')).toHaveLength(2);
  });
});

it('asks JupyterLab for a tab by an event, where it offers tabs', async () => {
  const model = modelWith({ saved: { messages: [json('run')], buffers: [] } });
  widget.initialize({ model });
  const openButton = (el: HTMLElement) => el.querySelector<HTMLElement>('[aria-label="Open in a tab"]');
  const without = show(model);
  await drawn();
  expect(openButton(without)).toBeNull();
  offerTabs();
  const heard = vi.fn<(event: Event) => void>();
  document.addEventListener(OPEN_EVENT, heard);
  const withTabs = show(model);
  await drawn();
  openButton(withTabs)?.click();
  const event = heard.mock.calls[0]?.[0];
  expect(event === undefined ? null : requestOf(event)).toEqual({ kernel: 'kernel-1', run: 'r1' });
});

it('an event that is not ours opens nothing', () => {
  expect(requestOf(new CustomEvent(OPEN_EVENT, { detail: { kernel: 1, run: 'r1' } }))).toBeNull();
  expect(requestOf(new Event(OPEN_EVENT))).toBeNull();
});

describe('in a JupyterLab with our extension', () => {
  afterEach(() => {
    delete window.deepviewLab;
    translateWith(english);
  });

  it('the canvas speaks its language', () => {
    const translation: Bundle = { __: text => `«${text}»`, _n: one => `«${one}»` };
    lend({ translation, preferences: UNCHANGED });
    const model = modelWith();
    show(model);
    expect(trans.__('Waiting')).toBe('«Waiting»');
  });
});
