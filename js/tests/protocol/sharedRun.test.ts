import { Blob as NodeBlob } from 'node:buffer';
import { deflateSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { toBase64 } from '../../src/protocol/base64';
import { ProtocolError } from '../../src/protocol/fields';
import { inflate } from '../../src/protocol/inflate';
import { SharedRun } from '../../src/protocol/sharedRun';
import { altered, buffersOf, incoming, json } from '../support/fixtures';

// That of jsdom has no stream.
vi.stubGlobal('Blob', NodeBlob);

const NAMES = ['hello', 'run', 'layers', 'iua', 'pfa', 'findings', 'samples', 'layer_detail', 'sample_chunk'];

/** A page as Python writes it. */
function page(
  names: readonly string[] = NAMES,
  fields: Record<string, unknown> = {},
): Record<string, unknown> {
  const buffers = names.flatMap(buffersOf);
  let next = 0;
  return {
    v: 1,
    run: 'r1',
    created: '2026-11-18T14:02:00+00:00',
    version: '0.1.0',
    contents: ['4 layers'],
    code: null,
    messages: names.map(json),
    places: names.map(name => buffersOf(name).map(() => next++)),
    sizes: buffers.map(({ length }) => length),
    buffers: buffers.map(buffer => toBase64(deflateSync(buffer))),
    ...fields,
  };
}

describe('a page', () => {
  it('tells the state at once, and details and samples when they are asked for', async () => {
    const shared = new SharedRun(page());
    expect([shared.run, shared.version, shared.code, shared.contents]).toEqual([
      'r1',
      '0.1.0',
      null,
      ['4 layers'],
    ]);
    const first = NAMES.filter(name => name !== 'layer_detail' && name !== 'sample_chunk');
    expect(await shared.state()).toEqual(first.map(name => incoming(name)));
    const detail = incoming('layer_detail');
    const chunk = incoming('sample_chunk');
    if (detail.kind !== 'layer_detail' || chunk.kind !== 'sample_chunk') {
      throw new Error('fixtures');
    }
    expect([...shared.detailed]).toEqual([detail.layer]);
    expect(await shared.detail(detail.layer)).toEqual(detail);
    expect(await shared.detail('none')).toBeNull();
    expect(await shared.chunk(chunk)).toEqual(chunk);
    expect(await shared.chunk({ ...chunk, start: chunk.start + 1 })).toBeNull();
    expect(await shared.chunk({ ...chunk, since: chunk.since + 1 })).toBeNull();
  });

  const deep = (): unknown => JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`);
  const long = 2 ** 31;

  it.each<[string, Record<string, unknown>]>([
    ['another version', { v: 2 }],
    ['no run', { run: 1 }],
    ['places of other messages', { places: [] }],
    ['places that are none', { places: NAMES.map(() => 0) }],
    ['places nested deeply', { places: deep() }],
    ['messages nested deeply', { messages: deep() }],
    ['sizes beyond all bounds', { sizes: [long] }],
    ['sizes below zero', { sizes: [-1] }],
    ['buffers that are no text', { buffers: [1] }],
    ['a message that is none of a page', { messages: NAMES.map(() => altered('namespace', {})) }],
    ['a prototype for a kind', { messages: NAMES.map(() => ({ kind: '__proto__' })) }],
  ])('with %s is refused at once', (_, fields) => {
    expect(() => new SharedRun(page(NAMES, fields))).toThrow(ProtocolError);
  });

  it.each<[string, Record<string, unknown>]>([
    ['buffers that are no base64', { buffers: page().buffers instanceof Array ? NAMES.map(() => '%') : [] }],
    ['buffers that are missing', { buffers: [], sizes: [] }],
    [
      'buffers that are not packed',
      { buffers: Array.from({ length: 20 }, () => toBase64(new Uint8Array(99))) },
    ],
    ['sizes that are too small', { sizes: Array.from({ length: 20 }, () => 1) }],
    ['sizes that are too large', { sizes: Array.from({ length: 20 }, () => 2 ** 20) }],
    ['messages of another run', { run: 'r2' }],
    ['no state of its run', { messages: [json('layers')], places: [[]] }],
    ['too few buffers for a message', { messages: [json('run'), json('iua')], places: [[], []] }],
    [
      'a bomb',
      {
        messages: [json('run'), json('iua')],
        places: [[], [0]],
        sizes: [1000],
        buffers: [toBase64(deflateSync(new Uint8Array(50_000_000)))],
      },
    ],
  ])('with %s is refused when it is read', async (_, fields) => {
    await expect(new SharedRun(page(NAMES, fields)).state()).rejects.toThrow(ProtocolError);
  });
});

describe('a buffer', () => {
  it('is unpacked to its bytes, not one more or less, and not read on', async () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251);
    const packed = Uint8Array.from(deflateSync(bytes));
    expect(await inflate(packed, bytes.length)).toEqual(bytes);
    expect(await inflate(Uint8Array.from(deflateSync(new Uint8Array())), 0)).toEqual(new Uint8Array());
    await expect(inflate(packed, bytes.length - 1)).rejects.toThrow('unpacks to more than the 99999 bytes');
    await expect(inflate(packed, bytes.length + 1)).rejects.toThrow(
      'unpacks to 100000 bytes, and says 100001',
    );
    await expect(inflate(packed.slice(0, 40), bytes.length)).rejects.toThrow(ProtocolError);
    const flipped = packed.slice();
    flipped[20] = (flipped[20] ?? 0) ^ 0xff;
    await expect(inflate(flipped, bytes.length)).rejects.toThrow(ProtocolError);
  });
});
