import type { Column, Field } from '../../store/layers/columns';
import type { Introspection } from '../../protocol/messages';
import { trans } from '../../store/shared/trans';

/** Widths are in the style sheet, since they depend on the container. */
interface Look {
  readonly label: () => string;
  readonly align?: 'right';
  /** Which columns make room first where the table is narrow, unless somebody chose them; the state never does. */
  readonly hide?: 1 | 2 | 3 | 4 | 5;
}

export const LOOKS: Readonly<Record<Field, Look>> = {
  layer: { label: () => trans.__('Layer') },
  kind: { label: () => trans.__('Kind'), hide: 1 },
  units: { label: () => trans.__('Units'), align: 'right', hide: 5 },
  mean: { label: () => trans.__('Inactive per sample') },
  dead: { label: () => trans.__('Dead'), align: 'right' },
  strip: { label: () => trans.__('Per unit, sorted'), hide: 3 },
  keep: { label: () => trans.__('Keep / units') },
  kl: { label: () => trans.__('KL'), align: 'right', hide: 4 },
  energy: { label: () => trans.__('Energy'), hide: 2 },
  state: { label: () => trans.__('State') },
};

/** The name of a group of columns; the introspector's own name only where it says more. */
export function groupLabel({ name, analysis }: Introspection): string {
  const group = analysis === 'iua' ? trans.__('Inactive units') : trans.__('Principal filters');
  return name === analysis ? group : `${group} · ${name}`;
}

/** The label of a column that has no heading above it. */
export function fullLabel({ field, introspection }: Column): string {
  const label = LOOKS[field].label();
  return introspection === null ? label : trans.__('%1: %2', groupLabel(introspection), label);
}

/** `chosen`: it stays however narrow the container is. */
export function classOf({ field }: Column, chosen = false): string {
  const { align, hide } = LOOKS[field];
  return [
    `dv-c-${field}`,
    align === 'right' ? 'dv-right' : '',
    hide === undefined || chosen ? '' : `dv-give-${hide}`,
  ]
    .filter(name => name !== '')
    .join(' ');
}
