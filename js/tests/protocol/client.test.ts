import { describe, expect, it } from 'vitest';
import { Client } from '../../src/protocol/client';
import type { Incoming } from '../../src/protocol/decode';
import type { ControlMessage } from '../../src/protocol/messages';
import { altered, json } from '../support/fixtures';

function setUp() {
  const applied: Incoming[] = [];
  const shown: (() => void)[] = [];
  const sent: ControlMessage[] = [];
  const problems: string[] = [];
  const time = { now: 0 };
  const client = new Client({
    id: 'c1',
    send: message => sent.push(message),
    apply: (message, done) => {
      applied.push(message);
      shown.push(done);
    },
    problem: error => problems.push(error.message),
    now: () => time.now,
  });
  return {
    client,
    sent,
    problems,
    time,
    hello: (seq: number, session = 's1') => {
      client.receive(altered('hello', { seq, session }), []);
    },
    run: (seq: number, batches = seq) => {
      client.receive(altered('run', { seq, batches }), []);
    },
    paint: () => {
      for (const done of shown.splice(0)) {
        done();
      }
    },
    seqs: () => applied.map(({ seq }) => seq),
    kinds: () => sent.map(({ kind }) => kind),
  };
}

describe('acknowledgement', () => {
  it('is sent when the message has been shown, not before', () => {
    const { hello, run, paint, sent } = setUp();
    hello(0);
    run(1);
    expect(sent).toEqual([]);
    paint();
    expect(sent).toEqual([
      { kind: 'ack', v: 1, client: 'c1', seq: 0 },
      { kind: 'ack', v: 1, client: 'c1', seq: 1 },
    ]);
  });

  it('speaks for all before it: no older number is acknowledged after it', () => {
    const { hello, run, client, paint, sent } = setUp();
    hello(0);
    run(1);
    client.receive(altered('run', { seq: 2, name: 7 }), []); // cannot be read, so it is not waited for
    paint();
    expect(sent).toEqual([{ kind: 'ack', v: 1, client: 'c1', seq: 2 }]);
  });

  it('of what the kernel numbered before it counted anew is not sent', () => {
    const { hello, run, client, paint, sent } = setUp();
    hello(0);
    run(7);
    client.resync();
    hello(0);
    sent.length = 0;
    paint();
    expect(sent).toEqual([{ kind: 'ack', v: 1, client: 'c1', seq: 0 }]);
  });
});

describe('loss and order', () => {
  it('a gap asks for everything once, and what came is used', () => {
    const { hello, run, seqs, kinds } = setUp();
    hello(0);
    run(2);
    run(4);
    expect(seqs()).toEqual([0, 2, 4]);
    expect(kinds()).toEqual(['resync']);
  });

  it('what comes late is older than what we have, and is left', () => {
    const { hello, run, seqs } = setUp();
    hello(0);
    run(3);
    run(2);
    run(4);
    expect(seqs()).toEqual([0, 3, 4]);
  });

  it('the answer to a resync ends the waiting, also when the kernel counts from zero again', () => {
    const { hello, run, seqs, kinds, paint, sent } = setUp();
    hello(0);
    run(7);
    hello(0);
    run(1);
    expect(seqs()).toEqual([0, 7, 0, 1]);
    run(3);
    expect(kinds()).toEqual(['resync', 'resync']);
    paint();
    expect(sent.at(-1)).toEqual({ kind: 'ack', v: 1, client: 'c1', seq: 3 });
  });

  it('a lost answer is asked for again at the next gap, but not at once', () => {
    const { hello, run, kinds, time } = setUp();
    hello(0);
    run(2);
    run(4);
    time.now = 2000;
    run(6);
    expect(kinds()).toEqual(['resync', 'resync']);
  });

  it('a page that comes late may start at any number', () => {
    const { run, kinds, seqs } = setUp();
    run(41);
    run(42);
    expect(seqs()).toEqual([41, 42]);
    expect(kinds()).toEqual([]);
  });

  it('a kernel that was restarted counts from zero', () => {
    const { hello, run, seqs } = setUp();
    hello(0);
    run(1);
    hello(0, 's2');
    run(1);
    expect(seqs()).toEqual([0, 1, 0, 1]);
  });

  it('an old hello of the same session that comes late is left', () => {
    const { hello, run, seqs } = setUp();
    hello(5);
    run(6);
    hello(4);
    expect(seqs()).toEqual([5, 6]);
  });
});

describe('what cannot be read', () => {
  it('is told, counted and acknowledged, and the next message is taken', () => {
    const { hello, run, client, problems, seqs, sent } = setUp();
    hello(0);
    client.receive(altered('run', { seq: 1, name: 7 }), []);
    run(2);
    expect(problems).toEqual(['message.name: expected text, got 7.']);
    expect(seqs()).toEqual([0, 2]);
    expect(sent).toEqual([{ kind: 'ack', v: 1, client: 'c1', seq: 1 }]);
  });

  it('does no harm without a number', () => {
    const { client, problems } = setUp();
    client.receive('?', []);
    expect(problems).toHaveLength(1);
  });
});

it('control messages are those of the protocol', () => {
  const { client, sent } = setUp();
  client.steer('cancel', 'r1');
  client.resync();
  expect(sent).toEqual([json('cancel'), json('resync')]);
});

/** A comm that loses one message in four and swaps some neighbours, reproducibly. */
it('whatever is lost or swapped, the last state is the last one that came', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const random = generator(seed);
    const { hello, run, client, seqs } = setUp();
    const queue = Array.from({ length: 40 }, (_, i) => i + 1).filter(() => random() > 0.25);
    for (let i = 0; i + 1 < queue.length; i++) {
      const [a, b] = [queue[i], queue[i + 1]];
      if (random() < 0.2 && a !== undefined && b !== undefined) {
        queue.splice(i, 2, b, a);
      }
    }
    hello(0);
    queue.forEach(seq => {
      run(seq);
    });
    expect(seqs().at(-1), `seed ${seed}`).toBe(Math.max(0, ...queue));
    expect(client.id).toBe('c1');
  }
});

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
