import type { Frame } from './painter';

/** Where the vertex shader takes the places and colours of points from. */
export const PLACE = 0;
export const COLOUR = 1;

const VERTEX = `#version 300 es
layout(location = ${PLACE}) in ivec2 place;
layout(location = ${COLOUR}) in vec4 colour;
uniform ivec2 centre;        // of the view, in whole steps
uniform vec2 beyondCentre;   // what is left of it
uniform vec2 scale;          // from steps to clip space
uniform float pointSize;     // in device pixels, with the smooth edge
uniform vec4 dimmed;         // alpha 1: all points have this colour
uniform float opacity;
out vec4 tint;

void main() {
  // Exact, as both are integers: points do not shake however closely one looks.
  vec2 steps = vec2(place - centre) - beyondCentre;
  gl_Position = vec4(steps * scale, 0.0, 1.0);
  gl_PointSize = pointSize;
  tint = vec4(mix(colour.rgb, dimmed.rgb, dimmed.a), opacity);
}
`;

const FRAGMENT = `#version 300 es
precision mediump float;
in vec4 tint;
uniform float diameter;      // of the points with the smooth edge
out vec4 pixel;

void main() {
  float inside = (0.5 - length(gl_PointCoord - 0.5)) * diameter;
  pixel = vec4(tint.rgb, tint.a * clamp(inside, 0.0, 1.0));
}
`;

/** Half a pixel on each side, over which the edge of a point fades. */
const SMOOTH_EDGE = 1;

interface Uniforms {
  readonly centre: WebGLUniformLocation | null;
  readonly beyondCentre: WebGLUniformLocation | null;
  readonly scale: WebGLUniformLocation | null;
  readonly pointSize: WebGLUniformLocation | null;
  readonly diameter: WebGLUniformLocation | null;
  readonly dimmed: WebGLUniformLocation | null;
  readonly opacity: WebGLUniformLocation | null;
}

/** The pass that draws round points. */
export class PointProgram {
  private readonly uniforms: Uniforms;

  private constructor(
    private readonly gl: WebGL2RenderingContext,
    private readonly program: WebGLProgram,
  ) {
    const find = (name: string) => gl.getUniformLocation(program, name);
    this.uniforms = {
      centre: find('centre'),
      beyondCentre: find('beyondCentre'),
      scale: find('scale'),
      pointSize: find('pointSize'),
      diameter: find('diameter'),
      dimmed: find('dimmed'),
      opacity: find('opacity'),
    };
  }

  /** Null where the driver cannot compile it, or the context is lost. */
  static link(gl: WebGL2RenderingContext): PointProgram | null {
    const program = gl.createProgram();
    for (const [kind, source] of [
      [gl.VERTEX_SHADER, VERTEX],
      [gl.FRAGMENT_SHADER, FRAGMENT],
    ] satisfies [number, string][]) {
      const shader = gl.createShader(kind);
      if (shader === null) {
        return null;
      }
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
      gl.deleteShader(shader);
    }
    gl.linkProgram(program);
    return gl.getProgramParameter(program, gl.LINK_STATUS) === true ? new PointProgram(gl, program) : null;
  }

  /** Sets what all layers of a frame have in common. */
  begin(frame: Frame): void {
    const { gl, uniforms } = this;
    gl.useProgram(this.program);
    const centreX = Math.floor(frame.centreX);
    const centreY = Math.floor(frame.centreY);
    gl.uniform2i(uniforms.centre, centreX, centreY);
    gl.uniform2f(uniforms.beyondCentre, frame.centreX - centreX, frame.centreY - centreY);
    gl.uniform2f(uniforms.scale, (2 * frame.scaleX) / frame.width, (2 * frame.scaleY) / frame.height);
    gl.uniform1f(uniforms.pointSize, frame.size + SMOOTH_EDGE);
    gl.uniform1f(uniforms.diameter, frame.size + SMOOTH_EDGE);
  }

  setLayer(frame: Frame, opacity: number, isDimmed: boolean): void {
    const { gl, uniforms } = this;
    const { dimmed } = frame;
    gl.uniform4f(
      uniforms.dimmed,
      (dimmed & 0xff) / 255,
      ((dimmed >> 8) & 0xff) / 255,
      ((dimmed >> 16) & 0xff) / 255,
      isDimmed ? 1 : 0,
    );
    gl.uniform1f(uniforms.opacity, opacity);
  }
}
