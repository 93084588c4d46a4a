import { beforeEach, describe, expect, it } from 'vitest';
import type { Launched } from '../../src/store/launch/launcher';
import { drawn } from '../support/canvas';
import { PanelUnderTest } from '../support/panel';

let panel: PanelUnderTest;

beforeEach(async () => {
  panel = new PanelUnderTest();
  await panel.show(['hello', { runs: [] }], 'namespace', 'source_layers');
});

const source = (name: string) => panel.item('dv-source', 'name', name);
const layer = (name: string) => panel.item('dv-layer-choice', 'layer', name);
const used = () =>
  panel.all('dv-source').flatMap(row => (row.ariaPressed === 'true' ? [row.dataset['name']] : []));
const chosen = () =>
  panel.all('dv-layer-choice').flatMap(row => (row.ariaSelected === 'true' ? [row.dataset['layer']] : []));
const shown = () => panel.all('dv-layer-choice').map(({ dataset }) => dataset['layer']);
const reason = () => panel.get('dv-run-reason').textContent;
const isRunnable = () =>
  panel.host.querySelector('[data-testid="dv-run-button"]:enabled:not([aria-disabled])') !== null;

describe('in this kernel', () => {
  it('are variables with type and size; what is likely meant is taken', () => {
    expect(panel.all('dv-source').map(({ textContent }) => textContent)).toEqual([
      'netmnist_cnn · Keras90,602',
      'rawFunctional · Keras',
      'train_dsStubProducer12,400',
      'wholeMeanStdNormalizer5,000',
    ]);
    expect(source('net').title).toBe('net: mnist_cnn · Keras, 90,602 parameters');
    expect(panel.get('dv-sources').querySelector('.dv-count')?.textContent).toBe('4');
    expect(used()).toEqual(['net', 'train_ds']);
  });

  it('a click takes another', async () => {
    await panel.click(source('whole'));
    expect(used()).toEqual(['whole']);
    await panel.click(source('raw'));
    expect(used()).toEqual(['raw', 'train_ds']);
  });

  it('functions are shown when asked for, and stay once chosen', async () => {
    expect(panel.get('dv-candidates').textContent).toBe('Show 1 possible producer');
    await panel.click(panel.get('dv-candidates'));
    await panel.click(source('batches'));
    await panel.click(panel.get('dv-candidates'));
    expect(used()).toEqual(['net', 'batches']);
  });

  it('nothing yet: says what to do', async () => {
    await panel.show(['namespace', { sources: [] }]);
    expect(panel.get('dv-sources').textContent).toContain('No model and no data yet.');
    expect(panel.get('dv-layers').textContent).toContain('Choose a model, or a pipeline that ends in one');
    expect(panel.host.querySelector<HTMLSelectElement>('[data-testid="dv-data"]')?.disabled).toBe(true);
  });

  it('is looked at again on request', async () => {
    await panel.click(panel.button('Refresh the variables'));
    expect(panel.scan).toHaveBeenCalledOnce();
  });

  it('has one Tab stop; arrows, Home and End move within', async () => {
    const stops = () => panel.all('dv-source').filter(({ tabIndex }) => tabIndex === 0);
    expect(stops()).toEqual([source('net')]);
    source('net').focus();
    for (const [key, name] of [
      ['ArrowDown', 'raw'],
      ['End', 'whole'],
      ['ArrowDown', 'whole'],
      ['ArrowUp', 'train_ds'],
      ['Home', 'net'],
    ] as const) {
      expect(await panel.press(key)).toBe(true);
      expect(document.activeElement).toBe(source(name));
      expect(stops()).toEqual([source(name)]);
    }
    expect(await panel.press('a')).toBe(false);
  });
});

