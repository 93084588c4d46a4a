import type { IuaSnapshot, PfaSnapshot } from '../../protocol/decode';
import type { Found } from '../../protocol/findings';
import { CELL, MUTED, cell, grouped, heading, muted, pageTable, shownHtml } from './parts';
import { foundHtml } from './findings';
import type { RunRecord } from '../kernel/state';
import { type Condition, conditionOf } from '../layers/layerState';
import { notesOf } from '../layers/notes';
import { type LayerRow, rowsOf } from '../layers/rows';
import { visibleText } from '../shared/visible';

/**
 * The newest tables of a run as plain HTML, for whoever opens a notebook without a kernel and without our extension: no
 * script, nothing to load, every text escaped. Python writes the same in figures/static_table.py; a test compares them.
 */
export function staticHtml(record: RunRecord, title: string, subtitle: string): string {
  const iua = firstOf(record, isIua);
  const pfa = firstOf(record, isPfa);
  const found = [...record.findings];
  const layers =
    found.length > 0 && iua === null && pfa === null
      ? heading(title, subtitle)
      : layersHtml(heading(title, subtitle), record, iua, pfa);
  return layers + found.map(([name, findings]: [string, Found]) => foundHtml(name, findings)).join('');
}

/** The run of a record in one line, as a text that replaces its picture. */
export function staticText(record: RunRecord, subtitle: string): string {
  return `<Run ${record.id} '${visibleText(record.state?.name ?? '')}': ${subtitle}>`;
}

/** The words of the live table, untranslated: whoever opens the notebook may have another language. */
const STATES: Readonly<Record<Exclude<Condition, 'left'>, string>> = {
  tiny: 'tiny values',
  refused: 'refused',
  few: 'too few samples',
  thin: 'few samples',
  complete: 'complete',
  stopped: 'stopped',
  paused: 'paused',
  waiting: 'waiting',
  stable: 'stable',
  streaming: 'streaming',
};
const ABSENT = '\u2013';
/** More do not fit into an output of a notebook. */
const MOST_ROWS = 2000;

function layersHtml(
  head: string,
  record: RunRecord,
  iua: IuaSnapshot | null,
  pfa: PfaSnapshot | null,
): string {
  const every = new Set([
    ...(record.layers ?? []).map(({ name }) => name),
    ...(iua?.table.layer ?? []),
    ...(pfa?.table.layer ?? []),
  ]);
  const names = [...every].slice(0, MOST_ROWS);
  const left = every.size - names.length;
  const heads = [
    'Layer',
    'Units',
    ...(iua === null ? [] : ['Inactive per sample', 'Dead']),
    ...(pfa === null ? [] : ['Keep / units', 'KL (nats)']),
    ...(iua === null && pfa === null ? [] : ['State', 'Note']),
  ];
  const body =
    names.length === 0
      ? `<tr><td colspan="${heads.length}" style="${CELL};${MUTED}">Waiting for the first batch.</td></tr>`
      : linesOf(names, record, iua, pfa);
  const right = new Set(['Units', 'Dead', 'KL (nats)']);
  return pageTable(
    head,
    heads.map(text => ({ text, right: right.has(text) })),
    body,
    left > 0 ? muted(`${grouped(left)} more layers.`) : '',
  );
}

function linesOf(
  names: readonly string[],
  record: RunRecord,
  iua: IuaSnapshot | null,
  pfa: PfaSnapshot | null,
): string {
  const rows = new Map(rowsOf(record).map(row => [row.name, row]));
  const inactive = rowsByLayer(iua);
  const spectra = rowsByLayer(pfa);
  return names
    .map(name => {
      const first = iua === null ? null : { table: iua.table, row: inactive.get(name) };
      const second = pfa === null ? null : { table: pfa.table, row: spectra.get(name) };
      const units = [first, second].flatMap(told =>
        told?.row === undefined ? [] : [told.table.units[told.row] ?? 0],
      );
      const notes = [first, second].map(told =>
        told?.row === undefined ? '' : (told.table.note[told.row] ?? ''),
      );
      return [
        '<tr>',
        `<th scope="row" style="${CELL};text-align:left;font-weight:400;font-family:monospace">${shownHtml(name)}</th>`,
        cell(countOr(units.find(count => count > 0)), true),
        first === null ? '' : iuaCells(first.table, first.row),
        second === null ? '' : pfaCells(second.table, second.row),
        first === null && second === null
          ? ''
          : cell(stateWord(rows.get(name), record)) +
            `<td style="${CELL};white-space:normal;${MUTED}">${shownHtml(notesOf(notes))}</td>`,
        '</tr>',
      ].join('');
    })
    .join('');
}

function stateWord(row: LayerRow | undefined, record: RunRecord): string {
  const condition = row === undefined ? 'waiting' : conditionOf(row, record, true);
  return condition === 'left' ? `at batch ${grouped(record.state?.batches ?? 0)}` : STATES[condition];
}

function iuaCells(table: IuaSnapshot['table'], row: number | undefined): string {
  const mean = row === undefined ? NaN : (table.inactiveMean[row] ?? NaN);
  if (row === undefined || Number.isNaN(mean)) {
    return cell(ABSENT) + cell(ABSENT, true);
  }
  const dead = table.dead[row] ?? 0;
  if (mean === 0 && dead === 0) {
    return cell('no exact zeros') + cell(ABSENT, true);
  }
  const share = 100 * mean;
  const spread = 100 * (table.inactiveStd[row] ?? NaN);
  const end = share.toFixed(0);
  const bar =
    'display:inline-block;width:60px;height:8px;margin-right:6px;vertical-align:baseline;' +
    `background:linear-gradient(90deg,#d07a1f ${end}%,rgba(128,128,128,.25) ${end}%)`;
  const text = `${share.toFixed(1)}% \u00b1 ${spread.toFixed(1)}`;
  return (
    `<td style="${CELL}"><span aria-hidden="true" style="${bar}"></span>${text}</td>` +
    cell(dead < 0 ? ABSENT : grouped(dead), true)
  );
}

function pfaCells(table: PfaSnapshot['table'], row: number | undefined): string {
  const keep = row === undefined ? -1 : (table.keep[row] ?? -1);
  if (row === undefined || keep < 0) {
    return cell(ABSENT) + cell(ABSENT, true);
  }
  const units = grouped(table.units[row] ?? 0);
  return cell(`${grouped(keep)} / ${units}`) + cell((table.kl[row] ?? NaN).toFixed(2), true);
}

function countOr(count: number | undefined): string {
  return count === undefined ? ABSENT : grouped(count);
}

function rowsByLayer(snapshot: IuaSnapshot | PfaSnapshot | null): Map<string, number> {
  return new Map(snapshot?.table.layer.map((name, row) => [name, row]));
}

type Snapshot = IuaSnapshot | PfaSnapshot;

function isIua(snapshot: Snapshot): snapshot is IuaSnapshot {
  return snapshot.analysis === 'iua';
}

function isPfa(snapshot: Snapshot): snapshot is PfaSnapshot {
  return snapshot.analysis === 'pfa';
}

function firstOf<S extends Snapshot>(record: RunRecord, is: (snapshot: Snapshot) => snapshot is S): S | null {
  return [...record.snapshots.values()].find(is) ?? null;
}
