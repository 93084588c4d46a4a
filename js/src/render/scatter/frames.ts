/** The page's clock and frames; a test has its own. */
export interface Frames {
  now(): number;
  /** Calls back with the next frame of the page. */
  request(callback: () => void): number;
  cancel(request: number): void;
  after(milliseconds: number, callback: () => void): () => void;
}

export const pageFrames: Frames = {
  now: () => performance.now(),
  request: callback => requestAnimationFrame(callback),
  cancel: request => {
    cancelAnimationFrame(request);
  },
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return () => {
      clearTimeout(timer);
    };
  },
};
