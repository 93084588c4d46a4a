import { type Column, valueAt } from './columns';

/** Finds samples by id. Ids are compared as text; without a column of ids the number of the row is the id. */
export class IdIndex {
  /** One place for each hash: the row that has it, counted from 1. */
  private readonly places: Uint32Array;
  /** The next row of the same id, counted from 1. */
  private readonly next: Uint32Array;
  /** Rows whose id another row before them has. */
  readonly repeated: number;

  constructor(
    readonly length: number,
    private readonly column: Column | null,
  ) {
    this.places = new Uint32Array(column === null ? 0 : 2 ** Math.ceil(Math.log2(Math.max(2, length * 2))));
    this.next = new Uint32Array(column === null ? 0 : length);
    this.repeated = column === null ? 0 : this.fill();
  }

  /** The id of a row; empty when it has none. */
  idOf(row: number): string {
    return this.column === null ? String(row) : String(valueAt(this.column, row) ?? '');
  }

  /** The rows that have an id, ascending. */
  rowsOf(id: string): number[] {
    if (this.column === null) {
      const row = /^\d{1,15}$/.test(id) ? Number(id) : -1;
      return row >= 0 && row < this.length && String(row) === id ? [row] : [];
    }
    const rows: number[] = [];
    for (let row = this.places[this.placeOf(id)] ?? 0; row !== 0; row = this.next[row - 1] ?? 0) {
      rows.push(row - 1);
    }
    return rows;
  }

  /** From the last row to the first, so that each list of equal ids ascends. */
  private fill(): number {
    let repeated = 0;
    for (let row = this.length - 1; row >= 0; row--) {
      const place = this.placeOf(this.idOf(row));
      const other = this.places[place] ?? 0;
      this.next[row] = other;
      repeated += other === 0 ? 0 : 1;
      this.places[place] = row + 1;
    }
    return repeated;
  }

  /** Where an id is, or where it would be put. */
  private placeOf(id: string): number {
    const last = this.places.length - 1;
    let place = hash(id) & last;
    for (;;) {
      const row = this.places[place] ?? 0;
      if (row === 0 || this.idOf(row - 1) === id) {
        return place;
      }
      place = (place + 1) & last;
    }
  }
}

/** FNV-1a, then mixed, since equal beginnings are the rule. */
function hash(id: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < id.length; index++) {
    value = Math.imul(value ^ id.charCodeAt(index), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  return (value ^ (value >>> 13)) >>> 0;
}
