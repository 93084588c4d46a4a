import { type RunCode, shown } from '../launch/code';
import { isIdentifier } from '../shared/python';
import type { RunRecord } from './state';

const UNKNOWN = { code: '', variable: null, checkpoint: null };

/**
 * The code of a run that a panel started, this one or another. Null of one that a cell started: what else a cell does
 * only its author knows, and what it shows would be lost, so it is not run from here.
 */
export function panelCode({ origin }: RunRecord): RunCode | null {
  const { code, variable, checkpoint } = origin ?? UNKNOWN;
  return variable === null || !isIdentifier(variable)
    ? null
    : { start: code, cell: shown(code, variable), variable, checkpoint };
}

/** What makes the same run when it is put into a cell; null where the kernel does not know. */
export function cellCode(record: RunRecord): string | null {
  return panelCode(record)?.cell ?? record.origin?.code ?? null;
}
