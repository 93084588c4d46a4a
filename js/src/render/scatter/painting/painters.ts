import { CanvasPainter } from './canvasPainter';
import type { Painter } from './painter';
import type { PainterChoice } from '../scatter';
import { SharedContext, type ContextUser } from './sharedContext';
import { WebglPainter } from './webglPainter';

/** The painter of a plot: WebGL where it is fast, and without it while the context is lost. */
export class Painters implements ContextUser {
  private readonly shared: SharedContext | null;
  private painter: Painter;

  /** `changed` is called when the points have to be given to another painter. */
  constructor(
    choice: PainterChoice,
    private readonly changed: () => void,
  ) {
    this.shared = choice === 'canvas' ? null : SharedContext.acquire(this, choice === 'webgl');
    this.painter = this.create();
  }

  get current(): Painter {
    return this.painter;
  }

  contextLost(): void {
    this.replace();
  }

  contextRestored(): void {
    this.replace();
  }

  /** May be called twice. */
  dispose(): void {
    this.painter.dispose();
    this.shared?.release(this);
  }

  private replace(): void {
    this.painter.dispose();
    this.painter = this.create();
    this.changed();
  }

  private create(): Painter {
    const { shared } = this;
    return shared?.program ? new WebglPainter(shared) : new CanvasPainter();
  }
}
