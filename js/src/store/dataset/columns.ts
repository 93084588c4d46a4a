import type { Numbers } from '../../protocol/tables';
import type { PackedTexts } from './texts';

/** What a column is for. The x and y of one projection share the name of the projection. */
export const ROLES = ['id', 'label', 'split', 'x', 'y', 'score', 'set', 'media', 'text', 'number'] as const;
export type Role = (typeof ROLES)[number];

/** How the values of a column are kept. */
export const KINDS = ['float', 'int', 'bool', 'category', 'text', 'media'] as const;
export type ColumnKind = (typeof KINDS)[number];

/** What is known of a column before its values arrive. */
export interface ColumnSpec {
  readonly name: string;
  readonly role: Role;
  readonly kind: ColumnKind;
  /** Of `x` and `y`: the projection that they belong to. */
  readonly projection?: string;
}

/** Numbers; a missing one is NaN. Integers of which some are missing are kept as floats. */
export interface NumberColumn extends ColumnSpec {
  readonly kind: 'float' | 'int';
  readonly values: Numbers;
}

/** No, yes and missing as 0, 1 and 255. */
export interface BoolColumn extends ColumnSpec {
  readonly kind: 'bool';
  readonly values: Uint8Array;
}

export type Codes = Int8Array<ArrayBuffer> | Int16Array<ArrayBuffer> | Int32Array<ArrayBuffer>;

/** Each row's position in the dictionary, -1 for missing. */
export interface CategoryColumn extends ColumnSpec {
  readonly kind: 'category';
  readonly codes: Codes;
  readonly dictionary: readonly string[];
}

export interface TextColumn extends ColumnSpec {
  readonly kind: 'text';
  readonly texts: PackedTexts;
}

/** Whether there is something to show; pictures themselves are asked for by row. */
export interface MediaColumn extends ColumnSpec {
  readonly kind: 'media';
  /** One of `MEDIA` a row. */
  readonly values: Uint8Array;
}

export type Column = NumberColumn | BoolColumn | CategoryColumn | TextColumn | MediaColumn;

export const MISSING_BOOL = 255;
export const MEDIA = { usable: 0, missing: 1, broken: 2 } as const;

/** What one row of a column is, for people and for export; null when missing. */
export function valueAt(column: Column, row: number): number | string | boolean | null {
  switch (column.kind) {
    case 'float':
    case 'int': {
      const value = column.values[row] ?? NaN;
      return Number.isNaN(value) ? null : value;
    }
    case 'bool': {
      const value = column.values[row] ?? MISSING_BOOL;
      return value === MISSING_BOOL ? null : value === 1;
    }
    case 'category':
      return column.dictionary[column.codes[row] ?? -1] ?? null;
    case 'text':
      return column.texts.at(row);
    case 'media':
      return column.values[row] === MEDIA.usable
        ? 'usable'
        : column.values[row] === MEDIA.broken
          ? 'broken'
          : null;
  }
}
