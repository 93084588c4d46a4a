import type { Column, Table } from '@uwdata/flechette';
import { tableOf, textsOf } from './arrowTable';
import { ProtocolError } from './fields';
import { PFA_STATES } from './messages';

/** Numbers of a column; 64-bit integers come as float64. */
export type Numbers =
  Int8Array | Int16Array | Int32Array | Uint8Array | Uint16Array | Uint32Array | Float32Array | Float64Array;

/** Columns that every analysis has. */
export interface LayerColumns {
  readonly layer: readonly string[];
  readonly samples: Numbers;
  readonly nonfinite: Numbers;
  readonly units: Numbers;
  readonly note: readonly string[];
  /** Samples since which the numbers hardly change, -1 while they do; null when the kernel does not tell. */
  readonly stableSince: Numbers | null;
}

/** Inactive units: one row per layer. Shares are 0..1, NaN before data. */
export interface IuaTable extends LayerColumns {
  readonly inactiveMean: Numbers;
  readonly inactiveStd: Numbers;
  readonly dead: Numbers;
  /** Units by their inactive share, descending, in bins; 255 = a dead unit in the bin, else share * 254. */
  readonly strip: readonly Uint8Array[];
}

export type PfaState = (typeof PFA_STATES)[number];

/** Principal filters: one row per layer. */
export interface PfaTable extends LayerColumns {
  /** Units of no variance, -1 when no spectrum yet. */
  readonly constant: Numbers;
  /** Samples that the analysis needs for this layer. */
  readonly needed: Numbers;
  readonly state: readonly PfaState[];
  /** Units to keep, -1 when absent. */
  readonly keep: Numbers;
  /** Divergence from uniform in nats, NaN when absent. */
  readonly kl: Numbers;
  /** Cumulative energy share along the components, NaN when absent. */
  readonly energy: readonly Float32Array[];
  /** Samples seen when the spectrum was computed, 0 = none. */
  readonly age: Numbers;
}

export function decodeIua(bytes: Uint8Array): IuaTable {
  const columns = new Columns(bytes, 'iua snapshot');
  return {
    ...common(columns),
    inactiveMean: columns.numbers('inactive_mean'),
    inactiveStd: columns.numbers('inactive_std'),
    dead: columns.numbers('dead'),
    strip: columns.rows('strip', row => row instanceof Uint8Array),
  };
}

export function decodePfa(bytes: Uint8Array): PfaTable {
  const columns = new Columns(bytes, 'pfa snapshot');
  return {
    ...common(columns),
    constant: columns.numbers('constant'),
    needed: columns.numbers('needed'),
    state: columns.texts('state').map(pfaState),
    keep: columns.numbers('keep'),
    kl: columns.numbers('kl'),
    energy: columns.rows('energy', row => row instanceof Float32Array),
    age: columns.numbers('age'),
  };
}

function common(columns: Columns): LayerColumns {
  return {
    layer: columns.texts('layer'),
    samples: columns.numbers('samples'),
    nonfinite: columns.numbers('nonfinite'),
    units: columns.numbers('units'),
    note: columns.texts('note'),
    stableSince: columns.has('stable_since') ? columns.numbers('stable_since') : null,
  };
}

function pfaState(value: string): PfaState {
  const state = PFA_STATES.find(known => known === value);
  if (state === undefined) {
    throw new ProtocolError(`pfa snapshot.state: expected one of ${PFA_STATES.join(', ')}, got '${value}'.`);
  }
  return state;
}

/** The columns of one Arrow IPC stream, checked as they are taken. */
export class Columns {
  private readonly table: Table;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly what: string,
  ) {
    this.table = tableOf(bytes, what);
  }

  has(name: string): boolean {
    return this.table.names.includes(name);
  }

  numbers(name: string): Numbers {
    const values: unknown = this.column(name).toArray();
    if (this.table.numRows === 0) {
      return new Float64Array();
    }
    return isNumbers(values) && values.length === this.table.numRows
      ? values
      : this.fail(name, 'a column of numbers');
  }

  texts(name: string): string[] {
    return textsOf(this.column(name), this.bytes.length, `${this.what}.${name}`);
  }

  rows<T extends Numbers>(name: string, is: (row: unknown) => row is T): T[] {
    const rows = [...this.column(name)].map((row: unknown) =>
      is(row) ? row : this.fail(name, 'lists of numbers'),
    );
    const width = rows[0]?.length;
    return rows.every(row => row.length === width) ? rows : this.fail(name, 'lists of one length');
  }

  private column(name: string): Column<unknown> {
    const column = this.has(name) ? this.table.getChild(name) : this.fail(name, 'a column');
    return column.nullCount === 0 ? column : this.fail(name, 'no missing values');
  }

  private fail(name: string, expected: string): never {
    throw new ProtocolError(
      `${this.what}.${name}: expected ${expected}. Columns: ${this.table.names.join(', ')}.`,
    );
  }
}

export function isNumbers(values: unknown): values is Numbers {
  return ArrayBuffer.isView(values) && !(values instanceof DataView || values instanceof BigInt64Array);
}
