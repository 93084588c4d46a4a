import type { JSX } from 'preact';

const WIDTH = 408;
const HEIGHT = 110;
const BOTTOM = 16;
const TOP = 14;
const BINS = 20;
/** Between the last bin and that of the dead. */
const GAP = 10;
const BAR = (WIDTH - GAP) / (BINS + 1);

/** How many units lie in each twentieth of 0..1; those at exactly 1 are counted apart. */
export function shareBins(shares: ArrayLike<number>): {
  readonly bins: readonly number[];
  readonly dead: number;
} {
  const bins = Array.from({ length: BINS }, () => 0);
  let dead = 0;
  for (const share of Array.from(shares)) {
    const bin = Math.min(BINS - 1, Math.floor(share * BINS));
    if (share === 1) {
      dead++;
    } else {
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
  }
  return { bins, dead };
}

interface Props {
  shares: ArrayLike<number>;
  /** Word under the bar of the dead. */
  deadWord: string;
  label: string;
}

/** Units by their inactive share, the dead ones in a bar of their own. */
export function ShareHistogram({ shares, deadWord, label }: Props): JSX.Element {
  const { bins, dead } = shareBins(shares);
  const most = Math.max(1, dead, ...bins);
  const bar = (count: number, left: number, fill: string) => {
    const height = Math.round(((HEIGHT - TOP - BOTTOM) * count) / most);
    return (
      <g key={left}>
        <rect x={left} y={HEIGHT - BOTTOM - height} width={BAR - 2} height={height} fill={fill} />
        {count > 0 && (
          <text x={left + BAR / 2 - 1} y={HEIGHT - BOTTOM - height - 3} text-anchor="middle">
            {count.toLocaleString('en-US')}
          </text>
        )}
      </g>
    );
  };
  return (
    <svg class="dv-Histogram" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <path
        d={`M0 ${HEIGHT - BOTTOM}H${BINS * BAR}M${BINS * BAR + GAP} ${HEIGHT - BOTTOM}H${WIDTH}`}
        stroke="var(--dv-border)"
      />
      {bins.map((count, i) => bar(count, i * BAR, 'var(--dv-iua)'))}
      {bar(dead, BINS * BAR + GAP, 'var(--dv-dead)')}
      <text x="0" y={HEIGHT - 4}>
        0%
      </text>
      <text x={BINS * BAR} y={HEIGHT - 4} text-anchor="end">
        100%
      </text>
      <text x={WIDTH} y={HEIGHT - 4} text-anchor="end">
        {deadWord}
      </text>
    </svg>
  );
}
