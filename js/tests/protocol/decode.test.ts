import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  type Incoming,
  type IuaSnapshot,
  type PfaSnapshot,
  bytesOf,
  decode,
} from '../../src/protocol/decode';
import { ProtocolError } from '../../src/protocol/fields';
import type { ControlMessage, DataMessage } from '../../src/protocol/messages';
import { altered, arrow, buffersOf, incoming, json } from '../support/fixtures';

function snapshotOf<A extends 'iua' | 'pfa'>(analysis: A): Extract<Incoming, { analysis: A }> {
  const message = incoming(analysis);
  if (message.kind !== 'snapshot' || !isOf(message, analysis)) {
    throw new Error('not a snapshot of that analysis');
  }
  return message;
}

function isOf<A extends 'iua' | 'pfa'>(
  message: IuaSnapshot | PfaSnapshot,
  analysis: A,
): message is Extract<IuaSnapshot | PfaSnapshot, { analysis: A }> {
  return message.analysis === analysis;
}

describe('golden messages', () => {
  it.each(['hello', 'run', 'run_failed', 'origin', 'layers', 'namespace', 'source_layers'])(
    '%s is read as it was written',
    name => {
      expect(decode(json(name), buffersOf(name))).toEqual(json(name));
    },
  );

  it('an inactive-units snapshot comes as typed columns', () => {
    const { table } = snapshotOf('iua');
    expect(table.layer).toEqual(['conv_1', 'block/relu_1', 'flatten', 'dense']);
    expect([...table.samples]).toEqual([8448, 8448, 8448, 8446]);
    expect([...table.inactiveMean]).toEqual([0, 0.506, 0.739, 1]);
    expect(table.strip.map(row => row.length)).toEqual([64, 64, 64, 64]);
    expect(table.strip[1]?.[0]).toBe(255);
    expect(table.note[3]).toBe(
      'All values are below 1e-6: check the scale or `atol`. 2 samples left out: NaN, infinite or above 3.4e+38.',
    );
  });

  it('a principal-filters snapshot comes as typed columns', () => {
    const { table } = snapshotOf('pfa');
    expect(table.state).toEqual(['ok', 'ok', 'thin', 'waiting']);
    expect([...table.keep]).toEqual([12, 7, -1, -1]);
    expect(table.energy[0]).toHaveLength(25);
    expect(table.energy[0]?.[24]).toBeCloseTo(1);
    expect(table.energy[3]?.[0]).toBeNaN();
  });

  it('a table may lie anywhere in a larger buffer', () => {
    const bytes = arrow('iua');
    const larger = new Uint8Array(bytes.length + 40);
    larger.set(bytes, 13);
    const view = new DataView(larger.buffer, 13, bytes.length);
    expect(decode(json('iua'), [view])).toEqual(incoming('iua'));
  });

  it('bytesOf takes what comms and traits hand over', () => {
    const bytes = new Uint8Array([1, 2, 3, 4]);
    expect([...bytesOf(bytes.buffer)]).toEqual([1, 2, 3, 4]);
    expect([...bytesOf(new DataView(bytes.buffer, 1, 2))]).toEqual([2, 3]);
  });
});

describe('what is no message', () => {
  it.each([
    [null, 'message: expected an object, got null.'],
    [
      { kind: 'cancel' },
      'message.kind: expected one of hello, run, origin, layers, snapshot, findings, samples, sample_chunk, pictures, sample_choice, sent_to_python, namespace, source_layers, layer_detail, recommendation, got "cancel".',
    ],
    [altered('hello', { v: 2 }), 'The kernel speaks version 2 of the protocol and this page version 1.'],
    [altered('hello', { seq: -1 }), 'message.seq: expected a whole number of at least 0, got -1.'],
    [altered('hello', { runs: ['a', 1] }), 'message.runs[1]: expected text, got 1.'],
    [altered('run', { status: 'resting' }), 'message.status: expected one of pending, running,'],
    [altered('run', { rate: 'fast' }), 'message.rate: expected a finite number, got "fast".'],
    [altered('run', { errors: [{ type: 'E' }] }), 'message.errors[0].message: expected text, got nothing.'],
    [altered('layers', { layers: {} }), 'message.layers: expected a list, got {}.'],
  ])('%j is refused with the field, the expectation and what came', (message, words) => {
    expect(() => decode(message, [])).toThrow(ProtocolError);
    expect(() => decode(message, [])).toThrow(words);
  });

  it('a snapshot needs one buffer that is an Arrow stream with its columns', () => {
    expect(() => decode(json('iua'), [])).toThrow('expected one Arrow buffer, got 0');
    expect(() => decode(json('iua'), [new Uint8Array([1, 2, 3])])).toThrow('not an Arrow IPC stream');
    expect(() => decode(json('iua'), [arrow('pfa')])).toThrow(
      'iua snapshot.inactive_mean: expected a column.',
    );
  });

  it('fields that we do not know are left out', () => {
    expect(decode(altered('hello', { extra: 1 }), [])).toEqual(json('hello'));
  });
});

describe('types', () => {
  it('unions are told apart by their kind', () => {
    expectTypeOf<Extract<DataMessage, { kind: 'run' }>['total_samples']>().toEqualTypeOf<number | null>();
    expectTypeOf<ControlMessage['kind']>().toEqualTypeOf<
      | 'ack'
      | 'cancel'
      | 'choose'
      | 'focus'
      | 'inspect'
      | 'pause'
      | 'read_column'
      | 'read_pictures'
      | 'resume'
      | 'resync'
      | 'scan'
      | 'send_to_python'
    >();
    expectTypeOf<Incoming['kind']>().toEqualTypeOf<DataMessage['kind']>();
  });
});
