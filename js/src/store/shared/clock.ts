/** Time as the store needs it; injected so that tests own it. */
export interface Clock {
  now(): number;
  /** Calls back after so many milliseconds; returns how to prevent it. */
  after(milliseconds: number, callback: () => void): () => void;
  /** Calls back when what was changed up to now has been shown. */
  painted(callback: () => void): void;
}

/** Hidden pages have no animation frames; after this time a page counts as shown all the same. */
const HIDDEN_MS = 250;

export const browserClock: Clock = {
  now: () => performance.now(),
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds);
    return () => {
      clearTimeout(timer);
    };
  },
  painted: callback => {
    const done = () => {
      clearTimeout(timer);
      cancelAnimationFrame(frame);
      callback();
    };
    const frame = requestAnimationFrame(done);
    const timer = setTimeout(done, HIDDEN_MS);
  },
};
