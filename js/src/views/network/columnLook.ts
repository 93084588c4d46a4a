import type { Column, Field } from '../../store/columns';
import type { Introspection } from '../../protocol/messages';

/** Widths are in the style sheet, since they depend on the container. */
interface Look {
  readonly label: string;
  readonly align?: 'right';
  /** Hidden in containers below 940 px or below 760 px. */
  readonly hide?: 'medium' | 'small';
}

export const LOOKS: Readonly<Record<Field, Look>> = {
  layer: { label: 'Layer' },
  kind: { label: 'Kind', hide: 'medium' },
  units: { label: 'Units', align: 'right' },
  mean: { label: 'Inactive per sample' },
  dead: { label: 'Dead', align: 'right' },
  strip: { label: 'Per unit, sorted', hide: 'small' },
  keep: { label: 'Keep / units' },
  kl: { label: 'KL', align: 'right', hide: 'small' },
  energy: { label: 'Energy', hide: 'medium' },
  state: { label: 'State' },
};

const ANALYSES: Readonly<Record<Introspection['analysis'], string>> = {
  iua: 'Inactive units',
  pfa: 'Principal filters',
};

/** The name of a group of columns; the introspector's own name only where it says more. */
export function groupLabel({ name, analysis }: Introspection): string {
  return name === analysis ? ANALYSES[analysis] : `${ANALYSES[analysis]} · ${name}`;
}

export function classOf({ field }: Column): string {
  const { align, hide } = LOOKS[field];
  return [`dv-c-${field}`, align === 'right' ? 'dv-right' : '', hide === undefined ? '' : `dv-hide-${hide}`]
    .filter(name => name !== '')
    .join(' ');
}
