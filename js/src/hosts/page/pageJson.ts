import type { SharedRun } from '../../protocol/sharedRun';
import type { Samples } from '../../protocol/messages';
import type { ChunkValues } from '../../protocol/samples';
import { runJson } from '../../store/files/runJson';
import type { RunRecord } from '../../store/kernel/state';

/** All that a page holds of a run, as JSON: the run as elsewhere, and the columns of its samples. */
export async function pageJson(record: RunRecord, shared: SharedRun): Promise<string> {
  const tables: [string, object][] = [];
  for (const [name, samples] of record.samples) {
    tables.push([name, { rows: samples.rows, columns: await columnsOf(samples, shared) }]);
  }
  return runJson(record, { samples: Object.fromEntries(tables) });
}

async function columnsOf(samples: Samples, shared: SharedRun): Promise<object> {
  const columns: [string, unknown[]][] = [];
  for (const { name, since } of samples.columns) {
    const values: unknown[] = [];
    while (values.length < samples.rows) {
      const chunk = await shared.chunk({
        introspector: samples.introspector,
        column: name,
        since,
        start: values.length,
      });
      if (chunk === null || chunk.rows === 0) {
        break;
      }
      for (const value of plain(chunk.values)) {
        values.push(value);
      }
    }
    columns.push([name, values]);
  }
  return Object.fromEntries(columns);
}

function plain(values: ChunkValues): ArrayLike<unknown> & Iterable<unknown> {
  switch (values.type) {
    case 'numbers':
      return values.values;
    case 'texts':
      return values.texts;
    case 'codes':
      return Array.from(values.codes, code => values.dictionary[code] ?? null);
  }
}
