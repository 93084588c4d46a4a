import type { Frame, Layer, Painter } from './painter';
import type { PointGrid } from '../points/pointGrid';
import { COLOUR, PLACE } from './pointProgram';
import type { SharedContext } from './sharedContext';

const BYTES_PER_SLOT = 4;

interface LayerBuffers {
  readonly points: WebGLVertexArrayObject;
  readonly slots: WebGLBuffer;
  /** Whether the layer has all points, in order. */
  hasAll: boolean;
  capacity: number;
}

/** Draws points with the shared WebGL2 context. Made anew after the context was lost. */
export class WebglPainter implements Painter {
  readonly name = 'webgl';
  readonly pointsPerStep = Infinity;
  private readonly gl: WebGL2RenderingContext;
  private readonly places: WebGLBuffer;
  private readonly colours: WebGLBuffer;
  private readonly layers: Record<Layer, LayerBuffers>;
  private frame: Frame | null = null;

  constructor(private readonly shared: SharedContext) {
    this.gl = shared.gl;
    this.places = this.gl.createBuffer();
    this.colours = this.gl.createBuffer();
    this.layers = { base: this.createLayer(), raised: this.createLayer(), sample: this.createLayer() };
  }

  usePoints(grid: PointGrid): void {
    const { gl } = this;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.places);
    gl.bufferData(gl.ARRAY_BUFFER, grid.places, gl.STATIC_DRAW);
  }

  useColours(colours: Int32Array): void {
    const { gl } = this;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.colours);
    gl.bufferData(gl.ARRAY_BUFFER, colours, gl.STATIC_DRAW);
  }

  useSlots(layer: Layer, slots: Uint32Array | null, count: number): void {
    const { gl } = this;
    const buffers = this.layers[layer];
    buffers.hasAll = slots === null;
    if (slots === null) {
      return;
    }
    gl.bindVertexArray(buffers.points);
    if (slots.length > buffers.capacity) {
      gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, slots.length * BYTES_PER_SLOT, gl.DYNAMIC_DRAW);
      buffers.capacity = slots.length;
    }
    gl.bufferSubData(gl.ELEMENT_ARRAY_BUFFER, 0, slots, 0, count);
    gl.bindVertexArray(null);
  }

  begin(frame: Frame): void {
    const { gl, shared } = this;
    this.frame = frame;
    shared.makeRoom(frame.width, frame.height);
    gl.viewport(0, 0, frame.width, frame.height);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA);
    const { background } = frame;
    gl.clearColor(
      (background & 0xff) / 255,
      ((background >> 8) & 0xff) / 255,
      ((background >> 16) & 0xff) / 255,
      1,
    );
    gl.clear(gl.COLOR_BUFFER_BIT);
    shared.program?.begin(frame);
  }

  paint(layer: Layer, from: number, to: number, opacity: number, isDimmed: boolean): void {
    const { gl, frame } = this;
    if (frame === null || this.shared.program === null || from === to) {
      return;
    }
    const buffers = this.layers[layer];
    this.shared.program.setLayer(frame, opacity, isDimmed);
    gl.bindVertexArray(buffers.points);
    if (buffers.hasAll) {
      gl.drawArrays(gl.POINTS, from, to - from);
    } else {
      gl.drawElements(gl.POINTS, to - from, gl.UNSIGNED_INT, from * BYTES_PER_SLOT);
    }
    gl.bindVertexArray(null);
  }

  present(context: CanvasRenderingContext2D): void {
    if (this.frame === null) {
      return;
    }
    const { width, height } = this.frame;
    const { canvas } = this.shared;
    context.drawImage(canvas, 0, canvas.height - height, width, height, 0, 0, width, height);
  }

  dispose(): void {
    const { gl } = this;
    gl.deleteBuffer(this.places);
    gl.deleteBuffer(this.colours);
    for (const { points, slots } of Object.values(this.layers)) {
      gl.deleteVertexArray(points);
      gl.deleteBuffer(slots);
    }
  }

  private createLayer(): LayerBuffers {
    const { gl } = this;
    const points = gl.createVertexArray();
    const slots = gl.createBuffer();
    gl.bindVertexArray(points);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.places);
    gl.enableVertexAttribArray(PLACE);
    gl.vertexAttribIPointer(PLACE, 2, gl.INT, 0, 0);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.colours);
    gl.enableVertexAttribArray(COLOUR);
    gl.vertexAttribPointer(COLOUR, 4, gl.UNSIGNED_BYTE, true, 0, 0);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, slots);
    gl.bindVertexArray(null);
    return { points, slots, hasAll: false, capacity: 0 };
  }
}
