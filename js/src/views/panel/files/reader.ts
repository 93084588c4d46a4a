import type { Reader } from '../../../store/files/reportActions';
import type { PanelTarget } from '../target';

/** Tells one notebook from another. */
export function documentOf(target: PanelTarget | null): string {
  return target === null ? '' : `${target.folder}/${target.document}`;
}

/** The kernel of a notebook as a reader and writer of reports; null unless it answers and has DeepView loaded. */
export function readerOf(target: PanelTarget | null): Reader | null {
  const evaluate = target?.evaluate ?? null;
  return target === null || evaluate === null || target.link?.store.link.value !== 'live'
    ? null
    : { document: documentOf(target), folder: target.folder, evaluate };
}
