import { describe, expect, it } from 'vitest';
import { CONTROL_TARGET } from '../../src/protocol/messages';
import { FakeKernel, settle } from '../support/kernel';
import {
  answer,
  attach,
  clock,
  connectOnceMore,
  data,
  endSubshell,
  isLoaded,
  kernel,
  link,
  makeSubshell,
  state,
} from '../support/link';

describe('a kernel that is busy with a cell when the page comes', () => {
  /** A page that was loaded again: the kernel does not tell what it is before the cell ends. */
  async function late(): Promise<() => void> {
    let tell: () => void = () => undefined;
    const other = new FakeKernel();
    other.info = new Promise<void>(resolve => {
      tell = resolve;
    });
    await attach(other);
    return tell;
  }

  it('is said to be busy, and heard beside the cell where it can do that', async () => {
    makeSubshell.mockResolvedValueOnce('sub-1');
    await late();
    expect(state()).toBe('connecting');
    clock.advance(1000);
    expect(state()).toBe('busy');
    await settle();
    expect(data().through).toBe('sub-1');
    expect(kernel.subshellId).toBeNull();
    await answer();
    expect(state()).toBe('live');
    expect(kernel.last(CONTROL_TARGET).through).toBe('sub-1');
    link.leave();
    expect(endSubshell).toHaveBeenCalledExactlyOnceWith('sub-1');
  });

  it('is asked when the cell has ended where it cannot', async () => {
    makeSubshell.mockReturnValueOnce(new Promise(() => undefined));
    const tell = await late();
    clock.advance(1000);
    await settle();
    expect(data().opened).toBeNull();
    tell();
    await settle();
    await settle();
    expect(data().opened).not.toBeNull();
    expect(data().through).toBeNull();
  });

  it('that answers after all gives the subshell back unused', async () => {
    let make: (subshell: string) => void = () => undefined;
    makeSubshell.mockReturnValueOnce(
      new Promise(resolve => {
        make = resolve;
      }),
    );
    const tell = await late();
    clock.advance(1000);
    tell();
    await settle();
    await settle();
    make('late');
    await settle();
    expect(endSubshell).toHaveBeenCalledExactlyOnceWith('late');
    expect(data().through).toBeNull();
  });

  it('that makes a subshell but does not read what is sent there reads it when somebody connects', async () => {
    makeSubshell.mockResolvedValueOnce('sub-1');
    let read: (loaded: boolean) => void = () => undefined;
    isLoaded.mockReturnValueOnce(
      new Promise(resolve => {
        read = resolve;
      }),
    );
    connectOnceMore.mockImplementationOnce(() => {
      read(true);
      return Promise.resolve();
    });
    await late();
    clock.advance(1000);
    await settle();
    clock.advance(9999);
    await settle();
    expect(data().opened).toBeNull();
    clock.advance(1);
    await settle();
    expect(data().through).toBe('sub-1');
    await answer();
    expect(state()).toBe('live');
  });
});
