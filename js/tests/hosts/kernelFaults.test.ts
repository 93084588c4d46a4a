import { describe, expect, it } from 'vitest';
import { KernelLink } from '../../src/hosts/lab/kernel/kernelLink';
import { CONTROL_TARGET, DATA_TARGET } from '../../src/protocol/messages';
import { UNCHANGED } from '../../src/store/shared/preferences';
import { altered } from '../support/fixtures';
import { FakeKernel, settle } from '../support/kernel';
import {
  answer,
  attach,
  clock,
  connection,
  data,
  execute,
  findKernels,
  hands,
  kernel,
  link,
  load,
  state,
} from '../support/link';

describe('a connection', () => {
  it('that is made for the first time means a kernel that starts', async () => {
    const other = new FakeKernel();
    other.connectionStatus = 'connecting';
    await attach(other);
    expect(state()).toBe('starting');
    expect(kernel.comms).toHaveLength(0);
    connection('connected');
    await settle();
    expect(data().opened).not.toBeNull();
  });

  it('that is lost is tried again by ourselves, ever more seldom, for as long as it is lost', async () => {
    const wait = async (milliseconds: number) => {
      clock.advance(milliseconds);
      await settle();
    };
    await answer();
    connection('connecting');
    expect(state()).toBe('disconnected');
    expect(link.store.retryAt.value).toBe(5000);
    await wait(4999);
    expect(kernel.reconnects).toBe(0);
    await wait(1);
    expect(kernel.reconnects).toBe(1);
    expect(link.store.retryAt.value).toBe(15000);
    await wait(10000);
    connection('disconnected');
    for (const seconds of [20, 30, 30]) {
      await wait(1000 * seconds);
    }
    expect(kernel.reconnects).toBe(5);
    connection('connected');
    expect(state()).toBe('live');
    expect(link.store.retryAt.value).toBeNull();
    await wait(60000);
    expect(kernel.reconnects).toBe(5);
  });

  it('that is lost is tried at once when the user wants', async () => {
    await answer();
    connection('connecting');
    link.source.reconnect?.();
    await settle();
    expect(kernel.reconnects).toBe(1);
    expect(link.store.retryAt.value).toBe(5000);
  });

  it('that is lost is not tried again when the server has no such kernel any more', async () => {
    await answer();
    connection('connecting');
    findKernels.mockImplementationOnce(() => {
      kernel.status = 'dead';
      kernel.isDisposed = true;
      kernel.statusChanged.emit();
      kernel.disposed.emit();
      return Promise.resolve();
    });
    link.source.reconnect?.();
    await settle();
    expect(state()).toBe('dead');
    expect(kernel.reconnects).toBe(0);
    expect(link.store.retryAt.value).toBeNull();
  });

  it('is ended with a word while it still can: the page goes', async () => {
    await answer();
    const control = kernel.last(CONTROL_TARGET);
    window.dispatchEvent(new Event('pagehide'));
    expect(control.isClosed).toBe(true);
    link.leave();
    expect(data().isClosed).toBe(true);
  });

  it('whose client the kernel has forgotten is made anew', async () => {
    await answer();
    kernel.last(CONTROL_TARGET).refuse();
    await settle();
    expect(kernel.all(DATA_TARGET)).toHaveLength(2);
    await answer();
    expect(state()).toBe('live');
  });

  it('to a kernel that speaks another language is never made', () => {
    const other = new KernelLink('other', UNCHANGED, clock);
    other.refuse();
    other.refresh();
    expect(other.store.link.value).toBe('foreign');
  });
});

