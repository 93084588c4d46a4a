import { Fields, ProtocolError } from './fields';
import { type FoundColumn, plainColumns } from './findings';
import { type DetailPart, type LayerDetail, type Recommendation, STRATEGIES } from './messages';
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

/** What an analysis without a drawing of its own knows of a layer: plain columns. */
export interface PlainDetail extends DetailPart {
  readonly columns: readonly FoundColumn[];
}

export interface LayerDetails extends LayerDetail {
  parts: (IuaDetail | PfaDetail)[];
  /** Of analyses without a drawing of their own. */
  others: PlainDetail[];
}

export interface KeepCounts extends Recommendation {
  /** Units to keep by layer; layers without a spectrum are not there. */
  keep: ReadonlyMap<string, number>;
}

type Body<M> = Omit<M, 'kind' | 'v' | 'seq'>;

/** Reads what is known of the open layer; each part has a table of its own. */
export function layerDetail(fields: Fields, tables: readonly Uint8Array[]): Body<LayerDetails> {
  const parts = fields.list('parts', (item, what) => {
    const part = new Fields(item, what);
    return {
      introspector: part.text('introspector'),
      analysis: part.text('analysis'),
      samples: part.count('samples'),
    };
  });
  if (parts.length !== tables.length) {
    throw new ProtocolError(`layer_detail: expected ${parts.length} Arrow buffers, got ${tables.length}.`);
  }
  const drawn: (IuaDetail | PfaDetail)[] = [];
  const others: PlainDetail[] = [];
  for (const [i, part] of parts.entries()) {
    const bytes = tables[i] ?? new Uint8Array();
    const what = `layer_detail of ${part.analysis}`;
    switch (part.analysis) {
      case 'iua':
        drawn.push({ ...part, analysis: 'iua', share: new Columns(bytes, what).numbers('share') });
        break;
      case 'pfa':
        drawn.push(pfaDetail(part, new Columns(bytes, what)));
        break;
      default:
        others.push({ ...part, columns: plainColumns(bytes, what) });
    }
  }
  return { run: fields.text('run'), layer: fields.text('layer'), parts: drawn, others };
}

function pfaDetail(part: DetailPart, columns: Columns): PfaDetail {
  return {
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
