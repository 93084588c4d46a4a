import type { Column } from '../columns';
import { type Order, descending, orderOf, sameValue } from '../order';

/** The orders of columns that were sorted once. */
export class Orders {
  private readonly ascending = new WeakMap<Column, Order>();
  private readonly turned = new WeakMap<Column, Order>();

  private table: Order | null = null;

  /** By a column, or as the table has the rows. */
  sorted(column: Column | null, isDescending: boolean, rows: number): Order {
    if (column === null) {
      return (this.table ??= tableOrder(rows));
    }
    return isDescending ? this.descending(column) : this.of(column);
  }

  of(column: Column): Order {
    const known = this.ascending.get(column) ?? orderOf(column);
    this.ascending.set(column, known);
    return known;
  }

  descending(column: Column): Order {
    const known = this.turned.get(column) ?? descending(this.of(column), sameValue(column));
    this.turned.set(column, known);
    return known;
  }
}

/** The order of the table itself. */
function tableOrder(rows: number): Order {
  return { rows: Uint32Array.from({ length: rows }, (_, row) => row), valid: rows };
}
