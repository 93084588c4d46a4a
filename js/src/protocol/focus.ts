import { Fields, ProtocolError } from './fields';
import type { DetailPart, LayerDetail, Recommendation } from './messages';
import { Columns, type Numbers } from './tables';

/** Inactive share of every unit, 0..1; 1 is dead. */
export interface IuaDetail extends DetailPart {
  readonly analysis: 'iua';
  readonly share: Numbers;
}

/** The full spectrum, largest first, and the energy in the first 1, 2, ... components; NaN where there is none. */
export interface PfaDetail extends DetailPart {
  readonly analysis: 'pfa';
  readonly eigenvalue: Numbers;
  readonly energy: Numbers;
}

export interface LayerDetails extends LayerDetail {
  parts: (IuaDetail | PfaDetail)[];
}

export interface KeepCounts extends Recommendation {
  /** Units to keep by layer; layers without a spectrum are not there. */
  keep: ReadonlyMap<string, number>;
}

type Body<M> = Omit<M, 'kind' | 'v' | 'seq'>;

const ANALYSES = ['iua', 'pfa'] as const;
const STRATEGIES = ['kl', 'energy', 'size'] as const;

/** Reads what is known of the open layer; each part has a table of its own. */
export function layerDetail(fields: Fields, tables: readonly Uint8Array[]): Body<LayerDetails> {
  const parts = fields.list('parts', (item, what) => {
    const part = new Fields(item, what);
    return {
      introspector: part.text('introspector'),
      analysis: part.oneOf('analysis', ANALYSES),
      samples: part.count('samples'),
    };
  });
  if (parts.length !== tables.length) {
    throw new ProtocolError(`layer_detail: expected ${parts.length} Arrow buffers, got ${tables.length}.`);
  }
  return {
    run: fields.text('run'),
    layer: fields.text('layer'),
    parts: parts.map((part, i) => withTable(part, tables[i] ?? new Uint8Array())),
  };
}

function withTable(part: DetailPart, bytes: Uint8Array): IuaDetail | PfaDetail {
  const columns = new Columns(bytes, `layer_detail of ${part.analysis}`);
  return part.analysis === 'iua'
    ? { ...part, analysis: 'iua', share: columns.numbers('share') }
    : {
        ...part,
        analysis: 'pfa',
        eigenvalue: columns.numbers('eigenvalue'),
        energy: columns.numbers('energy'),
      };
}

export function keepCounts(fields: Fields, tables: readonly Uint8Array[]): Body<KeepCounts> {
  const [bytes, ...more] = tables;
  if (bytes === undefined || more.length > 0) {
    throw new ProtocolError(`recommendation: expected one Arrow buffer, got ${tables.length}.`);
  }
  const columns = new Columns(bytes, 'recommendation');
  const counts = columns.numbers('keep');
  return {
    run: fields.text('run'),
    introspector: fields.text('introspector'),
    strategy: fields.oneOf('strategy', STRATEGIES),
    value: fields.number('value'),
    keep: new Map(columns.texts('layer').map((layer, i) => [layer, counts[i] ?? 0])),
  };
}
