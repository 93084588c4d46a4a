import type { JSX } from 'preact';

const WIDTH = 408;
const HEIGHT = 178;
const LEFT = 34;
const RIGHT = 34;
const TOP = 22;
const BOTTOM = 20;
const PLOT_WIDTH = WIDTH - LEFT - RIGHT;
const PLOT_HEIGHT = HEIGHT - TOP - BOTTOM;
/** One bar per component up to here; beyond, a bar stands for several and is as high as the largest. */
const MOST_BARS = 170;
/** What is smaller than the largest by so many powers of ten is rounding. */
const DECADES = 8;
const MOST_TICKS = 5;

type Values = ArrayLike<number>;

interface Props {
  /** Not negative, descending. */
  eigenvalues: Values;
  /** Share of the energy in the first 1, 2, ... components. */
  energy: Values;
  /** Components kept; null while nobody recommends. */
  keep: number | null;
  /** What stands at the cut. */
  cut: string;
  /** What stands where components have no energy; only where there are some. */
  emptyWord: string;
  /** For those who cannot see it. */
  label: string;
}

/** How many of the components, the largest first, have energy beyond rounding. */
export function carrying(eigenvalues: Values): number {
  const least = (eigenvalues[0] ?? 0) * 10 ** -DECADES;
  return Array.from(eigenvalues).filter(value => value > least).length;
}

/** Eigenvalues on a log scale, those kept and those dropped, and on a second axis the energy in the first ones. */
export function SpectrumChart({ eigenvalues, energy, keep, cut, emptyWord, label }: Props): JSX.Element {
  const total = eigenvalues.length;
  const scale = logScale(eigenvalues);
  const at = keep ?? total;
  return (
    <svg class="dv-Spectrum" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      {scale.ticks.map(exponent => (
        <g key={exponent}>
          <path
            class="dv-Grid"
            d={`M${LEFT} ${px(scale.y(exponent))}h${PLOT_WIDTH}`}
            stroke="var(--dv-line-soft)"
          />
          <text x={LEFT - 5} y={px(scale.y(exponent) + 3.5)} text-anchor="end">{`1e${exponent}`}</text>
        </g>
      ))}
      <path d={bars(eigenvalues, 0, at, scale)} fill="var(--dv-pfa)" opacity=".55" />
      <path d={bars(eigenvalues, at, total, scale)} fill="var(--dv-fg-muted)" opacity=".3" />
      <path d={`M${LEFT} ${TOP + PLOT_HEIGHT}h${PLOT_WIDTH}`} stroke="var(--dv-border)" />
      <WithoutEnergy from={carrying(eigenvalues) / total} word={emptyWord} />
      <Energy energy={energy} />
      {keep !== null && keep > 0 && <Cut at={keep / total} share={energy[keep - 1] ?? 0} text={cut} />}
      {xTicks(total).map(component => (
        <text key={component} x={px(x(component / total))} y={HEIGHT - 6} text-anchor="middle">
          {component.toLocaleString('en-US')}
        </text>
      ))}
    </svg>
  );
}

function WithoutEnergy({ from, word }: { from: number; word: string }): JSX.Element | null {
  const left = x(from);
  const width = LEFT + PLOT_WIDTH - left;
  return from < 1 ? (
    <g class="dv-Spectrum-empty">
      <rect
        x={px(left)}
        y={TOP}
        width={px(width)}
        height={PLOT_HEIGHT}
        fill="var(--dv-fg-muted)"
        opacity=".12"
      />
      {width > 6.2 * word.length && (
        <text x={px(left + width / 2)} y={TOP + PLOT_HEIGHT / 2} text-anchor="middle">
          {word}
        </text>
      )}
    </g>
  ) : null;
}

function Energy({ energy }: { energy: Values }): JSX.Element {
  return (
    <g>
      {[0, 50, 100].map(percent => (
        <text key={percent} x={WIDTH - RIGHT + 5} y={px(shareY(percent / 100) + 3.5)}>{`${percent}%`}</text>
      ))}
      <path d={energyLine(energy)} fill="none" stroke="var(--dv-pfa)" stroke-width="1.5" />
    </g>
  );
}

