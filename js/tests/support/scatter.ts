import { vi } from 'vitest';
import type { Frames } from '../../src/render/scatter/frames';
import type { ScatterData } from '../../src/render/scatter/scatter';

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Points in a few round heaps, as a projection has them. */
export function heaps(count: number, seed = 1, offset = 0, heapCount = 8): ScatterData {
  const random = seeded(seed);
  const centres = Array.from({ length: heapCount }, () => [10 * random(), 10 * random()]);
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    const [centreX = 0, centreY = 0] = centres[row % heapCount] ?? [];
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    x[row] = offset + centreX + radius * Math.cos(angle);
    y[row] = offset + centreY + radius * Math.sin(angle);
  }
  return { x, y };
}

/** Frames and a clock that the test moves. */
export class FakeFrames implements Frames {
  private time = 0;
  private waiting = new Map<number, () => void>();
  private timers = new Map<number, { at: number; callback: () => void }>();
  private last = 0;

  now(): number {
    return this.time;
  }

  request(callback: () => void): number {
    this.waiting.set(++this.last, callback);
    return this.last;
  }

  cancel(request: number): void {
    this.waiting.delete(request);
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer = ++this.last;
    this.timers.set(timer, { at: this.time + milliseconds, callback });
    return () => this.timers.delete(timer);
  }

  /** How many callbacks wait, of frames and timers. */
  get pending(): number {
    return this.waiting.size + this.timers.size;
  }

  frame(): void {
    const callbacks = [...this.waiting.values()];
    this.waiting.clear();
    for (const callback of callbacks) {
      callback();
    }
  }

  advance(milliseconds: number): void {
    this.time += milliseconds;
    for (const [timer, { at, callback }] of [...this.timers]) {
      if (at <= this.time) {
        this.timers.delete(timer);
        callback();
      }
    }
  }
}

class FakeImageData {
  readonly data: Uint8ClampedArray;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.data = new Uint8ClampedArray(4 * width * height);
  }
}

/** A two-dimensional context that keeps the last picture put into it, and the names of the other calls. */
export class FakeContext {
  readonly calls: string[] = [];
  pictures = 0;
  private image: FakeImageData | null = null;
  private left = 0;
  private top = 0;

  putImageData(image: FakeImageData, left: number, top: number): void {
    this.pictures++;
    [this.image, this.left, this.top] = [image, left, top];
  }

  /** Red, green and blue of a pixel. */
  pixel(x: number, y: number): number[] {
    if (this.image === null) {
      throw new Error('nothing was drawn');
    }
    const at = 4 * ((y - this.top) * this.image.width + x - this.left);
    return [...this.image.data.subarray(at, at + 3)];
  }

  /** How many pixels of the visible part differ from a colour. */
  painted(width: number, height: number, background: readonly number[]): number {
    let count = 0;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        count += this.pixel(x, y).some((value, i) => value !== background[i]) ? 1 : 0;
      }
    }
    return count;
  }
}

/** Gives every canvas a context of its own, by the order in which they ask; WebGL is not there. */
export function fakeContexts(): FakeContext[] {
  vi.stubGlobal('ImageData', FakeImageData);
  const made: FakeContext[] = [];
  Object.defineProperty(HTMLCanvasElement.prototype, 'getContext', {
    configurable: true,
    value: (kind: string) => {
      if (kind !== '2d') {
        return null;
      }
      const fake = new FakeContext();
      made.push(fake);
      return new Proxy(fake, {
        get: (target, name): unknown =>
          Reflect.has(target, name)
            ? Reflect.get(target, name, target)
            : (...given: unknown[]) => target.calls.push(`${String(name)}(${given.join(' ')})`),
        set: (target, name, value) => !Reflect.has(target, name) || Reflect.set(target, name, value, target),
      });
    },
  });
  return made;
}
