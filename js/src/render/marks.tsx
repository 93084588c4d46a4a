import type { JSX } from 'preact';

const BAR_WIDTH = 74;
const BULLET_WIDTH = 52;
const SPARK_WIDTH = 52;
const SPARK_HEIGHT = 18;

/** A share of 0..1 as a bar on a scale that is always 0..100 %, with a whisker of one standard deviation. */
export function ShareBar({ mean, std }: { mean: number; std: number }): JSX.Element {
  const low = BAR_WIDTH * Math.max(0, mean - std);
  const high = BAR_WIDTH * Math.min(1, mean + std);
  return (
    <svg class="dv-Bar" viewBox={`0 0 ${BAR_WIDTH + 2} 14`} preserveAspectRatio="none" aria-hidden="true">
      <rect y="3" width={BAR_WIDTH} height="8" fill="var(--dv-track)" />
      <rect y="3" width={px(BAR_WIDTH * mean)} height="8" fill="var(--dv-iua)" opacity=".82" />
      <path
        d={`M${px(low)} 7H${px(high)}M${px(low)} 4.5v5M${px(high)} 4.5v5`}
        stroke="var(--dv-fg)"
        stroke-width="1.2"
        opacity=".8"
      />
    </svg>
  );
}

/** How many of a layer's units to keep: a filled part, and a tick at the original size. */
export function KeepBullet({ keep, units }: { keep: number; units: number }): JSX.Element {
  return (
    <svg class="dv-Bullet" viewBox={`0 0 ${BULLET_WIDTH} 14`} preserveAspectRatio="none" aria-hidden="true">
      <rect y="3" width={BULLET_WIDTH} height="8" fill="var(--dv-track)" />
      <rect y="3" width={px((BULLET_WIDTH * keep) / units)} height="8" fill="var(--dv-pfa)" opacity=".85" />
      <path d={`M${BULLET_WIDTH - 0.5} 1v12`} stroke="var(--dv-fg-muted)" />
    </svg>
  );
}

/** Cumulative energy along the components, with a dot where `share` of them is kept. */
export function EnergySpark({ energy, share }: { energy: Float32Array; share: number }): JSX.Element {
  const x = (at: number) => px(at * SPARK_WIDTH);
  const y = (value: number) => px(SPARK_HEIGHT - 2 - value * (SPARK_HEIGHT - 4));
  const steps = energy.length - 1;
  const line = Array.from(energy, (value, i) => `${i === 0 ? 'M' : 'L'}${x(i / steps)} ${y(value)}`).join('');
  const dot = y(interpolate(energy, share));
  return (
    <svg class="dv-Spark" width={SPARK_WIDTH} height={SPARK_HEIGHT} aria-hidden="true">
      <path d={`M0 ${SPARK_HEIGHT - 1.5}H${SPARK_WIDTH}`} stroke="var(--dv-line)" />
      <path d={line} fill="none" stroke="var(--dv-pfa)" stroke-width="1.3" />
      <path d={`M${x(share)} ${dot}V${SPARK_HEIGHT - 2}`} stroke="var(--dv-pfa)" stroke-dasharray="1.5 1.5" />
      <circle cx={x(share)} cy={dot} r="2.4" fill="var(--dv-pfa)" />
    </svg>
  );
}

/** The value of a curve over 0..1 that is given at equal steps. */
export function interpolate(curve: Float32Array, share: number): number {
  const at = Math.min(1, Math.max(0, share)) * (curve.length - 1);
  const low = curve[Math.floor(at)] ?? 0;
  const high = curve[Math.ceil(at)] ?? low;
  return low + (high - low) * (at - Math.floor(at));
}

function px(value: number): number {
  return Math.round(10 * value) / 10;
}
