import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Incoming, decode } from '../../src/protocol/decode';

const FOLDER = join(__dirname, '../../../protocol/fixtures');

export function json(name: string): unknown {
  const value: unknown = JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8'));
  return value;
}

export function arrow(name: string): Uint8Array {
  return readFileSync(join(FOLDER, `${name}.arrow`));
}

/** The golden message of that name with some fields changed. */
export function altered(name: string, fields: Record<string, unknown>): unknown {
  const value = json(name);
  return typeof value === 'object' ? { ...value, ...fields } : value;
}

const WITH_TABLE: ReadonlySet<string> = new Set(['iua', 'pfa', 'own', 'findings', 'recommendation']);

export function buffersOf(name: string): Uint8Array[] {
  if (name === 'layer_detail') {
    return [arrow('layer_detail_iua'), arrow('layer_detail_pfa')];
  }
  if (name === 'sample_chunk') {
    return [arrow('sample_chunk_value'), arrow('sample_chunk_word')];
  }
  if (name === 'pictures') {
    return [Uint8Array.of(82, 73, 70, 70)];
  }
  if (name === 'sample_choice') {
    return [Uint8Array.of(0b0011), Uint8Array.of(0b1000), Uint8Array.of(0b0001)];
  }
  return WITH_TABLE.has(name) ? [arrow(name)] : [];
}

/** The golden message of that name, decoded. */
export function incoming(name: string, fields: Record<string, unknown> = {}): Incoming {
  return decode(altered(name, fields), buffersOf(name));
}
