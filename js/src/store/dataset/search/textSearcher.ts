import { trans } from '../../shared/trans';
import { Bitset } from '../bitset';
import type { TextSearch } from '../expression/evaluate';
import { textsWhere } from '../expression/table';
import { PackedTexts, type TextList, packTexts } from '../texts';
import { finder } from './patterns';
import {
  type SearchAnswer,
  type SearchRequest,
  type SearchWorker,
  type StartSearchWorker,
  startBlobWorker,
} from './searchWorker';

/** A search took too long, or cannot be made safely; the message is for the user. */
export class SearchError extends Error {}

/** Calls back once, after a time; returns what prevents that. */
export type Alarm = (milliseconds: number, ring: () => void) => () => void;

const LIMIT_MS = 5000;
/** Without a worker, regular expressions look at the first characters only. */
const LONGEST_WITHOUT_WORKER = 2000;

/**
 * Searches texts in a worker that is terminated when it takes too long, since a regular expression can take exponential
 * time. Where no worker can be had, only what is bounded is searched. Searches are made one after the other.
 */
export class TextSearcher {
  private worker: SearchWorker | null = null;
  private unavailable = false;
  /** The texts that the worker has, by column. */
  private readonly known = new Map<string, TextList>();
  private last: Promise<unknown> = Promise.resolve();
  private fail: ((message: string) => void) | null = null;

  constructor(
    private readonly start: StartSearchWorker = startBlobWorker,
    private readonly alarm: Alarm = browserAlarm,
  ) {}

  /** The texts that contain or match another; missing ones never do. */
  search(search: TextSearch): Promise<Bitset> {
    const found = this.last.then(() => {
      const worker = this.running();
      return worker === null ? searchHere(search) : this.searchIn(worker, search);
    });
    this.last = found.catch(() => undefined);
    return found;
  }

  dispose(): void {
    this.unavailable = true;
    this.fail?.(trans.__('The search was stopped.'));
    this.end();
  }

  private async searchIn(worker: SearchWorker, { words, text, regular }: TextSearch): Promise<Bitset> {
    const { texts, column } = words;
    const packed = packedTexts(texts);
    if (this.known.get(column) !== texts) {
      // Copied, not transferred: the page shows these texts.
      worker.post({ type: 'texts', column, bytes: packed.bytes, offsets: packed.offsets });
      this.known.set(column, texts);
    }
    const answer = await this.ask(worker, { type: 'search', column, text, regular });
    const found = new Bitset(texts.length, answer.words);
    return packed.missing === null ? found : found.minus(packed.missing);
  }

  private async ask(worker: SearchWorker, request: SearchRequest): Promise<SearchAnswer> {
    let silence: () => void = () => undefined;
    try {
      return await new Promise<SearchAnswer>((resolve, reject) => {
        this.fail = message => {
          reject(new SearchError(message));
        };
        worker.listen(resolve, message => this.fail?.(`The search failed: ${message}`));
        silence = this.alarm(LIMIT_MS, () =>
          this.fail?.(
            `The search took longer than ${LIMIT_MS / 1000} s and was stopped. Write a simpler pattern.`,
          ),
        );
        worker.post(request);
      });
    } catch (error) {
      this.end();
      throw error;
    } finally {
      silence();
      this.fail = null;
    }
  }

  private running(): SearchWorker | null {
    if (this.worker === null && !this.unavailable) {
      this.worker = this.start();
      this.unavailable = this.worker === null;
    }
    return this.worker;
  }

  private end(): void {
    this.worker?.terminate();
    this.worker = null;
    this.known.clear();
  }
}

function browserAlarm(milliseconds: number, ring: () => void): () => void {
  const timer = setTimeout(ring, milliseconds);
  return () => {
    clearTimeout(timer);
  };
}

function packedTexts(texts: TextList): PackedTexts {
  return texts instanceof PackedTexts
    ? texts
    : packTexts(Array.from({ length: texts.length }, (_, index) => texts.at(index)));
}

function searchHere({ words, text, regular }: TextSearch): Bitset {
  if (regular && !isBounded(text)) {
    throw new SearchError(
      'Only simple patterns can be searched here, because this page may not start a worker: at most one `*`, `+` or `{}`, and not behind a parenthesis.',
    );
  }
  const holds = finder(text, regular);
  return textsWhere(words.texts, candidate =>
    holds(regular ? candidate.slice(0, LONGEST_WITHOUT_WORKER) : candidate),
  );
}

/** Whether a pattern takes at most quadratic time: one repetition, and none of a group. */
function isBounded(pattern: string): boolean {
  const plain = pattern.replace(/\\[\s\S]/gu, 'x').replace(/\[[^\]]*\]/gu, 'x');
  return (plain.match(/[*+{]/g) ?? []).length <= 1 && !/\)[*+{?]/.test(plain);
}
