import { useState } from 'preact/hooks';

/** A name for an element that no other in the page has. Preact's own begins anew in each root, and a page has many. */
export function useUniqueId(): string {
  return useState(() => `dv-${Math.random().toString(36).slice(2)}`)[0];
}