describe('a kernel that goes away', () => {
  it('by a restart is tried once when it is back', async () => {
    await answer();
    data().onMsg({ content: { data: altered('run', { seq: 1 }) } });
    kernel.become('restarting');
    expect(state()).toBe('restarting');
    expect([...link.store.state.value.runs.values()].map(({ lost }) => lost)).toEqual([true]);
    kernel.become('idle');
    kernel.become('busy');
    kernel.become('idle');
    await settle();
    expect(kernel.all(DATA_TARGET)).toHaveLength(2);
    data().refuse();
    expect(state()).toBe('absent');
  });

  it.each(['starting', 'busy', 'idle'])(
    'by a restart that somebody else asked for is noticed, though all we hear is "%s"',
    async status => {
      kernel.publish('idle', 'first');
      await answer();
      data().onMsg({ content: { data: altered('run', { seq: 1 }) } });
      kernel.publish('busy', 'first');
      expect([...link.store.state.value.runs.values()].map(({ lost }) => lost)).toEqual([false]);
      kernel.publish(status, 'second');
      await settle();
      expect([...link.store.state.value.runs.values()].map(({ lost }) => lost)).toEqual([true]);
      kernel.publish('idle', 'second');
      await settle();
      expect(kernel.all(DATA_TARGET)).toHaveLength(2);
    },
  );

  it('by a restart of ours is tried once, whatever the new process says', async () => {
    kernel.publish('idle', 'first');
    await answer();
    kernel.publish('restarting', 'of the server');
    for (const status of ['starting', 'busy', 'idle']) {
      kernel.publish(status, 'second');
    }
    await settle();
    expect(kernel.all(DATA_TARGET)).toHaveLength(2);
  });

  it('and dies stays dead, with what it told', async () => {
    await answer();
    data().onMsg({ content: { data: altered('run', { seq: 1 }) } });
    kernel.status = 'dead';
    kernel.isDisposed = true;
    kernel.statusChanged.emit();
    kernel.disposed.emit();
    expect(state()).toBe('dead');
    expect(link.store.state.value.runs.size).toBe(1);
  });

  it('and comes back without DeepView is given it before a run is started again', async () => {
    await answer();
    kernel.become('restarting');
    kernel.become('idle');
    await settle();
    data().refuse();
    expect(state()).toBe('absent');
    load.mockResolvedValueOnce('ModuleNotFoundError');
    const code = { start: 'run = 1', cell: 'run = 1\nrun', variable: 'run', checkpoint: null };
    await link.launcher.launch(code);
    expect(link.launcher.problem.value).toBe('ModuleNotFoundError');
    expect(execute).not.toHaveBeenCalled();
    load.mockResolvedValueOnce(null);
    execute.mockResolvedValueOnce({ problem: null });
    await link.launcher.launch(code);
    expect(execute.mock.lastCall?.[0]).toBe(code);
    expect(link.launcher.problem.value).toBeNull();
  });

  it('for a moment only is asked for what was missed', async () => {
    await answer();
    kernel.connectionStatus = 'connecting';
    kernel.connectionStatusChanged.emit();
    expect(state()).toBe('disconnected');
    kernel.connectionStatus = 'connected';
    kernel.connectionStatusChanged.emit();
    expect(state()).toBe('live');
    expect(kernel.last(CONTROL_TARGET).sent.map(({ kind }) => kind)).toEqual(['resync']);
  });

  it('leaves its runs in the store, and may be found again by another connection', async () => {
    await answer();
    data().onMsg({ content: { data: altered('run', { seq: 1 }) } });
    kernel.isDisposed = true;
    kernel.disposed.emit();
    expect(state()).toBe('detached');
    expect([...link.store.state.value.runs.values()].map(({ lost }) => lost)).toEqual([false]);
    const again = new FakeKernel();
    link.attach(again, hands);
    await settle();
    expect(again.last(DATA_TARGET).opened).not.toBeNull();
  });

  it('before the page came is never waited for', () => {
    const gone = new KernelLink('gone');
    gone.giveUp();
    expect(gone.store.link.value).toBe('dead');
    link.giveUp();
    expect(state()).toBe('connecting');
  });

  it('is not replaced by a second connection while the first lives', () => {
    const second = new FakeKernel();
    link.attach(second, hands);
    expect(second.comms).toHaveLength(0);
  });
});
