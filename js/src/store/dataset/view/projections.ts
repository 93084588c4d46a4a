import type { SampleColumn } from '../../../protocol/messages';

/** A map of the samples: two columns of coordinates of one response. */
export interface Projection {
  /** The response; empty where the columns name none. */
  readonly name: string;
  readonly x: string;
  readonly y: string;
}

/** The projections that columns make: each x with the y of the same response. */
export function projectionsOf(columns: readonly SampleColumn[]): Projection[] {
  return columns
    .filter(({ role }) => role === 'x')
    .flatMap(x => {
      const y = columns.find(({ role, response }) => role === 'y' && response === x.response);
      return y === undefined ? [] : [{ name: x.response ?? '', x: x.name, y: y.name }];
    });
}
