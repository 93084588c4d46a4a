import { type ReadonlySignal, batch, effect, signal } from '@preact/signals';
import { type Entry, type ReportFile, SHARED_FOLDER, reportsIn } from './reports';
import { trans } from '../shared/trans';

/** Returns what is in a folder of the server; rejects where there is no such folder. */
export type ListFolder = (folder: string) => Promise<readonly Entry[]>;

/** The report files of the folder of the notebook that is followed, and of the folder for all. */
export class ReportList {
  /** Newest first; null until they were listed. */
  readonly files: ReadonlySignal<readonly ReportFile[] | null>;
  /** Why they could not be listed; null when they could. */
  readonly problem: ReadonlySignal<string | null>;
  private readonly filesNow = signal<readonly ReportFile[] | null>(null);
  private readonly problemNow = signal<string | null>(null);
  private shared = false;
  private turn = 0;

  constructor(
    private readonly list: ListFolder,
    /** The folder of the notebook; null without one. */
    private readonly folder: ReadonlySignal<string | null>,
  ) {
    this.files = this.filesNow;
    this.problem = this.problemNow;
    effect(() => {
      void this.listed(folder.value);
    });
  }

  /** Lists the files again. */
  refresh(): Promise<void> {
    return this.listed(this.folder.peek());
  }

  /** Where a new report goes: the folder for all where there is one, else that of the notebook. */
  get target(): string {
    return this.shared ? SHARED_FOLDER : (this.folder.peek() ?? '');
  }

  private async listed(folder: string | null): Promise<void> {
    const turn = ++this.turn;
    const found: Entry[] = [];
    let problem: string | null = null;
    let shared = false;
    try {
      // Asking for a folder that is not there would be an error in the browser's console.
      const root = await this.list('');
      shared = root.some(({ isFolder, path }) => isFolder && path === SHARED_FOLDER);
      const wanted = new Set([...(shared ? [SHARED_FOLDER] : []), ...(folder ? [folder] : [])]);
      found.push(...(folder === '' ? root : []));
      for (const content of await Promise.all([...wanted].map(this.list))) {
        found.push(...content);
      }
    } catch (error) {
      problem = trans.__('The report files could not be listed. %1', messageOf(error));
    }
    if (turn !== this.turn) {
      return; // a newer answer counts
    }
    this.shared = shared;
    batch(() => {
      this.problemNow.value = problem;
      this.filesNow.value = problem === null ? reportsIn(found) : this.filesNow.peek();
    });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
