import { describe, expect, it, vi } from 'vitest';
import type { Launched } from '../../src/store/launch/launcher';
import { CONTROL_TARGET, DATA_TARGET, HELLO_TARGET } from '../../src/protocol/messages';
import { altered } from '../support/fixtures';
import { settle } from '../support/kernel';
import { answer, clock, data, execute, isLoaded, kernel, link, load, state } from '../support/link';

describe('a kernel that has loaded DeepView', () => {
  it('is live when it answers, and only then gets a control comm', async () => {
    expect(state()).toBe('connecting');
    expect(data().opened).toMatchObject({ v: 1 });
    expect(kernel.all(CONTROL_TARGET)).toHaveLength(0);
    await answer();
    expect(state()).toBe('live');
    expect(kernel.last(CONTROL_TARGET).opened).toEqual(data().opened);
    expect(link.store.state.value.version).toBe('0.1.0');
  });

  it('hears Stop on the control comm', async () => {
    await answer();
    link.source.cancel('r1');
    expect(kernel.last(CONTROL_TARGET).sent).toContainEqual({
      kind: 'cancel',
      v: 1,
      client: data().opened?.['client'],
      run: 'r1',
    });
    expect(data().sent).toEqual([]);
  });

  it('is asked for the layers of the likely model, and for others as the choice changes', async () => {
    const inspected = () =>
      kernel.last(CONTROL_TARGET).sent.flatMap(({ kind, source }) => (kind === 'inspect' ? [source] : []));
    await answer();
    data().onMsg({ content: { data: altered('namespace', { seq: 1 }) } });
    clock.advance(250);
    await vi.waitFor(() => {
      expect(inspected()).toEqual(['net']);
    });
    const raw = link.plan.sources.value[1];
    link.plan.use(raw!);
    expect(inspected()).toEqual(['net', 'raw']);
    expect(link.plan.layered.value.kind).toBe('waiting');
  });

  it('is asked for the layers again by a new client', async () => {
    await answer();
    data().onMsg({ content: { data: altered('namespace', { seq: 1 }) } });
    clock.advance(250);
    await vi.waitFor(() => {
      expect(link.plan.inspected.value).toBe('net');
    });
    kernel.openComm(HELLO_TARGET);
    await settle();
    await answer();
    expect(kernel.last(CONTROL_TARGET).sent).toMatchObject([{ kind: 'inspect', source: 'net' }]);
  });

  it('is looked at again on request', async () => {
    await answer();
    link.scan();
    expect(kernel.last(CONTROL_TARGET).sent.at(-1)).toMatchObject({ kind: 'scan' });
  });

  it('starts runs, one at a time', async () => {
    await answer();
    const code = { start: 'run = 1', cell: 'run = 1\nrun', variable: 'run', checkpoint: null };
    let finish: (launched: Launched) => void = () => undefined;
    execute.mockImplementation(
      () =>
        new Promise(resolve => {
          finish = resolve;
        }),
    );
    const launched = link.launcher.launch(code);
    void link.launcher.launch(code);
    expect(link.launcher.phase.value).toBe('starting');
    expect(execute).toHaveBeenCalledOnce();
    finish({ problem: null });
    await launched;
    expect(link.launcher.phase.value).toBe('ready');
  });

  it('is asked for everything when it is looked at again', async () => {
    await answer();
    link.refresh();
    expect(kernel.last(CONTROL_TARGET).sent.map(({ kind }) => kind)).toEqual(['resync']);
    expect(kernel.all(DATA_TARGET)).toHaveLength(1);
  });
});

describe('a kernel that has not', () => {
  it('and says so is not even asked', async () => {
    isLoaded.mockResolvedValue(false);
    kernel.become('restarting');
    kernel.become('idle');
    await settle();
    expect(state()).toBe('absent');
    expect(data().opened).toBeNull();
  });

  it('closes the comm: we say so and do not try again, however often it is idle', async () => {
    data().refuse();
    kernel.become('busy');
    kernel.become('idle');
    await settle();
    expect(state()).toBe('absent');
    expect(kernel.all(DATA_TARGET)).toHaveLength(1);
  });

  it('says hello when it is loaded: then we connect as a new client', async () => {
    const first = data();
    first.refuse();
    kernel.openComm(HELLO_TARGET);
    await settle();
    await answer();
    expect(state()).toBe('live');
    expect(data().opened?.['client']).not.toBe(first.opened?.['client']);
  });

  it('may close an old comm late: that is not about the new one', async () => {
    const first = data();
    kernel.openComm(HELLO_TARGET);
    await settle();
    await answer();
    first.refuse();
    expect(state()).toBe('live');
    first.onMsg({ content: { data: altered('hello', { version: 'old' }) } });
    expect(link.store.state.value.version).toBe('0.1.0');
  });

  it('is loaded on demand; its complaint is handed on', async () => {
    data().refuse();
    load.mockResolvedValueOnce("ModuleNotFoundError: No module named 'deepview_lab'");
    expect(await link.load()).toContain('ModuleNotFoundError');
    expect(kernel.all(DATA_TARGET)).toHaveLength(1);
  });

  it('that was loaded all the same, and so says no hello, is tried once more', async () => {
    data().refuse();
    load.mockResolvedValueOnce(null);
    expect(await link.load()).toBeNull();
    await answer();
    expect(state()).toBe('live');
  });
});
