import { type Chunk, ColumnWriter } from './columnWriter';
import type { Column, ColumnSpec, Role } from './columns';

export type ColumnState = 'absent' | 'loading' | 'present';

interface Slot {
  readonly spec: ColumnSpec;
  writer: ColumnWriter | null;
  column: Column | null;
}

/** One row a sample. Columns are known from the start; the values of one arrive, in chunks, when a view first needs it. */
export class SampleTable {
  private readonly slots = new Map<string, Slot>();
  private readonly listeners = new Set<(name: string) => void>();

  constructor(
    readonly rows: number,
    specs: readonly ColumnSpec[],
  ) {
    for (const spec of specs) {
      this.declare(spec);
    }
  }

  /** Adds a column whose values come later, such as the score of an analysis that still runs. */
  declare(spec: ColumnSpec): void {
    if (this.slots.has(spec.name)) {
      throw new RangeError(`The table has two columns '${spec.name}'. Rename one of them.`);
    }
    this.slots.set(spec.name, { spec, writer: null, column: null });
    this.tell(spec.name);
  }

  get specs(): ColumnSpec[] {
    return [...this.slots.values()].map(slot => slot.spec);
  }

  /** The names of the columns of a role, in the order of the table. */
  ofRole(role: Role): string[] {
    return this.specs.filter(spec => spec.role === role).map(spec => spec.name);
  }

  spec(name: string): ColumnSpec | null {
    return this.slots.get(name)?.spec ?? null;
  }

  state(name: string): ColumnState {
    const slot = this.slots.get(name);
    if (slot === undefined || (slot.column === null && slot.writer === null)) {
      return 'absent';
    }
    return slot.column === null ? 'loading' : 'present';
  }

  /** Which share of a column has arrived, 0..1. */
  progress(name: string): number {
    const state = this.state(name);
    const written = this.slots.get(name)?.writer?.written ?? 0;
    return state === 'present' ? 1 : state === 'absent' ? 0 : written / this.rows;
  }

  /** How many rows of a column have arrived. */
  written(name: string): number {
    return this.state(name) === 'present' ? this.rows : (this.slots.get(name)?.writer?.written ?? 0);
  }

  /** The values, once all are there. */
  column(name: string): Column | null {
    return this.slots.get(name)?.column ?? null;
  }

  /** Says that a view needs a column; true when somebody must now send it. */
  request(name: string): boolean {
    const slot = this.slot(name);
    if (this.state(name) !== 'absent') {
      return false;
    }
    slot.writer = new ColumnWriter(slot.spec, this.rows);
    this.finishWhenFull(slot);
    this.tell(name);
    return slot.column === null;
  }

  /** Takes the next rows of a column that was requested. Chunks come in order; one that was seen before is ignored. */
  write(name: string, start: number, chunk: Chunk): void {
    const slot = this.slot(name);
    if (slot.writer === null) {
      return;
    }
    slot.writer.write(start, chunk);
    this.finishWhenFull(slot);
    this.tell(name);
  }

  /** Replaces a column, or adds one that was made here. */
  put(column: Column): void {
    this.slots.set(column.name, { spec: specOf(column), writer: null, column });
    this.tell(column.name);
  }

  /** Forgets the values of a column, which can then be requested again: after a broken connection, or to save memory. */
  forget(name: string): void {
    const slot = this.slot(name);
    slot.writer = null;
    slot.column = null;
    this.tell(name);
  }

  /** Takes a column out of the table. */
  remove(name: string): void {
    if (this.slots.delete(name)) {
      this.tell(name);
    }
  }

  /** Calls a listener with the name of each column that changes; returns what ends that. */
  subscribe(listener: (name: string) => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  private finishWhenFull(slot: Slot): void {
    if (slot.writer?.written === this.rows) {
      slot.column = slot.writer.column();
      slot.writer = null;
    }
  }

  private slot(name: string): Slot {
    const slot = this.slots.get(name);
    if (slot === undefined) {
      throw new RangeError(`Unknown column '${name}'. Columns: ${[...this.slots.keys()].join(', ')}.`);
    }
    return slot;
  }

  private tell(name: string): void {
    for (const listener of [...this.listeners]) {
      listener(name);
    }
  }
}

function specOf({ name, role, kind, projection }: Column): ColumnSpec {
  return projection === undefined ? { name, role, kind } : { name, role, kind, projection };
}