function Cut({ at, share, text }: { at: number; share: number; text: string }): JSX.Element {
  const left = x(at);
  const width = 6.2 * text.length + 10;
  const box = Math.min(WIDTH - width, Math.max(0, left - width / 2));
  return (
    <g>
      <path d={`M${px(left)} ${TOP - 3}V${TOP + PLOT_HEIGHT}`} stroke="var(--dv-fg)" stroke-width="1.3" />
      {Number.isFinite(share) && (
        <circle
          cx={px(left)}
          cy={px(shareY(share))}
          r="3.5"
          fill="var(--dv-bg)"
          stroke="var(--dv-pfa)"
          stroke-width="1.6"
        />
      )}
      <rect x={px(box)} y="1" width={px(width)} height="17" rx="2" fill="var(--dv-fg0)" />
      <text x={px(box + width / 2)} y="13" text-anchor="middle" class="dv-on-dark">
        {text}
      </text>
    </g>
  );
}

interface LogScale {
  /** The height of a power of ten. */
  readonly y: (exponent: number) => number;
  readonly ticks: readonly number[];
}

export function logScale(values: Values): LogScale {
  const largest = values[0] ?? 0;
  if (!(largest > 0)) {
    return { y: () => TOP + PLOT_HEIGHT, ticks: [] };
  }
  const high = Math.log10(largest);
  const positive = Array.from(values).filter(value => value > 0);
  const low = Math.max(Math.log10(positive.at(-1) ?? largest), high - DECADES);
  const span = Math.max(high - low, 0.3);
  // The smallest is seen too.
  const bottom = low - 0.06 * span;
  const ticks = powers(Math.ceil(bottom), Math.floor(high));
  return { y: exponent => TOP + PLOT_HEIGHT * Math.min(1, (high - exponent) / (high - bottom)), ticks };
}

function powers(from: number, to: number): number[] {
  const step = Math.max(1, Math.ceil((to - from + 1) / MOST_TICKS));
  return Array.from({ length: Math.max(0, Math.floor((to - from) / step) + 1) }, (_, i) => from + i * step);
}

/** Bars for the components from..to of a spectrum. */
function bars(values: Values, from: number, to: number, scale: LogScale): string {
  const total = values.length;
  const number = Math.min(to - from, Math.ceil((MOST_BARS * (to - from)) / total));
  const gap = total <= MOST_BARS / 2 ? 0.15 : 0;
  let path = '';
  for (let bar = 0; bar < number; bar++) {
    const first = from + Math.floor((bar * (to - from)) / number);
    const next = from + Math.floor(((bar + 1) * (to - from)) / number);
    const value = values[first] ?? 0;
    if (value > 0) {
      const right = x((next - gap) / total);
      path += `M${px(x(first / total))} ${px(scale.y(Math.log10(value)))}H${px(right)}V${TOP + PLOT_HEIGHT}H${px(x(first / total))}z`;
    }
  }
  return path;
}

function energyLine(energy: Values): string {
  const total = energy.length;
  const points = Math.min(total, MOST_BARS);
  let path = `M${LEFT} ${TOP + PLOT_HEIGHT}`;
  for (let i = 1; i <= points; i++) {
    const component = Math.round((i * total) / points);
    const share = energy[component - 1] ?? NaN;
    if (Number.isNaN(share)) {
      return '';
    }
    path += `L${px(x(component / total))} ${px(shareY(share))}`;
  }
  return path;
}

/** The first and the last component, and what lies evenly between. */
function xTicks(total: number): number[] {
  return [...new Set([1, ...[0.25, 0.5, 0.75, 1].map(share => Math.max(1, Math.round(share * total)))])];
}

function x(share: number): number {
  return LEFT + PLOT_WIDTH * share;
}

function shareY(share: number): number {
  return TOP + PLOT_HEIGHT * (1 - share);
}

function px(value: number): number {
  return Math.round(10 * value) / 10;
}
