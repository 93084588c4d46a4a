import type { IuaSnapshot, LayerSnapshot, PfaSnapshot } from '../../protocol/decode';
import type { LayerInfo } from '../../protocol/messages';
import type { PfaState } from '../../protocol/tables';
import type { Strategy } from './recipeChoice';
import type { RunRecord } from '../kernel/state';

interface CommonCells {
  readonly samples: number;
  readonly nonfinite: number;
  readonly units: number;
  readonly note: string;
  /** Samples since which the numbers hardly change, -1 while they do; null when nobody tells. */
  readonly stableSince: number | null;
  /** Whether the numbers will change no more. */
  readonly final: boolean;
}

/** One layer's inactive units. Shares are 0..1, NaN before data. */
export interface IuaCells extends CommonCells {
  readonly analysis: 'iua';
  readonly mean: number;
  readonly std: number;
  /** Units that are always inactive; null where all values are too small to tell. */
  readonly dead: number | null;
  readonly strip: Uint8Array;
}

/** One layer's principal filters; `keep`, by the strategy that was chosen, is null and `kl` NaN when absent. */
export interface PfaCells extends CommonCells {
  readonly analysis: 'pfa';
  readonly state: PfaState;
  readonly needed: number;
  readonly constant: number;
  readonly keep: number | null;
  readonly kl: number;
  readonly energy: Float32Array;
  readonly age: number;
}

export type Cells = IuaCells | PfaCells;

/** One layer: what is known of it before data, and what each introspector found, by the introspector's name. */
export interface LayerRow {
  readonly name: string;
  readonly info: LayerInfo | null;
  readonly units: number | null;
  readonly cells: ReadonlyMap<string, Cells>;
}

/** Joins layers and snapshots by layer name, in network order; layers that only a snapshot knows come last. */
export function rowsOf(
  record: Pick<RunRecord, 'layers' | 'snapshots' | 'recommendations'>,
  strategy: Strategy = 'kl',
): LayerRow[] {
  const rows = new Map<string, { info: LayerInfo | null; cells: Map<string, Cells> }>();
  for (const info of record.layers ?? []) {
    rows.set(info.name, { info, cells: new Map() });
  }
  for (const [introspector, snapshot] of record.snapshots) {
    // Until the kernel has answered, what it said before stays.
    const chosen = strategy === 'kl' ? undefined : record.recommendations.get(introspector);
    snapshot.table.layer.forEach((name, i) => {
      const row = rows.get(name) ?? { info: null, cells: new Map<string, Cells>() };
      rows.set(name, row);
      row.cells.set(introspector, cellsAt(snapshot, i, chosen?.keep));
    });
  }
  return [...rows].map(([name, { info, cells }]) => ({
    name,
    info,
    units: info?.units ?? [...cells.values()][0]?.units ?? null,
    cells,
  }));
}

/** The class that the layer has in its framework; what chips select by. */
export function kindOf(row: LayerRow): string {
  return row.info?.type ?? '';
}

function cellsAt(snapshot: LayerSnapshot, i: number, chosen?: ReadonlyMap<string, number>): Cells {
  return snapshot.analysis === 'iua' ? iuaAt(snapshot, i) : pfaAt(snapshot, i, chosen);
}

function commonAt(snapshot: LayerSnapshot, i: number): CommonCells {
  const { table, final } = snapshot;
  return {
    samples: table.samples[i] ?? 0,
    nonfinite: table.nonfinite[i] ?? 0,
    units: table.units[i] ?? 0,
    note: table.note[i] ?? '',
    stableSince: table.stableSince?.[i] ?? null,
    final,
  };
}

function iuaAt(snapshot: IuaSnapshot, i: number): IuaCells {
  const { table } = snapshot;
  return {
    ...commonAt(snapshot, i),
    analysis: 'iua',
    mean: table.inactiveMean[i] ?? NaN,
    std: table.inactiveStd[i] ?? NaN,
    dead: deadAt(table, i),
    strip: table.strip[i] ?? new Uint8Array(),
  };
}

function deadAt({ dead }: IuaSnapshot['table'], i: number): number | null {
  const units = dead[i] ?? 0;
  return units < 0 ? null : units;
}

function pfaAt(snapshot: PfaSnapshot, i: number, chosen?: ReadonlyMap<string, number>): PfaCells {
  const { table } = snapshot;
  const keep = chosen === undefined ? (table.keep[i] ?? -1) : (chosen.get(table.layer[i] ?? '') ?? -1);
  return {
    ...commonAt(snapshot, i),
    analysis: 'pfa',
    state: table.state[i] ?? 'waiting',
    needed: table.needed[i] ?? 0,
    constant: table.constant[i] ?? -1,
    keep: keep < 0 ? null : keep,
    kl: table.kl[i] ?? NaN,
    energy: table.energy[i] ?? new Float32Array(),
    age: table.age[i] ?? 0,
  };
}

export function hasDead(row: LayerRow): boolean {
  return [...row.cells.values()].some(cells => cells.analysis === 'iua' && (cells.dead ?? 0) > 0);
}

/** Whether a layer has all its numbers, and none changes much any more; null when nobody tells. */
export function isStable(row: LayerRow): boolean | null {
  const found = [...row.cells.values()];
  const told = found.map(cells => cells.stableSince).filter(since => since !== null);
  const lacking = found.some(cells => cells.analysis === 'pfa' && Number.isNaN(cells.kl));
  return told.length === 0 ? null : !lacking && told.every(since => since >= 0);
}

/** Whether every introspector has numbers of a layer. */
export function isComplete(row: LayerRow): boolean {
  const found = [...row.cells.values()];
  return (
    found.length > 0 &&
    found.every(cells => cells.samples > 0 && (cells.analysis === 'iua' || cells.keep !== null))
  );
}
