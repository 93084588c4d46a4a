import { type Signal, signal } from '@preact/signals';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Source } from '../../src/protocol/messages';
import { type Wish, ingredients, use } from '../../src/store/launch/ingredients';
import { Plan } from '../../src/store/launch/plan';
import { EMPTY, type Link, type State } from '../../src/store/kernel/state';
import { reduce } from '../../src/store/kernel/reduce';
import { incoming } from '../support/fixtures';
import { catalog } from '../support/offers';

function source(name: string, role: Source['role'], endsInModel = false): Source {
  return { name, role, type: '', size: null, ends_in_model: endsInModel };
}

const NET = source('net', 'model');
const OTHER = source('other', 'model');
const KERAS = source('keras_net', 'framework_model');
const DATA = source('data', 'producer');
const SCALED = source('scaled', 'pipeline');
const WHOLE = source('whole', 'pipeline', true);
const CALL = source('batches', 'candidate');

/** The names of model and data. */
function taken(wish: Wish, sources: readonly Source[]): (string | undefined)[] {
  const { model, data } = ingredients(wish, sources);
  return [model?.name, data?.name];
}

describe('what a run takes when nothing was chosen', () => {
  it.each([
    ['nothing', [], [undefined, undefined]],
    ['a model and data', [NET, DATA], ['net', 'data']],
    ['the first of several', [DATA, OTHER, SCALED, NET], ['other', 'data']],
    ['a pipeline with a model of its own', [NET, WHOLE], [undefined, 'whole']],
    ['data before such a pipeline', [WHOLE, NET, DATA], ['net', 'data']],
    ['without a model, any data', [WHOLE, DATA], [undefined, 'whole']],
    ['no Keras model, whose layers are code of the user', [KERAS, DATA], [undefined, 'data']],
    ['no function, which only its owner can call a producer', [NET, CALL], ['net', undefined]],
  ])('%s', (_, sources, names) => {
    expect(taken({}, sources)).toEqual(names);
  });
});

describe('a click', () => {
  const all = [NET, OTHER, KERAS, DATA, SCALED, WHOLE, CALL];
  const after = (...clicks: Source[]) =>
    taken(
      clicks.reduce<Wish>((wish, click) => use(wish, click, all), {}),
      all,
    );

  it('takes another model or other data', () => {
    expect(after(KERAS)).toEqual(['keras_net', 'data']);
    expect(after(SCALED)).toEqual(['net', 'scaled']);
    expect(after(KERAS, SCALED, OTHER)).toEqual(['other', 'scaled']);
  });

  it('on what is taken puts it back', () => {
    expect(after(NET)).toEqual([undefined, 'data']);
    expect(after(DATA)).toEqual(['net', undefined]);
    expect(after(DATA, DATA)).toEqual(['net', 'data']);
  });

  it('on a pipeline with a model needs no other; on a model then needs other data', () => {
    expect(after(WHOLE)).toEqual([undefined, 'whole']);
    expect(after(WHOLE, OTHER)).toEqual(['other', 'data']);
    expect(after(OTHER, WHOLE, SCALED)).toEqual(['other', 'scaled']);
  });

  it('declares a function a producer', () => {
    expect(after(CALL)).toEqual(['net', 'batches']);
  });

  it('is forgotten with the variable', () => {
    expect(taken({ model: 'gone', data: 'gone' }, [NET, DATA])).toEqual(['net', 'data']);
  });

  it('on a model when all data has models of its own leaves none', () => {
    expect(taken(use({}, NET, [NET, WHOLE]), [NET, WHOLE])).toEqual(['net', undefined]);
  });
});

