import { JSONExt, type PartialJSONObject, type ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { Fields } from '../../../protocol/fields';
import { SAVED_MIME } from '../../../protocol/messages';
import { type SavedData, encodeSavedRun } from '../../../protocol/savedRun';
import { type RunRecord, isOver } from '../../../store/kernel/state';
import { staticHtml, staticText } from '../../../store/staticHtml/run';
import { savedWords } from '../../../views/ui/words/runWords';
import type { KernelLink } from '../kernel/kernelLink';

/** As much of JupyterLab's models of outputs as we use. */
export interface Output {
  readonly data: ReadonlyPartialJSONObject;
  setData(options: { data: ReadonlyPartialJSONObject }): void;
}

interface Outputs {
  readonly length: number;
  get(index: number): Output;
}

/** A reader without our extension would see an error in the place of the widget: its model is not in the file. */
const WIDGET_VIEW = 'application/vnd.jupyter.widget-view+json';

/** Finds the link to the kernel that told of a run. */
type Find = (session: string, run: string) => KernelLink | null;

/** Brings the outputs that show runs up to date with what their kernels said last, so that a notebook keeps that. */
export function keepOutputs(cells: Iterable<object>, find: Find): void {
  for (const cell of cells) {
    if (hasOutputs(cell)) {
      for (let i = 0; i < cell.outputs.length; i++) {
        keep(cell.outputs.get(i), find);
      }
    }
  }
}

function keep(output: Output, find: Find): void {
  const { data } = output;
  const kept = keptIn(data[SAVED_MIME]);
  const link = kept === null ? null : find(kept.session, kept.run);
  const record = kept === null ? undefined : link?.store.state.peek().runs.get(kept.run);
  if (kept === null || link === null || !record?.state || isOlder(record, kept)) {
    return;
  }
  const saved = plain(encodeSavedRun(kept.session, kept.run, link.said.of(kept.session, kept.run)));
  if (JSONExt.deepEqual(saved, data[SAVED_MIME] ?? null)) {
    return; // saved already: setting it again would make the notebook look changed
  }
  const others = Object.fromEntries(Object.entries(data).filter(([type]) => type !== WIDGET_VIEW));
  const subtitle = savedWords(record.state);
  output.setData({
    data: {
      ...others,
      [SAVED_MIME]: saved,
      'text/html': staticHtml(record, record.state.name, subtitle),
      'text/plain': staticText(record, subtitle),
    },
  });
}

interface Kept {
  readonly session: string;
  readonly run: string;
  /** Whether the kernel has written the end of the run: nobody knows better. */
  readonly over: boolean;
  readonly batches: number;
}

/** What an output says of its run; null for one that is not ours or cannot be read. */
function keptIn(data: unknown): Kept | null {
  if (data === undefined) {
    return null;
  }
  try {
    const fields = new Fields(data, 'output');
    const [state] = fields.list('messages', item => new Fields(item, 'message'));
    const status = state?.text('status') ?? '';
    return {
      session: fields.text('session'),
      run: fields.text('run'),
      over: status === 'done' || status === 'failed' || status === 'cancelled',
      batches: state?.count('batches') ?? 0,
    };
  } catch {
    return null;
  }
}

/** Whether the page knows no more of a run than its output keeps. */
function isOlder({ state }: RunRecord, { over, batches }: Kept): boolean {
  return over || state === null || (!isOver(state.status) && state.batches < batches);
}

function hasOutputs(cell: object): cell is { readonly outputs: Outputs } {
  return 'outputs' in cell;
}

/** The messages came as JSON, and go as such. */
function plain(saved: SavedData): PartialJSONObject {
  const copy: unknown = JSON.parse(JSON.stringify(saved));
  return isJson(copy) ? copy : {};
}

function isJson(parsed: unknown): parsed is PartialJSONObject {
  return typeof parsed === 'object' && parsed !== null;
}
