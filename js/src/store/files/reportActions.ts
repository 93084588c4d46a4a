import { type ReadonlySignal, batch, signal } from '@preact/signals';
import { type ReportFile, openExpression, saveExpression } from './reports';
import type { ReportList } from './reportList';
import { trans } from '../shared/trans';

/** What a kernel makes of a Python expression whose value is a text. */
export interface Evaluated {
  readonly value: string | null;
  /** The kernel's own words when it did not work; null when it did. */
  readonly problem: string | null;
}

export type Evaluate = (expression: string) => Promise<Evaluated>;

/** The kernel that is to read or write a report. */
export interface Reader {
  /** Its notebook: what is said of one is not shown in another. */
  readonly document: string;
  /** The notebook's folder on the server. */
  readonly folder: string;
  readonly evaluate: Evaluate;
}

/** What is being done, or what became of it. */
export interface Told {
  readonly document: string;
  readonly what: 'doing' | 'done' | 'failed';
  readonly text: string;
}

/** Opens and saves reports by way of a kernel, one at a time. */
export class ReportDesk {
  readonly told: ReadonlySignal<Told | null>;
  /** A report that waits for a kernel that can read it, and the notebook in which it was asked for. */
  readonly wanted: ReadonlySignal<{ readonly file: ReportFile; readonly document: string } | null>;
  private readonly toldNow = signal<Told | null>(null);
  private readonly wantedNow = signal<{ readonly file: ReportFile; readonly document: string } | null>(null);

  constructor(
    private readonly shelf: ReportList,
    /** The server's root in its file system; '' where it does not tell. */
    private readonly root: string,
  ) {
    this.told = this.toldNow;
    this.wanted = this.wantedNow;
  }

  /** Notes that a report is to be opened once the kernel of a notebook can read it. */
  want(file: ReportFile, document: string): void {
    batch(() => {
      this.toldNow.value = null;
      this.wantedNow.value = { file, document };
    });
  }

  /** Forgets what was said, and what was wanted. */
  clear(): void {
    batch(() => {
      this.toldNow.value = null;
      this.wantedNow.value = null;
    });
  }

  /** Has the kernel open a report; returns the id of its run, or null. */
  async open(file: ReportFile, { document, folder, evaluate }: Reader): Promise<string | null> {
    const done = this.begin(
      document,
      trans.__('Opening %1. A busy kernel does it after its cell.', file.name),
    );
    if (done === null) {
      return null;
    }
    const { value, problem } = await evaluate(openExpression(file.path, { folder, root: this.root }));
    done(problem === null ? null : { document, what: 'failed', text: problem });
    return value;
  }

  /** Has the kernel save an ended run in a file of its own. */
  async save(run: string, name: string, { document, folder, evaluate }: Reader): Promise<void> {
    const done = this.begin(document, trans.__('Saving %1. A busy kernel does it after its cell.', name));
    if (done === null) {
      return;
    }
    const { target } = this.shelf;
    const { value, problem } = await evaluate(saveExpression(run, target, { folder, root: this.root }));
    if (value === null) {
      done({ document, what: 'failed', text: problem ?? '' });
      return;
    }
    await this.shelf.refresh();
    done({ document, what: 'done', text: this.savedText(decodeURIComponent(value), target) });
  }

  /** Tells that something did not work. */
  fail(document: string, text: string): void {
    this.toldNow.value = { document, what: 'failed', text };
  }

  private savedText(place: string, target: string): string {
    const path = [target, place.slice(place.lastIndexOf('/') + 1)].filter(part => part !== '').join('/');
    return this.shelf.files.peek()?.some(file => file.path === path) === true
      ? trans.__('Saved as %1.', path)
      : trans.__('Saved as %1 on the machine of the kernel, where JupyterLab does not see it.', place);
  }

  /** Says what is done from now on; null while something else is. */
  private begin(document: string, text: string): ((told: Told | null) => void) | null {
    if (this.toldNow.peek()?.what === 'doing') {
      return null;
    }
    batch(() => {
      this.wantedNow.value = null;
      this.toldNow.value = { document, what: 'doing', text };
    });
    return told => {
      this.toldNow.value = told;
    };
  }
}
