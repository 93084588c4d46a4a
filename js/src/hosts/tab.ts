/** Name of the event that asks JupyterLab for a tab; it bubbles up from the canvas to the document. */
export const OPEN_EVENT = 'deepview-lab:open';

export interface OpenRequest {
  readonly kernel: string;
  readonly run: string;
}

/** Says on the page that somebody listens to the event. */
export function offerTabs(): void {
  document.body.dataset['deepviewLab'] = 'tabs';
}

export function tabsAvailable(): boolean {
  return document.body.dataset['deepviewLab'] !== undefined;
}

export function openInTab(from: HTMLElement, detail: OpenRequest): void {
  from.dispatchEvent(new CustomEvent<OpenRequest>(OPEN_EVENT, { detail, bubbles: true, composed: true }));
}

/** Reads the request of an event, which any script on the page could have made; null for one that is not ours. */
export function requestOf(event: Event): OpenRequest | null {
  const detail: unknown = event instanceof CustomEvent ? event.detail : null;
  if (typeof detail !== 'object' || detail === null || !('kernel' in detail) || !('run' in detail)) {
    return null;
  }
  const { kernel, run } = detail;
  return typeof kernel === 'string' && typeof run === 'string' ? { kernel, run } : null;
}

/** Marks an element as the host of a canvas, for whoever looks from outside. */
export function mark(host: HTMLElement, { kernel, run }: OpenRequest): void {
  host.dataset['deepviewKernel'] = kernel;
  host.dataset['deepviewRun'] = run;
}

/** Takes the mark back. */
export function unmark(host: HTMLElement): void {
  delete host.dataset['deepviewKernel'];
  delete host.dataset['deepviewRun'];
}

/** What the first canvas in an element shows; null where there is none. */
export function shownIn(element: HTMLElement): OpenRequest | null {
  const host = element.querySelector<HTMLElement>('[data-deepview-run]');
  const { deepviewKernel: kernel, deepviewRun: run } = host?.dataset ?? {};
  return kernel === undefined || run === undefined ? null : { kernel, run };
}
