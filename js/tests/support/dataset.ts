import type { ColumnRequest } from '../../src/protocol/client';
import type { SampleColumn, Samples } from '../../src/protocol/messages';
import { Dataset } from '../../src/store/dataset/dataset';
import { incoming } from './fixtures';

type Values = readonly number[] | readonly (string | null)[];

interface Described {
  readonly role: SampleColumn['role'];
  readonly values: Values;
  readonly response?: string;
  readonly title?: string;
  readonly since?: number;
  readonly text?: boolean;
}

/** A description of columns, as the kernel sends it. */
export function samplesOf(
  columns: Readonly<Record<string, Described>>,
  fields: Partial<Samples> = {},
): Samples {
  const message = incoming('samples');
  if (message.kind !== 'samples') {
    throw new Error('not a description of samples');
  }
  const described = Object.entries(columns).map(([name, column]) => columnOf(name, column));
  const [first] = Object.values(columns);
  return { ...message, rows: first?.values.length ?? 0, columns: described, sort_by: null, ...fields };
}

function columnOf(name: string, { role, values, response, title, since, text }: Described): SampleColumn {
  const type = values.some(value => typeof value === 'string')
    ? text === true
      ? 'text'
      : 'category'
    : 'float';
  return { name, role, type, title: title ?? name, response: response ?? null, since: since ?? 1 };
}

/** A dataset with some columns, and what it asks the kernel for. `arrive` brings the values of the columns that were asked for. */
export class DatasetUnderTest {
  readonly dataset: Dataset;
  readonly asked: string[] = [];
  private columns: Readonly<Record<string, Described>>;

  constructor(columns: Readonly<Record<string, Described>>, fields: Partial<Samples> = {}) {
    const message = samplesOf(columns, fields);
    this.columns = columns;
    this.dataset = new Dataset(message.rows);
    this.dataset.describe(message);
  }

  readonly ask = ({ column }: ColumnRequest): void => {
    this.asked.push(column);
  };

  /** Describes other columns, as while a run continues. */
  describe(columns: Readonly<Record<string, Described>>, fields: Partial<Samples> = {}): void {
    this.columns = columns;
    this.dataset.describe(samplesOf(columns, fields));
  }

  /** The kernel answers what was asked for so far. */
  arrive(): void {
    for (const name of this.asked.splice(0)) {
      const described = this.columns[name];
      const about = this.dataset.about(name);
      if (described !== undefined && about !== null) {
        this.dataset.write({
          run: 'r1',
          introspector: 'report',
          column: name,
          type: about.type,
          since: about.since,
          start: 0,
          rows: described.values.length,
          kind: 'sample_chunk',
          v: 1,
          seq: 0,
          values: valuesOf(described),
        });
      }
    }
  }
}

function valuesOf({ values, text }: Described) {
  const given: readonly (number | string | null)[] = values;
  const words = given.map(value => (typeof value === 'string' ? value : null));
  if (words.some(word => word !== null) && text === true) {
    return { type: 'texts', texts: words.map(word => word ?? '') } as const;
  }
  if (words.some(word => word !== null)) {
    const dictionary = [...new Set(words.filter(word => word !== null))];
    const codes = Int32Array.from(words, word => (word === null ? -1 : dictionary.indexOf(word)));
    return { type: 'codes', codes, dictionary } as const;
  }
  const numbers = Float64Array.from(given, value => (typeof value === 'number' ? value : NaN));
  return { type: 'numbers', values: numbers } as const;
}
