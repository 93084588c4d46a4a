import { Fields, ProtocolError, text } from '../../protocol/fields';
import type { Evaluated } from './reportActions';

/** What became of an export: where the page is and what it holds, or why there is none. */
export type Exported =
  { readonly path: string; readonly contents: readonly string[] } | { readonly problem: string };

/** Reads what the kernel says of a page that it has written. */
export function exportedOf({ value, problem }: Evaluated): Exported {
  if (value === null) {
    return { problem: problem ?? '' };
  }
  try {
    const fields = new Fields(JSON.parse(decodeURIComponent(value)), 'export');
    return { path: fields.text('path'), contents: fields.list('contents', text) };
  } catch (error) {
    return { problem: error instanceof ProtocolError ? error.message : String(error) };
  }
}
