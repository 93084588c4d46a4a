import type { LayerSnapshot } from '../../protocol/decode';
import type { Introspection } from '../../protocol/messages';
import { type Cells, type LayerRow, kindOf } from './rows';

export type Field =
  'layer' | 'kind' | 'units' | 'mean' | 'dead' | 'strip' | 'keep' | 'kl' | 'energy' | 'state';

/** A column of the layer table; those of an introspector are there once for each. */
export interface Column {
  readonly id: string;
  readonly field: Field;
  readonly introspection: LayerIntrospection | null;
}

/** An introspector that has a row for each layer. */
export interface LayerIntrospection extends Introspection {
  readonly analysis: LayerSnapshot['analysis'];
}

const BEFORE: readonly Field[] = ['layer', 'kind', 'units'];
const OF_ANALYSIS: Readonly<Record<LayerIntrospection['analysis'], readonly Field[]>> = {
  iua: ['mean', 'dead', 'strip'],
  pfa: ['keep', 'kl', 'energy'],
};
const AFTER: readonly Field[] = ['state'];

/** Whether the layer table has columns of it; other tables have pages of their own. */
export function isOfLayers(introspection: Introspection): introspection is LayerIntrospection {
  return Object.hasOwn(OF_ANALYSIS, introspection.analysis);
}

/** The columns of a run: those of its introspectors only. */
export function columnsOf(introspections: readonly Introspection[]): Column[] {
  const plain = (field: Field): Column => ({ id: field, field, introspection: null });
  // Runs with one introspector of each kind are the rule; the order of the groups is always that of the design.
  const ordered = introspections.filter(isOfLayers).sort((a, b) => a.analysis.localeCompare(b.analysis));
  return [
    ...BEFORE.map(plain),
    ...ordered.flatMap(introspection =>
      OF_ANALYSIS[introspection.analysis].map(field => ({
        id: `${introspection.name}.${field}`,
        field,
        introspection,
      })),
    ),
    ...AFTER.map(plain),
  ];
}

/** What a layer is sorted by in a column; null sorts last. */
export function sortValue(
  row: LayerRow,
  column: Column,
  state: (row: LayerRow) => string,
): string | number | null {
  switch (column.field) {
    case 'layer':
      return row.name;
    case 'kind':
      return kindOf(row);
    case 'units':
      return row.units;
    case 'state':
      return state(row);
    default: {
      const cells = row.cells.get(column.introspection?.name ?? '');
      const value = cells === undefined ? null : measure(cells, column.field);
      return value === null || Number.isNaN(value) ? null : value;
    }
  }
}

function measure(cells: Cells, field: Field): number | null {
  if (cells.analysis === 'iua') {
    return field === 'dead' ? cells.dead : cells.mean;
  }
  if (field === 'keep') {
    return cells.keep === null ? null : cells.keep / cells.units;
  }
  return cells.kl;
}