describe('layers', () => {
  it('have names, shapes and a count of the chosen', async () => {
    expect(layer('block/relu_1').textContent).toBe('block/relu_128×28×16');
    expect(layer('block/relu_2').textContent).toBe('block/relu_2?×8');
    await panel.click(layer('dense'));
    expect(panel.get('dv-layers').querySelector('.dv-count')?.textContent).toBe('1 of 4 chosen');
    expect(panel.get('dv-run-button').textContent).toBe('Run on 1 layer');
  });

  it('are chosen in ranges with Shift, and all or none of those that are shown', async () => {
    await panel.click(layer('block/relu_1'));
    await panel.click(layer('dense'), { shiftKey: true });
    expect(chosen()).toEqual(['block/relu_1', 'block/relu_2', 'dense']);
    await panel.click(panel.button('ReLU2'));
    expect(shown()).toEqual(['block/relu_1', 'block/relu_2']);
    await panel.click(panel.button('None'));
    await panel.click(panel.button('ReLU2'));
    expect(chosen()).toEqual(['dense']);
    await panel.click(panel.button('All shown'));
    expect(chosen()).toEqual(['conv_1', 'block/relu_1', 'block/relu_2', 'dense']);
  });

  it('are found by a part of the name or an expression; a broken one says why', async () => {
    const search = panel.get('dv-layer-search');
    await panel.type(search, '/_1$/');
    expect(shown()).toEqual(['conv_1', 'block/relu_1']);
    await panel.type(search, '/[/');
    expect(panel.get('dv-layers').textContent).toContain('This is no regular expression');
    await panel.click(panel.button('Clear the filters'));
    expect(shown()).toHaveLength(4);
  });

  it('go by keyboard: /, arrows, Space, Shift Space', async () => {
    source('net').focus();
    expect(await panel.press('/')).toBe(true);
    expect(document.activeElement).toBe(panel.get('dv-layer-search'));
    expect(await panel.press('/')).toBe(false);
    layer('conv_1').focus();
    await panel.press('ArrowDown');
    await panel.press(' ');
    await panel.press('End');
    expect(document.activeElement).toBe(layer('dense'));
    await panel.press(' ', { shiftKey: true });
    expect(chosen()).toEqual(['block/relu_1', 'block/relu_2', 'dense']);
    expect(panel.all('dv-layer-choice').filter(({ tabIndex }) => tabIndex === 0)).toEqual([layer('dense')]);
  });

  it('that cannot be read say why', async () => {
    await panel.show(['source_layers', { layers: [], problem: "The model 'net' is not built" }]);
    expect(panel.get('dv-layers').querySelector('[role="alert"]')?.textContent).toBe(
      "The layers of net cannot be read. The model 'net' is not built.",
    );
  });

  it('by the thousand are drawn only where they are seen', async () => {
    const layers = Array.from({ length: 1000 }, (_, i) => ({
      name: `layer_${i}`,
      kind: 'relu',
      type: '',
      shape: [null, 8],
      units: 8,
    }));
    await panel.show(['source_layers', { layers }]);
    expect(shown().length).toBeLessThan(100);
    layer('layer_0').focus();
    await panel.press('End');
    expect(document.activeElement).toBe(layer('layer_999'));
    await panel.click(panel.button('All shown'));
    expect(panel.get('dv-run-button').textContent).toBe('Run on 1,000 layers');
  });
});

describe('the form', () => {
  it('says why it cannot run', async () => {
    await panel.type(panel.get('dv-batch-size'), 'x');
    expect(reason()).toBe('Batch must be a whole number of at least 1.');
    expect(isRunnable()).toBe(false);
    await panel.type(panel.get('dv-batch-size'), '8');
    await panel.click(panel.button('All shown'));
    expect(reason()).toBe('');
    expect(isRunnable()).toBe(true);
  });

  it('says which layers Run looks at while none are chosen, and inserts the same', async () => {
    expect(reason()).toBe('No layers are chosen. Run looks at the activations: 2 layers.');
    expect(panel.get('dv-run-button').textContent).toBe('Run on 2 layers');
    panel.execute.mockResolvedValue({ problem: null });
    await panel.click(panel.get('dv-run-button'));
    await panel.click(panel.get('dv-insert-code'));
    expect(panel.execute.mock.lastCall?.[0].start).toContain('net(["block/relu_1", "block/relu_2"])');
    expect(panel.insertCode.mock.lastCall?.[0]).toBe(panel.execute.mock.lastCall?.[0].cell);
    await panel.show(['source_layers', { usual: [] }]);
    expect(panel.plan.reason.value).toBeNull();
    expect(panel.get('dv-run-button').textContent).toBe('Run on 4 layers');
  });

  it('takes data, batch size and pooling, and inserts what it would run', async () => {
    await panel.click(layer('dense'));
    await panel.type(panel.get('dv-data'), 'batches');
    await panel.type(panel.get('dv-batch-size'), '8');
    await panel.type(panel.get('dv-pool'), 'max');
    await panel.click(panel.button('Insert as code'));
    const code = panel.insertCode.mock.calls.flat().join();
    expect(code).toContain('pipeline(batches, net(["dense"]))');
    expect(code).toContain('PFA.spec(pool="max"),\n    batch_size=8,');
    expect(code.endsWith('\ndv_run')).toBe(true);
    expect(panel.execute).not.toHaveBeenCalled();
  });

  it('asks for no pooling without principal filters', async () => {
    const [, pfa] = [
      ...panel.get('dv-run-form').querySelectorAll<HTMLInputElement>('input[type="checkbox"]'),
    ];
    pfa?.click();
    await drawn();
    expect(panel.all('dv-pool')).toHaveLength(0);
  });

  it('is without Insert as code where there are no cells', async () => {
    const { value } = panel.target;
    panel.target.value = value === null ? null : { ...value, insertCode: null };
    await drawn();
    expect(panel.all('dv-insert-code')).toHaveLength(0);
  });
});

