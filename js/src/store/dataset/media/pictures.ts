import { type ReadonlySignal, signal } from '@preact/signals';
import { toBase64 } from '../../../protocol/base64';
import type { SampleRequest } from '../../../protocol/client';
import type { SheetOfPictures } from '../../../protocol/pictures';
import type { Dataset } from '../dataset';

type Read = Omit<Extract<SampleRequest, { kind: 'read_pictures' }>, 'introspector'>;

/** A picture of a sample: a square in a sheet, or why there is none (empty where there never was one). */
export type Picture =
  | {
      readonly type: 'picture';
      readonly url: string;
      readonly edge: number;
      readonly x: number;
      readonly y: number;
    }
  | { readonly type: 'none'; readonly why: string };

interface Wanted {
  readonly column: string;
  readonly edge: number;
  readonly row: number;
  /** How many parts of the page show it. */
  parts: number;
}

const MOST_ASKED = 64;
const MOST_KEPT = 4000;
/** Parts of the page are drawn together: what they want is asked for together. */
const GATHER_MS = 30;
/** An answer that does not come in this time is asked for again. */
const PATIENCE_MS = 10_000;

/** The pictures of one table. Those of samples that are in sight are asked for, a sheet at a time. */
export class Pictures {
  private readonly changes = signal(0);
  /** Oldest first. */
  private readonly known = new Map<string, Picture>();
  private readonly wanted = new Map<string, Wanted>();
  private ask: ((request: Read) => void) | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isAsking = false;

  /** Goes up whenever pictures arrive. */
  get revision(): ReadonlySignal<number> {
    return this.changes;
  }

  /** Lets pictures be asked for until the returned function is called. */
  attach(ask: (request: Read) => void): () => void {
    this.ask = ask;
    this.isAsking = false;
    this.soon();
    return () => {
      if (this.ask === ask) {
        this.ask = null;
      }
    };
  }

  /** Says that a picture is in sight, until the returned function is called. */
  want(column: string, edge: number, row: number): () => void {
    const key = keyOf(column, edge, row);
    const wanted = this.wanted.get(key) ?? { column, edge, row, parts: 0 };
    wanted.parts++;
    this.wanted.set(key, wanted);
    this.soon();
    return () => {
      wanted.parts--;
      if (wanted.parts === 0) {
        this.wanted.delete(key);
      }
    };
  }

  /** A picture; null before it has arrived. Follows them where signals are followed. */
  of(column: string, edge: number, row: number): Picture | null {
    return this.changes.value >= 0 ? (this.known.get(keyOf(column, edge, row)) ?? null) : null;
  }

  take({ column, edge, across, rows, problems, sheet }: SheetOfPictures): void {
    // Made by the kernel, always as WebP: nothing in it can be run.
    const url = `data:image/webp;base64,${toBase64(sheet)}`;
    rows.forEach((row, place) => {
      const x = (place % across) * edge;
      const y = Math.floor(place / across) * edge;
      this.keep(keyOf(column, edge, row), { type: 'picture', url, edge, x, y });
    });
    for (const { row, why } of problems) {
      this.keep(keyOf(column, edge, row), { type: 'none', why });
    }
    this.isAsking = false;
    this.changes.value++;
    this.soon();
  }

  private keep(key: string, picture: Picture): void {
    this.known.delete(key);
    this.known.set(key, picture);
    for (const oldest of this.known.keys()) {
      if (this.known.size <= MOST_KEPT) {
        break;
      }
      if (!this.wanted.has(oldest)) {
        this.known.delete(oldest);
      } else {
        break;
      }
    }
  }

  private soon(): void {
    if (!this.isAsking) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => {
        this.next();
      }, GATHER_MS);
    }
  }

  private next(): void {
    const missing = [...this.wanted].filter(([key]) => !this.known.has(key)).map(([, wanted]) => wanted);
    const [first] = missing;
    if (this.ask === null || first === undefined) {
      return;
    }
    const { column, edge } = first;
    const rows = missing
      .filter(other => other.column === column && other.edge === edge)
      .map(({ row }) => row);
    this.isAsking = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.isAsking = false;
      this.next();
    }, PATIENCE_MS);
    this.ask({ kind: 'read_pictures', column, edge, rows: rows.slice(0, MOST_ASKED) });
  }
}

const tables = new WeakMap<Dataset, Pictures>();

/** The pictures of a table, kept as long as the table. */
export function picturesOf(dataset: Dataset): Pictures {
  const known = tables.get(dataset) ?? new Pictures();
  tables.set(dataset, known);
  return known;
}

function keyOf(column: string, edge: number, row: number): string {
  return `${edge} ${row} ${column}`;
}
