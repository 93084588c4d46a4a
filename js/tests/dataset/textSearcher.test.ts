import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import type { TextSearch } from '../../src/store/dataset/expression/evaluate';
import { wordsOf } from '../../src/store/dataset/expression/table';
import {
  type SearchAnswer,
  type SearchWorker,
  searchWorkerSource,
  startBlobWorker,
} from '../../src/store/dataset/search/searchWorker';
import { type Alarm, TextSearcher } from '../../src/store/dataset/search/textSearcher';
import { packTexts } from '../../src/store/dataset/texts';
import { categories } from './samples';

/** The same source in a thread of Node, which has the messages of a browser's worker under other names. */
const SCOPE = `
  const { parentPort } = require('node:worker_threads');
  const self = { onmessage: null, postMessage: answer => parentPort.postMessage(answer) };
  parentPort.on('message', data => self.onmessage({ data }));
`;

const texts = (...list: (string | null)[]) =>
  wordsOf({ name: 'text', role: 'text', kind: 'text', texts: packTexts(list) })!;
const WORDS = texts('A loose Screw', null, '', 'two screws', 'שלום');
const ask = (text: string, regular = false, words = WORDS): TextSearch => ({ words, text, regular });

class Threads {
  readonly started: Worker[] = [];
  posted: string[] = [];
  terminated = 0;

  readonly start = (): SearchWorker => {
    const worker = new Worker(SCOPE + searchWorkerSource(), { eval: true });
    this.started.push(worker);
    return {
      post: request => {
        this.posted.push(request.type);
        worker.postMessage(request);
      },
      listen: (answered, failed) => {
        worker.removeAllListeners();
        worker.on('message', (answer: SearchAnswer) => {
          answered(answer);
        });
        worker.on('error', (error: unknown) => {
          failed(error instanceof Error ? error.message : String(error));
        });
      },
      terminate: () => {
        this.terminated += 1;
        void worker.terminate();
      },
    };
  };
}

/** Rings when the test says so. */
class Bell {
  ring: () => void = () => undefined;
  silenced = 0;
  readonly alarm: Alarm = (_, ring) => {
    this.ring = ring;
    return () => (this.silenced += 1);
  };
}

const threads: Threads[] = [];
function searcher() {
  const [mine, bell] = [new Threads(), new Bell()];
  threads.push(mine);
  return { threads: mine, bell, searcher: new TextSearcher(mine.start, bell.alarm) };
}

afterEach(async () => {
  await Promise.all(threads.splice(0).flatMap(({ started }) => started.map(worker => worker.terminate())));
});

describe('a search in a worker', () => {
  it.each<[string, boolean, number[]]>([
    ['SCREW', false, [0, 3]],
    ['', false, [0, 2, 3, 4]],
    ['screws?$', true, [3]],
    ['^$', true, [2]],
    ['^.{4}$', true, [4]],
  ])('for %j (regular: %j) finds texts, never missing ones', async (text, regular, rows) => {
    expect([...(await searcher().searcher.search(ask(text, regular))).rows()]).toEqual(rows);
  });

  it('copies texts once, and again when they are others', async () => {
    const { searcher: search, threads: used } = searcher();
    const label = wordsOf(categories('label', ['cat', 'dog']))!;
    await search.search(ask('a'));
    await search.search(ask('b'));
    expect([...(await search.search(ask('dog', false, label))).rows()]).toEqual([1]);
    expect([...(await search.search(ask('x', false, texts('y', 'x')))).rows()]).toEqual([1]);
    expect(used.posted).toEqual(['texts', 'search', 'search', 'texts', 'search', 'texts', 'search']);
    expect(used.started).toHaveLength(1);
  });

  it('is terminated when it takes too long, and the next one works', async () => {
    const { searcher: search, threads: used, bell } = searcher();
    const words = texts(`${'a'.repeat(60)}!`);
    const endless = search.search(ask('^(a+)+$', true, words));
    const next = search.search(ask('!', false, words));
    await expect.poll(() => used.posted).toContain('search');
    bell.ring();
    await expect(endless).rejects.toThrow(
      'The search took longer than 5 s and was stopped. Write a simpler pattern.',
    );
    expect((await next).count).toBe(1);
    expect([used.terminated, used.started.length, bell.silenced]).toEqual([1, 2, 2]);
  });

  it('that fails says why', async () => {
    const { searcher: search } = searcher();
    await expect(search.search(ask('(', true))).rejects.toThrow(
      'The search failed: Invalid regular expression',
    );
    expect((await search.search(ask('two'))).count).toBe(1);
  });

  it('ends with the page', async () => {
    const { searcher: search, threads: used } = searcher();
    const endless = search.search(ask('^(a+)+$', true, texts(`${'a'.repeat(60)}!`)));
    await expect.poll(() => used.posted).toContain('search');
    search.dispose();
    await expect(endless).rejects.toThrow('The search was stopped.');
    expect(used.terminated).toBe(1);
  });
});

describe('a search without a worker', () => {
  const search = new TextSearcher(() => null);

  it('finds parts and simple patterns', async () => {
    expect([...(await search.search(ask('SCREW'))).rows()]).toEqual([0, 3]);
    expect([...(await search.search(ask('^two [a-z]+$', true))).rows()]).toEqual([3]);
  });

  it.each(['^(a+)+$', '(a|a)*', 'a*a*', '(?:x{2}){3}', '.*.*x'])(
    'refuses %j, which can take long',
    async pattern => {
      await expect(search.search(ask(pattern, true))).rejects.toThrow(
        'Only simple patterns can be searched here',
      );
    },
  );

  it('is made where the host has none', () => {
    expect(startBlobWorker()).toBeNull();
  });
});
