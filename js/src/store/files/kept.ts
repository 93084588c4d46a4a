import { type ReadonlySignal, effect, signal } from '@preact/signals';
import { Fields } from '../../protocol/fields';
import { CHECKPOINTS } from '../launch/checkpoint';
import { shown } from '../launch/code';
import { isIdentifier } from '../shared/python';
import type { Entry } from './reports';
import type { ListFolder } from './reportList';
import type { RunRecord } from '../kernel/state';
import { isPlain } from '../shared/visible';

/** What the kernel writes beside the numbers (`engine/checkpoint/info.py`). */
const ABOUT = 'run.json';
/** Each is a request of its own. */
const MOST = 20;
const LONGEST_CODE = 65_536;

/** A run that is kept on disk and has no results yet. */
export interface KeptRun {
  /** The folder's own name. */
  readonly folder: string;
  /** Its path on the server. */
  readonly path: string;
  /** ISO 8601. */
  readonly modified: string;
  readonly name: string;
  readonly batches: number;
  readonly totalBatches: number | null;
  /**
   * What goes on with it when it is run in a cell; null where the kernel did not know, or where it has characters that
   * would not be seen there. It comes from a file: only inserted, for the user to read and run.
   */
  readonly cell: string | null;
}

/** Returns the text of a file of the server. */
export type ReadFile = (path: string) => Promise<string>;

/** The kept runs beside the notebook that is followed. Folders that say nothing, or nonsense, are left out. */
export class KeptShelf {
  /** Newest first. */
  readonly runs: ReadonlySignal<readonly KeptRun[]>;
  private readonly runsNow = signal<readonly KeptRun[]>([]);
  private turn = 0;

  constructor(
    private readonly list: ListFolder,
    private readonly read: ReadFile,
    /** The folder of the notebook; null without one. */
    private readonly folder: ReadonlySignal<string | null>,
  ) {
    this.runs = this.runsNow;
    effect(() => {
      void this.looked(folder.value);
    });
  }

  /** Looks again. */
  refresh(): Promise<void> {
    return this.looked(this.folder.peek());
  }

  private async looked(folder: string | null): Promise<void> {
    const turn = ++this.turn;
    const found = folder === null ? [] : await this.foldersIn(folder).catch(() => []);
    const runs = await Promise.all(found.map(entry => this.runIn(entry).catch(() => null)));
    if (turn === this.turn) {
      this.runsNow.value = runs.filter(run => run !== null);
    }
  }

  // Asking for what is not there would be an error in the browser's console, so folders are listed first.

  private async foldersIn(folder: string): Promise<readonly Entry[]> {
    const here = await this.list(folder);
    const kept = here.find(({ isFolder, name }) => isFolder && name === CHECKPOINTS);
    const entries = kept === undefined ? [] : await this.list(kept.path);
    return entries
      .filter(({ isFolder }) => isFolder)
      .sort((a, b) => Date.parse(b.modified) - Date.parse(a.modified))
      .slice(0, MOST);
  }

  private async runIn(folder: Entry): Promise<KeptRun | null> {
    const about = (await this.list(folder.path)).find(({ isFolder, name }) => !isFolder && name === ABOUT);
    return about === undefined ? null : keptRun(folder, about, JSON.parse(await this.read(about.path)));
  }
}

function keptRun({ name: folder, path }: Entry, { modified }: Entry, value: unknown): KeptRun | null {
  const fields = new Fields(value, ABOUT);
  const code = fields.optional('code', name => fields.text(name));
  const variable = fields.optional('variable', name => fields.text(name));
  return fields.flag('done') || (code?.length ?? 0) > LONGEST_CODE
    ? null
    : {
        folder,
        path,
        modified,
        name: fields.text('name'),
        batches: fields.count('batches'),
        totalBatches: fields.optional('total_batches', name => fields.count(name)),
        cell: code === null ? null : cellOf(code, variable),
      };
}

function cellOf(code: string, variable: string | null): string | null {
  const cell = variable !== null && isIdentifier(variable) ? shown(code, variable) : code;
  return isPlain(cell) ? cell : null;
}

/** Those of which no run tells that this page has heard of. */
export function unheard(kept: readonly KeptRun[], runs: readonly RunRecord[]): KeptRun[] {
  const known = new Set(runs.map(({ state }) => state?.checkpoint?.split(/[\\/]/).pop()));
  return kept.filter(({ folder }) => !known.has(folder));
}