describe('the plan', () => {
  let state: Signal<State>;
  let link: Signal<Link>;
  let plan: Plan;

  function tell(name: string, fields: Record<string, unknown> = {}): void {
    state.value = reduce(state.value, incoming(name, fields));
  }

  beforeEach(() => {
    state = signal(EMPTY);
    link = signal<Link>('live');
    plan = new Plan(state, link);
    tell('hello');
  });

  function option(name: string) {
    const found = plan.options.value.find(known => known.name === name);
    if (found === undefined) {
      throw new Error(`no option ${name}`);
    }
    return found;
  }

  function picker() {
    const layered = plan.layered.value;
    if (layered.kind !== 'known') {
      throw new Error(`the layers are ${layered.kind}`);
    }
    return layered.picker;
  }

  it('says what is missing, one thing at a time', () => {
    expect(plan.reason.value).toBe(
      'There is no data yet. Run a cell that defines an array, a table, a data set or a producer.',
    );
    tell('namespace');
    expect(plan.reason.value).toBe('Waiting for the layers of net.');
    tell('source_layers', { usual: [], layers: [] });
    expect(plan.reason.value).toBe('Choose at least one layer.');
    tell('source_layers');
    expect(plan.reason.value).toBeNull();
    plan.typeBatch('0');
    expect(plan.reason.value).toBe('Batch must be a whole number of at least 1.');
    plan.choose('iua', false);
    plan.choose('pfa', false);
    expect(plan.reason.value).toBe('Choose at least one analysis.');
    plan.use(plan.sources.value[2]!);
    expect(plan.reason.value).toBe('Choose the data.');
    link.value = 'disconnected';
    expect(plan.reason.value).toBe('The kernel does not answer.');
    expect(plan.code.value).toBeNull();
  });

  it.each(['', '-3', '1.5', '1e3', '٣', '9999999999', 'x'])('takes no batch of %j', text => {
    tell('namespace');
    tell('source_layers');
    picker().setShown(true);
    plan.typeBatch(text);
    expect(plan.code.value).toBeNull();
  });

  it('writes the code of what was chosen, and binds no name that is taken', () => {
    tell('namespace');
    tell('source_layers');
    picker().toggle('dense', false);
    plan.typeBatch(' 16 ');
    plan.set(option('pool'), 'max');
    expect(plan.code.value?.cell).toContain('pipeline(train_ds, net(["dense"]))');
    expect(plan.code.value?.cell).toContain('pool="max"),\n    batch_size=16,');
    expect(plan.code.value?.variable).toBe('dv_run');
    picker().setShown(true);
    expect(plan.code.value?.cell).toContain('pipeline(train_ds, net())');
  });

  it('looks at the activations while no layers are chosen, else at all that have units', () => {
    tell('namespace');
    tell('source_layers');
    expect(picker().used.value).toEqual({ why: 'activations', names: ['block/relu_1', 'block/relu_2'] });
    expect(plan.code.value?.cell).toContain('net(["block/relu_1", "block/relu_2"])');
    picker().toggle('dense', false);
    expect(picker().used.value).toEqual({ why: 'chosen', names: ['dense'] });
    picker().toggle('dense', false);
    tell('source_layers', { usual: [] });
    expect(picker().used.value.why).toBe('units');
    expect(picker().used.value.names).toHaveLength(4);
    expect(plan.code.value?.cell).toContain('pipeline(train_ds, net())');
  });

  it('takes what is usual until something is chosen, and sets what the chosen can be set to', () => {
    const kinds = () => plan.analyses.value.map(({ kind }) => kind);
    const names = () => plan.options.value.map(({ name }) => name);
    expect([kinds(), names()]).toEqual([['iua', 'pfa'], ['pool']]);
    plan.choose('activation_range', true);
    plan.choose('pfa', false);
    expect([kinds(), names()]).toEqual([['iua', 'activation_range'], ['of']]);
    expect(plan.valueOf(option('of'))).toBe('values');
    plan.set(option('of'), 'nonsense');
    expect(plan.valueOf(option('of'))).toBe('values');
    plan.set(option('of'), 'magnitudes');
    tell('namespace', { sources: [DATA] });
    expect(plan.code.value?.cell).toContain('ActivationRange.spec(of="magnitudes"),');
  });

  it('offers what has a class that Python can import, and follows the catalogue', () => {
    const [iua, ...rest] = catalog();
    const strange = { ...iua, kind: 'strange', face: 'Strange; import os' };
    const faceless = { ...iua, kind: 'faceless', face: null, module: null };
    tell('hello', { analyses: [...rest, strange, faceless] });
    expect(plan.offers.value.map(({ kind }) => kind)).toEqual(rest.map(({ kind }) => kind));
  });

  it('wants a click on a model of a framework, and wraps it', () => {
    const sources = [KERAS, DATA];
    tell('namespace', { sources });
    expect(plan.reason.value).toBe('Choose a model.');
    expect(plan.inspected.value).toBeNull();
    plan.use(KERAS);
    expect(plan.inspected.value).toBe('keras_net');
    tell('source_layers', { source: 'keras_net' });
    picker().setShown(true);
    expect(plan.code.value?.cell).toContain('deepview_lab.as_model(keras_net)()');
  });

  it('runs on all fields when there is no model, or none is wanted', () => {
    tell('namespace', { sources: [DATA] });
    expect(plan.code.value?.cell).toContain('start(\n    data,');
    tell('namespace', { sources: [NET, DATA] });
    plan.use(NET);
    expect(plan.code.value?.cell).toContain('start(\n    data,');
  });

  it('takes the layers of a pipeline that ends in a model', () => {
    tell('namespace', { sources: [NET, DATA, WHOLE] });
    plan.useData('whole');
    expect(plan.inspected.value).toBe('whole');
    tell('source_layers', { source: 'whole' });
    picker().toggle('conv_1', false);
    expect(plan.code.value?.cell).toContain('pipeline(whole, FieldRemover(fields=["conv_1"], keep=True))');
  });

  it('passes on why layers cannot be read', () => {
    tell('namespace');
    tell('source_layers', { layers: [], problem: 'It is not built.' });
    expect(plan.layered.value).toMatchObject({ kind: 'problem', problem: 'It is not built.' });
    expect(plan.reason.value).toBe('The layers of net cannot be read.');
  });

  it('keeps what was chosen of each model', () => {
    tell('namespace', { sources: [NET, OTHER, DATA] });
    tell('source_layers');
    picker().toggle('dense', false);
    plan.use(OTHER);
    tell('source_layers', { source: 'other' });
    expect(picker().chosen.value).toEqual([]);
    plan.use(NET);
    tell('source_layers');
    expect(picker().chosen.value).toEqual(['dense']);
  });

  it('leaves out variables that Python could not name', () => {
    tell('namespace', { sources: [source('a b', 'producer'), source('class', 'producer'), DATA] });
    expect(plan.sources.value).toEqual([DATA]);
  });

  it('forgets the variables of a kernel that was restarted', () => {
    tell('hello');
    tell('namespace');
    tell('hello', { session: 's2' });
    expect(plan.sources.value).toEqual([]);
  });
});
