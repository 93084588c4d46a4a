import type { LayerInfo } from '../../protocol/messages';
import type { Offer } from './analyses';

/** About how many bytes a checkpoint takes: so many, and so many more for each sample. */
export interface CheckpointSize {
  readonly fixed: number;
  readonly perSample: number;
  /** Whether there is more: of layers whose lengths are known with the data only, and of a user's own analysis. */
  readonly atLeast: boolean;
}

const FLOAT32 = 4;
const FLOAT64 = 8;
/** PFA refuses wider layers. */
const MOST_UNITS = 8192;
/** An identifier and labels of a sample, as text. */
const SAMPLE_TEXT = 40;

/** Null without layers. Of a layer whose lengths are not all known, what is known counts. */
export function checkpointSize(
  offers: readonly Offer[],
  layers: readonly LayerInfo[],
): CheckpointSize | null {
  if (layers.length === 0) {
    return null;
  }
  const has = (wanted: string) => offers.some(({ kind }) => kind === wanted);
  const rows = offers.some(({ about }) => about === 'samples');
  const others = offers.some(({ kind, about }) => about === 'layers' && kind !== 'iua' && kind !== 'pfa');
  let [fixed, perSample] = [0, rows ? SAMPLE_TEXT : 0];
  for (const { units, values } of layers.map(lengthsOf)) {
    if (has('iua')) {
      fixed += FLOAT64 * values;
      perSample += FLOAT32;
    }
    if (has('pfa') && units <= MOST_UNITS) {
      fixed += FLOAT64 * units * (units + 1) + FLOAT32 * units * waitingRows(units);
    }
    if (rows) {
      perSample += FLOAT32 * units + 1;
    }
  }
  return { fixed, perSample, atLeast: others || layers.some(isOpen) };
}

/** Rows that wait until there are enough of them for a product of matrices, at most. */
function waitingRows(units: number): number {
  return Math.min(Math.max(2 * units, 2048), 4096);
}

function isOpen({ shape, units }: LayerInfo): boolean {
  return units === null || shape.slice(1).includes(null);
}

/** Units, and values of a sample. */
function lengthsOf({ shape, units }: LayerInfo): { units: number; values: number } {
  const values = shape.slice(1).reduce((product: number, length) => product * (length ?? 1), 1);
  return { units: units ?? 1, values };
}
