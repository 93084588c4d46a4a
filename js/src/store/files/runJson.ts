import type { FoundColumn } from '../../protocol/findings';
import type { LayerSnapshot } from '../../protocol/decode';
import { isNumbers } from '../../protocol/tables';
import type { RunRecord } from '../kernel/state';

/** Columns that are pictures: their numbers mean nothing without the canvas. */
const PICTURES: readonly string[] = ['strip'];

/**
 * All that the page holds of a run, as JSON for other programs: its state, its layers, and each introspector's table as
 * columns of equal length. Shares are 0..1; what is not a finite number is null. `more` is what the host knows besides.
 */
export function runJson({ state, layers, snapshots, findings }: RunRecord, more: object = {}): string {
  const told = {
    format: 'deepview-lab-run',
    version: 1,
    run: state,
    layers: layers ?? [],
    tables: Object.fromEntries([...snapshots].map(([name, snapshot]) => [name, tableOf(snapshot)])),
    findings: Object.fromEntries(
      [...findings].map(([name, found]) => [name, { ...found, columns: columnsOf(found.columns) }]),
    ),
    ...more,
  };
  return `${JSON.stringify(told, plain, 1)}\n`;
}

/** A name for the file: what a file system may refuse, or a path, is replaced. */
export function jsonFileName(run: string): string {
  const name = run
    .replace(/[^\p{L}\p{N} ._+-]+/gu, '_')
    .replace(/^[. ]+/, '')
    .slice(0, 80);
  return `${name === '' ? 'run' : name}.json`;
}

function tableOf({ analysis, table, final }: LayerSnapshot): object {
  const columns = Object.entries(table).filter(
    ([name, values]) => values !== null && !PICTURES.includes(name),
  );
  return { analysis, final, columns: Object.fromEntries(columns) };
}

function columnsOf(columns: readonly FoundColumn[]): object {
  return Object.fromEntries(columns.map(({ heading, values }) => [heading, values]));
}

function plain(_: string, value: unknown): unknown {
  return isNumbers(value) ? Array.from(value) : value;
}
