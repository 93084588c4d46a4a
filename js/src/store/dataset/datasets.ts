import type { Incoming } from '../../protocol/decode';
import { Dataset } from './dataset';
import { picturesOf } from './media/pictures';

/** The tables of samples that the kernel has described, by run and introspector. */
export class Datasets {
  private readonly known = new Map<string, Dataset>();

  /** The table of an introspector; null before it is described. */
  of(run: string, introspector: string): Dataset | null {
    return this.known.get(keyOf(run, introspector)) ?? null;
  }

  /** Takes in what a message says of samples. */
  take(message: Incoming): void {
    if (message.kind === 'samples') {
      const key = keyOf(message.run, message.introspector);
      const known = this.known.get(key);
      // Rows mean the same samples only as long as there are as many.
      const dataset = known?.rows === message.rows ? known : new Dataset(message.rows);
      this.known.set(key, dataset);
      dataset.describe(message);
    } else if (message.kind === 'sample_chunk') {
      this.of(message.run, message.introspector)?.write(message);
    } else if (message.kind === 'pictures') {
      const dataset = this.of(message.run, message.introspector);
      if (dataset !== null) {
        picturesOf(dataset).take(message);
      }
    } else if (message.kind === 'sample_choice' || message.kind === 'sent_to_python') {
      this.of(message.run, message.introspector)?.hear(message);
    }
  }
}

function keyOf(run: string, introspector: string): string {
  return `${run}/${introspector}`;
}