describe('starting', () => {
  let begin: () => void;
  let finish: (launched: Launched) => void;

  beforeEach(async () => {
    panel.execute.mockImplementation((_, begun) => {
      begin = begun;
      return new Promise(resolve => {
        finish = resolve;
      });
    });
    await panel.click(panel.button('All shown'));
  });

  it('executes the code of the cell, once, and says when the kernel is busy', async () => {
    const start = panel.plan.code.value?.start;
    await panel.click(panel.get('dv-run-button'));
    expect(panel.execute.mock.calls.map(([code]) => code.start)).toEqual([start]);
    expect(reason()).toBe('Starting.');
    panel.clock.advance(300);
    await drawn();
    expect(reason()).toBe('Starts when the current cell has ended.');
    expect(isRunnable()).toBe(false);
    begin();
    await drawn();
    expect(reason()).toBe('Starting.');
    finish({ problem: null, run: 'r7' });
    await drawn();
    expect(panel.showRun.mock.calls).toEqual([['k1', 'r7']]);
    expect(reason()).toBe('');
    expect(isRunnable()).toBe(true);
  });

  it('shows the words of the kernel when it fails, until the next start', async () => {
    await panel.click(panel.get('dv-run-button'));
    finish({ problem: "NameError: name 'train_ds' is not defined" });
    await drawn();
    const alert = () => panel.get('dv-run-form').querySelector('[role="alert"]')?.textContent;
    expect(alert()).toBe("The run did not start. NameError: name 'train_ds' is not defined.");
    await panel.click(panel.get('dv-run-button'));
    expect(alert()).toBeUndefined();
  });

  it('can be done again from the card of a run that has ended', async () => {
    await panel.click(panel.get('dv-run-button'));
    finish({ problem: null });
    await panel.tellOrigin('r1');
    await panel.show(['run', { status: 'running' }]);
    expect(panel.all('dv-run-again')).toHaveLength(0);
    await panel.show(
      ['run', { status: 'cancelled', seq: 2 }],
      ['run', { run: 'r2', status: 'done', seq: 3 }],
    );
    expect(panel.all('dv-run-again')).toHaveLength(1);
    await panel.type(panel.get('dv-batch-size'), '8');
    await panel.click(panel.get('dv-run-again'));
    expect(panel.execute.mock.calls.map(([code]) => code.start.includes('batch_size=64'))).toEqual([
      true,
      true,
    ]);
  });
});

describe('sections', () => {
  it('close and open; the summary stays', async () => {
    const head = panel.button('Layers0 of 4 chosen');
    await panel.click(head);
    expect(head.ariaExpanded).toBe('false');
    expect(panel.all('dv-layer-choice')).toHaveLength(0);
    await panel.click(head);
    expect(panel.all('dv-layer-choice')).toHaveLength(4);
  });

  it('of another notebook know nothing of this one', async () => {
    await panel.click(layer('dense'));
    const other = new PanelUnderTest('k2');
    await other.show(['hello', { runs: [] }], ['namespace', { taken: [] }], 'source_layers');
    panel.target.value = other.target.value;
    await drawn();
    expect(panel.get('dv-layers').querySelector('.dv-count')?.textContent).toBe('0 of 4 chosen');
    await panel.click(layer('conv_1'));
    expect(panel.plan.code.value?.cell).toContain('["dense"]');
    expect(other.plan.code.value?.cell).toContain('["conv_1"]');
  });

  it('are unknown while the kernel does not answer', async () => {
    panel.store.link.value = 'disconnected';
    await drawn();
    expect(panel.get('dv-sources').textContent).toContain('Unknown while the kernel does not answer.');
    expect(panel.all('dv-run-form')).toHaveLength(0);
  });
});
