import { visiblePart } from '../shared/visible';

/** Parts of static HTML, as in figures/static_table.py: colours are mixed from the text's own, for light and dark. */
const TEXT = 'font:12px/1.5 system-ui,sans-serif';
const TABLE = `color:inherit;border-collapse:collapse;${TEXT};font-variant-numeric:tabular-nums;margin:4px 0`;
const HEAD =
  'padding:2px 10px;border-bottom:1px solid rgba(128,128,128,.6);font-weight:600;white-space:nowrap';
export const CELL = 'padding:2px 10px;border-bottom:1px solid rgba(128,128,128,.25);white-space:nowrap';
export const MUTED = 'opacity:.7';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#x27;',
};

/** Text for HTML: escaped, with nothing hidden in it, and isolated from the words around it. */
export function shownHtml(text: string): string {
  return visiblePart(text).replace(/[&<>"']/g, letter => ENTITIES[letter] ?? '');
}

/** A title and a line below it. */
export function heading(title: string, subtitle: string): string {
  return (
    `<div style="font:600 13px/1.5 system-ui,sans-serif">${shownHtml(title)}</div>` +
    `<div style="${TEXT};${MUTED}">${shownHtml(subtitle)}</div>`
  );
}

export interface Head {
  readonly text: string;
  readonly right: boolean;
}

/** A table below its heading; `head`, `body` and `more` are HTML. */
export function pageTable(head: string, heads: readonly Head[], body: string, more = ''): string {
  const cells = heads.map(
    ({ text, right }) => `<th scope="col" style="${HEAD};text-align:${side(right)}">${shownHtml(text)}</th>`,
  );
  return (
    `<div class="dv-static">${head}` +
    `<div style="overflow-x:auto"><table style="${TABLE}"><thead><tr>${cells.join('')}</tr></thead>` +
    `<tbody>${body}</tbody></table></div>${more}</div>`
  );
}

export function cell(text: string, right = false): string {
  return `<td style="${CELL};text-align:${side(right)}">${shownHtml(text)}</td>`;
}

export function muted(text: string): string {
  return `<div style="${TEXT};${MUTED}">${shownHtml(text)}</div>`;
}

export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

function side(right: boolean): string {
  return right ? 'right' : 'left';
}
