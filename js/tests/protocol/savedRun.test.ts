import { dictionary, tableFromArrays, tableToIPC, utf8 } from '@uwdata/flechette';
import { describe, expect, it } from 'vitest';
import { decode } from '../../src/protocol/decode';
import { toBase64 } from '../../src/protocol/base64';
import { ProtocolError } from '../../src/protocol/fields';
import { LastMessages, type RawMessage } from '../../src/protocol/lastMessages';
import { MOST_SAVED_BYTES } from '../../src/protocol/messages';
import { decodeSavedRun, encodeSavedRun } from '../../src/protocol/savedRun';
import { altered, arrow, buffersOf, incoming, json } from '../support/fixtures';

const NAMES = ['run', 'layers', 'iua', 'pfa', 'findings', 'layer_detail'] as const;

const said = (...names: readonly string[]): RawMessage[] =>
  names.map(name => ({ data: json(name), buffers: buffersOf(name) }));

/** An output as a notebook has it. */
function output(fields: Record<string, unknown> = {}): unknown {
  const saved: unknown = JSON.parse(JSON.stringify(encodeSavedRun('s1', 'r1', said(...NAMES))));
  return typeof saved === 'object' ? { ...saved, ...fields } : saved;
}

const withTable = (bytes: Uint8Array) =>
  output({ messages: [json('run'), json('iua')], buffers: [toBase64(bytes)] });

describe('what a kernel said', () => {
  it('is kept as the newest of each kind, run by run', () => {
    const last = new LastMessages();
    const take = (name: string, fields: Record<string, unknown> = {}) => {
      last.take(incoming(name, fields), { data: altered(name, fields), buffers: buffersOf(name) });
    };
    for (const name of ['hello', ...[...NAMES].reverse(), 'origin', 'recommendation']) {
      take(name);
    }
    take('run', { batches: 133 });
    take('run', { run: 'r2' });
    const kept = last.of('s1', 'r1').map(({ data }) => data);
    expect(kept).toEqual([
      altered('run', { batches: 133 }),
      json('layers'),
      json('pfa'),
      json('iua'),
      json('findings'),
      json('layer_detail'),
    ]);
    expect(last.of('s2', 'r1')).toEqual([]);
    take('hello', { session: 's2' });
    take('run');
    expect(last.of('s2', 'r1')).toHaveLength(1);
    expect(last.of('s1', 'r1')).toHaveLength(6);
  });

  it('comes back from an output as it was', () => {
    expect(decodeSavedRun(output())).toEqual({
      session: 's1',
      run: 'r1',
      messages: NAMES.map(name => incoming(name)),
      leftOut: [],
    });
  });

  it.each([
    [8600, ['details'], 5],
    [4000, ['details', 'tables'], 2],
    [700, ['details', 'tables', 'layers'], 1],
  ])('of more than %i bytes %j are left out', (most, leftOut, messages) => {
    const saved = encodeSavedRun('s1', 'r1', said(...NAMES), most);
    expect(saved.left_out).toEqual(leftOut);
    expect(saved.messages).toHaveLength(messages);
    expect(decodeSavedRun(saved).leftOut).toEqual(leftOut);
  });
});

describe('an output of a stranger', () => {
  it.each([
    ['text', 'output: expected an object, got "text".'],
    [null, 'output: expected an object, got null.'],
    [output({ v: 2 }), 'output: expected version 1, got 2.'],
    [output({ messages: {} }), 'output.messages: expected a list'],
    [output({ messages: [], buffers: [] }), 'expected the state of the run r1'],
    [output({ run: 'r2' }), 'expected state and tables of the run r2 only'],
    [
      output({ messages: [json('run'), json('hello')], buffers: [] }),
      'expected state and tables of the run r1 only',
    ],
    [output({ messages: [json('run'), json('origin')], buffers: [] }), 'of the run r1 only'],
    [output({ buffers: ['***'] }), 'output.buffers[0]: expected base64.'],
    [output({ buffers: [1] }), 'output.buffers[0]: expected text, got 1.'],
    [output({ buffers: [] }), 'expected one Arrow buffer, got 0'],
    [output({ messages: [json('run')] }), 'got 5 more'],
    [output({ left_out: ['all'] }), 'output.left_out[0]: expected one of details, tables, layers.'],
    [output({ messages: [altered('run', { name: 'x'.repeat(MOST_SAVED_BYTES) })] }), 'at most 1 MB'],
    [output({ more: Array.from({ length: MOST_SAVED_BYTES + 1 }, () => 0) }), 'at most 1 MB'],
  ])('is refused with what was expected', (data, words) => {
    expect(() => decodeSavedRun(data)).toThrow(ProtocolError);
    expect(() => decodeSavedRun(data)).toThrow(words);
  });

  it('may be nested as deeply as it likes', () => {
    let nested: unknown = [];
    for (let depth = 0; depth < 200_000; depth++) {
      nested = [nested];
    }
    expect(decodeSavedRun(output({ more: nested })).run).toBe('r1');
  });

  it('cannot have a table that is larger than its bytes', () => {
    const columns = tableFromArrays({ layer: ['a', 'a'] }, { types: { layer: dictionary(utf8()) } });
    const bytes = tableToIPC(columns, { format: 'stream' });
    expect(() => decodeSavedRun(withTable(bytes ?? new Uint8Array()))).toThrow(
      'iua snapshot.layer: expected numbers, truth values, text or lists of numbers.',
    );
  });

  it('never ends in another error, whatever bytes its tables have', () => {
    const table = arrow('iua');
    for (let at = 0; at < table.length; at += 3) {
      const bytes = table.slice();
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
      try {
        decode(json('iua'), [bytes]);
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError);
      }
    }
  }, 60_000);
});
