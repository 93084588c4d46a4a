/** What the page asks a search worker. */
export type SearchRequest =
  | {
      readonly type: 'texts';
      readonly column: string;
      readonly bytes: Uint8Array;
      readonly offsets: Int32Array;
    }
  | { readonly type: 'search'; readonly column: string; readonly text: string; readonly regular: boolean };

/** Where a text was found, one bit a text. */
export interface SearchAnswer {
  readonly words: Int32Array<ArrayBuffer>;
}

/** A worker that runs `searchWorkerSource()`, as the host has started it. */
export interface SearchWorker {
  post(request: SearchRequest): void;
  /** Calls for each answer, and when the worker fails. */
  listen(answered: (answer: SearchAnswer) => void, failed: (message: string) => void): void;
  terminate(): void;
}

/** Starts a worker; null where the host has none or forbids it. */
export type StartSearchWorker = () => SearchWorker | null;

/** What of a worker's scope is needed here. */
interface Scope {
  onmessage: ((event: { readonly data: SearchRequest }) => void) | null;
  postMessage(answer: SearchAnswer): void;
}

/**
 * Runs inside a worker, whose source is the text of this function: it must name nothing from outside itself. Missing texts
 * are found as empty ones; who asks takes them out again.
 */
export function serveSearches(scope: Scope): void {
  const columns = new Map<string, { readonly bytes: Uint8Array; readonly offsets: Int32Array }>();
  const decoder = new TextDecoder();
  scope.onmessage = ({ data }) => {
    if (data.type === 'texts') {
      columns.set(data.column, data);
      return;
    }
    const { bytes, offsets } = columns.get(data.column) ?? {
      bytes: new Uint8Array(),
      offsets: new Int32Array(1),
    };
    const pattern = data.regular ? new RegExp(data.text, 'u') : null;
    const part = data.text.toLowerCase();
    const words = new Int32Array((offsets.length + 30) >>> 5);
    for (let index = 0; index + 1 < offsets.length; index++) {
      const text = decoder.decode(bytes.subarray(offsets[index], offsets[index + 1]));
      if (pattern === null ? text.toLowerCase().includes(part) : pattern.test(text)) {
        words[index >>> 5] = (words[index >>> 5] ?? 0) | (1 << (index & 31));
      }
    }
    scope.postMessage({ words });
  };
}

/** The source of a search worker. */
export function searchWorkerSource(): string {
  return `(${serveSearches.toString()})(self);`;
}

/** A worker made of text, so that no host has to serve a file. */
export function startBlobWorker(): SearchWorker | null {
  if (typeof Worker === 'undefined') {
    return null;
  }
  const address = URL.createObjectURL(new Blob([searchWorkerSource()], { type: 'text/javascript' }));
  try {
    const worker = new Worker(address);
    return {
      post: request => {
        worker.postMessage(request);
      },
      listen: (answered, failed) => {
        worker.onmessage = ({ data }: MessageEvent<SearchAnswer>) => {
          answered(data);
        };
        worker.onerror = event => {
          failed(event.message);
        };
      },
      terminate: () => {
        worker.terminate();
      },
    };
  } catch {
    // A content security policy may forbid it.
    return null;
  } finally {
    URL.revokeObjectURL(address);
  }
}
