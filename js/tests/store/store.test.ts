import { describe, expect, it } from 'vitest';
import { Store } from '../../src/store/kernel/store';
import { FakeClock } from '../support/clock';
import { incoming } from '../support/fixtures';

const nothing = () => undefined;

function setUp() {
  const clock = new FakeClock();
  const store = new Store(clock);
  const cancelled: string[] = [];
  const source = {
    cancel: (run: string) => cancelled.push(run),
    pause: () => undefined,
    resume: () => undefined,
    focus: () => undefined,
    readColumn: () => undefined,
    interrupt: null,
    reconnect: null,
  };
  const take = (name: string, fields: Record<string, unknown> = {}) => {
    store.take(incoming(name, fields), nothing);
  };
  return { clock, store, source, cancelled, take };
}

describe('painting', () => {
  it('the first message is taken at once, those of the next quarter of a second together', () => {
    const { clock, store, take } = setUp();
    take('run', { seq: 0, batches: 1 });
    expect(store.state.value.seq).toBe(0);
    take('run', { seq: 1, batches: 2 });
    take('run', { seq: 2, batches: 3 });
    expect(store.state.value.seq).toBe(0);
    clock.advance(249);
    expect(store.state.value.seq).toBe(0);
    clock.advance(1);
    expect(store.state.value.seq).toBe(2);
  });

  it('never more than four times a second', () => {
    const { clock, store } = setUp();
    const seen = new Set<number>();
    for (let millisecond = 0; millisecond < 2000; millisecond += 10) {
      store.take(incoming('run', { seq: millisecond }), nothing);
      seen.add(store.state.value.seq);
      clock.advance(10);
    }
    expect(seen.size).toBeLessThanOrEqual(8);
  });

  it('a message is shown after the paint that has it', () => {
    const { clock, store } = setUp();
    const shown: number[] = [];
    for (const seq of [0, 1]) {
      store.take(incoming('run', { seq }), () => shown.push(seq));
    }
    clock.paint();
    expect(shown).toEqual([0]);
    clock.advance(250);
    expect(shown).toEqual([0]);
    clock.paint();
    expect(shown).toEqual([0, 1]);
  });
});

describe('stop', () => {
  it('that is answered in time is heard', () => {
    const { clock, store, source, cancelled, take } = setUp();
    take('run');
    store.stop('r1', source);
    clock.advance(250);
    take('run', { status: 'cancelling' });
    clock.advance(2000);
    expect(cancelled).toEqual(['r1']);
    expect(store.isUnheard('r1')).toBe(false);
  });

  it.each(['pending', 'running', 'paused'])(
    'of a run that is %s is unheard, until it is answered',
    status => {
      const { clock, store, source, take } = setUp();
      take('run', { status });
      store.stop('r1', source);
      clock.advance(1499);
      expect(store.isUnheard('r1')).toBe(false);
      clock.advance(1);
      expect(store.isUnheard('r1')).toBe(true);
      take('run', { status: 'cancelling' });
      expect(store.isUnheard('r1')).toBe(false);
    },
  );
});

it('a run has one view, however often it is shown', () => {
  const { store } = setUp();
  expect(store.view('r1')).toBe(store.view('r1'));
});
