import { PointProgram } from './pointProgram';

/** Names of drivers that compute pictures with the processor. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/** A plot that draws with the shared context. */
export interface ContextUser {
  /** All buffers are gone; nothing can be drawn. */
  contextLost(): void;
  /** Drawing works again, with new buffers. */
  contextRestored(): void;
}

/**
 * One WebGL2 context for all plots of a page: browsers keep about 16 contexts and then take the oldest away.
 *
 * Plots draw into its canvas one after the other and copy the picture into their own.
 */
export class SharedContext {
  private static shared: SharedContext | null = null;

  private readonly users = new Set<ContextUser>();
  private linked: PointProgram | null;

  private constructor(
    readonly canvas: HTMLCanvasElement,
    readonly gl: WebGL2RenderingContext,
    program: PointProgram,
  ) {
    this.linked = program;
    canvas.addEventListener('webglcontextlost', this.lost);
    canvas.addEventListener('webglcontextrestored', this.restored);
  }

  /** Null without WebGL2, and where it would be slower than drawing without it, unless that is `allowed`. */
  static acquire(user: ContextUser, isSoftwareAllowed: boolean): SharedContext | null {
    SharedContext.shared ??= SharedContext.create(isSoftwareAllowed);
    SharedContext.shared?.users.add(user);
    return SharedContext.shared;
  }

  private static create(isSoftwareAllowed: boolean): SharedContext | null {
    const canvas = document.createElement('canvas');
    const gl = canvas.getContext('webgl2', {
      alpha: false,
      antialias: false,
      depth: false,
      failIfMajorPerformanceCaveat: !isSoftwareAllowed,
    });
    if (gl === null || (!isSoftwareAllowed && isSoftware(gl))) {
      return null;
    }
    const program = PointProgram.link(gl);
    return program === null ? null : new SharedContext(canvas, gl, program);
  }

  /** Null while the context is lost. */
  get program(): PointProgram | null {
    return this.linked;
  }

  /** With the last plot the context goes, too. May be called twice. */
  release(user: ContextUser): void {
    if (!this.users.delete(user) || this.users.size > 0) {
      return;
    }
    this.canvas.removeEventListener('webglcontextlost', this.lost);
    this.canvas.removeEventListener('webglcontextrestored', this.restored);
    this.gl.getExtension('WEBGL_lose_context')?.loseContext();
    if (SharedContext.shared === this) {
      SharedContext.shared = null;
    }
  }

  /** Makes the canvas at least as large as a plot. */
  makeRoom(width: number, height: number): void {
    if (this.canvas.width < width) {
      this.canvas.width = width;
    }
    if (this.canvas.height < height) {
      this.canvas.height = height;
    }
  }

  private readonly lost = (event: Event): void => {
    event.preventDefault(); // else the browser never restores it
    this.linked = null;
    for (const user of this.users) {
      user.contextLost();
    }
  };

  private readonly restored = (): void => {
    this.linked = PointProgram.link(this.gl);
    if (this.linked !== null) {
      for (const user of this.users) {
        user.contextRestored();
      }
    }
  };
}

/** Chromium does not always count its own software driver as a performance caveat. */
function isSoftware(gl: WebGL2RenderingContext): boolean {
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const name: unknown = gl.getParameter(info === null ? gl.RENDERER : info.UNMASKED_RENDERER_WEBGL);
  return SOFTWARE.test(String(name));
}
