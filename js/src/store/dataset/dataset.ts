import { type ReadonlySignal, signal } from '@preact/signals';
import type { ColumnRequest } from '../../protocol/client';
import type { ChoiceOfSamples } from '../../protocol/choices';
import type { SampleColumn, Samples, SentToPython } from '../../protocol/messages';
import type { ChunkOfSamples } from '../../protocol/samples';
import type { Chunk } from './columnWriter';
import type { Column, ColumnSpec } from './columns';
import { SampleTable } from './sampleTable';

/** Asks the kernel for the next rows of a column. */
export type Ask = (request: ColumnRequest) => void;

/** One table of samples: its columns as the kernel describes them, and the values that views have asked for. */
export class Dataset {
  readonly table: SampleTable;
  private readonly described = signal<Samples | null>(null);
  private readonly changes = signal(0);
  /** What Python or another page chose last. */
  readonly chosen = signal<ChoiceOfSamples | null>(null);
  /** What became of the selection that was sent to Python last. */
  readonly sent = signal<SentToPython | null>(null);
  private ask: Ask | null = null;

  constructor(readonly rows: number) {
    this.table = new SampleTable(rows, []);
    this.table.subscribe(() => {
      this.changes.value = this.changes.peek() + 1;
    });
  }

  /** Goes up whenever a column or its values change. */
  get revision(): ReadonlySignal<number> {
    return this.changes;
  }

  /** What the kernel said last; null before that. */
  get description(): Samples | null {
    return this.described.value;
  }

  get columns(): readonly SampleColumn[] {
    return this.described.value?.columns ?? [];
  }

  /** What is known of a column without its values. */
  about(name: string): SampleColumn | null {
    return this.columns.find(column => column.name === name) ?? null;
  }

  /** The values of a column once all have arrived. Follows them where signals are followed. */
  column(name: string): Column | null {
    return this.changes.value >= 0 ? this.table.column(name) : null;
  }

  /** Takes a description in. Values of columns that did not change stay; what was under way is asked for again. */
  describe(message: Samples): void {
    const before = new Map(this.described.peek()?.columns.map(column => [column.name, column]));
    const names = new Set(message.columns.map(({ name }) => name));
    for (const name of before.keys()) {
      if (!names.has(name)) {
        this.table.remove(name);
      }
    }
    this.described.value = message;
    for (const column of message.columns) {
      if (before.get(column.name)?.since !== column.since) {
        this.table.remove(column.name);
        this.table.declare(specOf(column));
      } else if (this.table.state(column.name) === 'loading') {
        this.askFor(column.name);
      }
    }
  }

  /** Says that a view needs the values of columns. */
  need(names: readonly string[], ask: Ask): void {
    this.ask = ask;
    for (const name of names) {
      if (this.table.spec(name) !== null && this.table.request(name)) {
        this.askFor(name);
      }
    }
  }

  /** Takes rows in and asks for the next ones. Those of values that were replaced meanwhile are ignored. */
  write({ column, type, since, start, rows, values }: ChunkOfSamples): void {
    const about = this.about(column);
    const fits = about?.since === since && about.type === type && start + rows <= this.rows && rows > 0;
    const written = this.table.written(column);
    // A chunk that was asked for twice comes twice.
    if (!fits || this.table.state(column) !== 'loading' || start < written) {
      return;
    }
    if (start === written) {
      this.table.write(column, start, chunkOf(values, this.table.spec(column)));
    }
    if (this.table.state(column) === 'loading') {
      this.askFor(column);
    }
  }

  /** Takes in what was chosen elsewhere, or what became of a selection. */
  hear(message: ChoiceOfSamples | SentToPython): void {
    if (message.kind === 'sent_to_python') {
      this.sent.value = message;
    } else if (message.rows === this.rows) {
      this.chosen.value = message;
    }
  }

  private askFor(name: string): void {
    const description = this.described.peek();
    const column = description?.columns.find(other => other.name === name);
    if (description && column !== undefined) {
      this.ask?.({
        introspector: description.introspector,
        column: name,
        since: column.since,
        start: this.table.written(name),
      });
    }
  }
}

function specOf({ name, role, type, response }: SampleColumn): ColumnSpec {
  const spec = { name, role, kind: type };
  return role === 'x' || role === 'y' ? { ...spec, projection: response ?? '' } : spec;
}

/** Python says -1 of a sample that is in no set; here that is a missing value. */
function chunkOf(values: ChunkOfSamples['values'], spec: ColumnSpec | null): Chunk {
  return spec?.role === 'set' && values.type === 'numbers'
    ? { type: 'numbers', values: Float64Array.from(values.values, set => (set < 0 ? NaN : set)) }
    : values;
}
