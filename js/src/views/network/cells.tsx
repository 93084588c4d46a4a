import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { drawHeatStrip } from '../../render/heatStrip';
import { Icon, type IconName } from '../../render/icon';
import { EnergySpark, KeepBullet, ShareBar } from '../../render/marks';
import { absence, type LayerState } from '../../store/layerState';
import { type Cells, type IuaCells, type LayerRow, type PfaCells } from '../../store/rows';
import { isOver } from '../../store/state';
import { kindIcon } from '../common/kindIcon';
import { LayerName } from '../common/layerName';
import { State } from '../common/parts';
import { usePalette } from '../common/theme';
import { count, percent, plural } from '../format';
import type { Page } from './page';

const DEAD = 255;

export function NameCell({ row }: { row: LayerRow }): JSX.Element {
  return <LayerName name={row.name} />;
}

export function KindCell({ kind }: { kind: string }): JSX.Element {
  return (
    <span class="dv-Kind" title={kind}>
      <Icon name={kindIcon(kind)} size={13} />
      <span class="dv-ellipsis">{kind}</span>
    </span>
  );
}

/** Where numbers will be, or a dash where none will come any more. */
export function NoData({ page, width }: { page: Page; width: number }): JSX.Element {
  const { state, lost } = page.record;
  const ended = lost || (state !== null && isOver(state.status));
  return ended ? (
    <span class="dv-muted">–</span>
  ) : (
    <span class="dv-Skeleton" style={{ width: `${width}%` }} />
  );
}

export function hasData(cells: Cells | undefined): cells is Cells {
  return cells !== undefined && cells.samples > 0;
}

/** Dense layers without a rectifier, for instance, have no exact zeros: a bar of 0 % would mislead. */
function hasNoZeros(cells: IuaCells): boolean {
  return cells.mean === 0 && cells.dead === 0;
}

export function MeanCell({ cells }: { cells: IuaCells }): JSX.Element {
  if (hasNoZeros(cells)) {
    return <span class="dv-muted">no exact zeros</span>;
  }
  return (
    <span class="dv-Cell" title={`${percent(cells.mean)} ± ${percent(cells.std)} of the values per sample`}>
      <span class="dv-value">{percent(cells.mean)}</span>
      <ShareBar mean={cells.mean} std={cells.std} />
      <span class="dv-sr">{`plus or minus ${percent(cells.std)}`}</span>
    </span>
  );
}

export function DeadCell({ cells, running }: { cells: IuaCells; running: boolean }): JSX.Element | null {
  if (hasNoZeros(cells)) {
    return null;
  }
  const title = running ? `${plural(cells.dead, 'unit')} dead so far` : plural(cells.dead, 'dead unit');
  return cells.dead > 0 ? (
    <b class="dv-dead" title={title}>
      {count(cells.dead)}
    </b>
  ) : (
    <span class="dv-muted" title={title}>
      0
    </span>
  );
}

export function StripCell({ cells }: { cells: IuaCells }): JSX.Element | null {
  const canvas = useRef<HTMLCanvasElement>(null);
  const palette = usePalette();
  const bins = cells.strip.join();
  useLayoutEffect(() => {
    // `bins` stands for `cells.strip`, which is another array in every snapshot.
    if (canvas.current !== null && palette !== null) {
      drawHeatStrip(canvas.current, cells.strip, palette);
    }
  }, [bins, palette]);
  if (hasNoZeros(cells)) {
    return null;
  }
  return <canvas ref={canvas} class="dv-HeatStrip" role="img" aria-label={describeStrip(cells)} />;
}

function describeStrip({ strip, dead, units }: IuaCells): string {
  const shares = [...strip].filter(value => value < DEAD).map(value => value / (DEAD - 1));
  const [most = 1] = shares;
  const least = shares.at(-1) ?? 1;
  const rest = dead < units ? `, the others inactive from ${percent(most)} to ${percent(least)}` : '';
  return `${count(dead)} of ${plural(units, 'unit')} dead${rest}`;
}

export function KeepCell({ cells, page }: { cells: PfaCells; page: Page }): JSX.Element {
  const { keep, units } = cells;
  const missing = absence(cells, page.record);
  if (keep === null || missing !== null) {
    return (
      <span class="dv-muted" title={cells.note}>
        {missing ?? 'waiting'}
      </span>
    );
  }
  const constant = cells.constant > 0 ? `; ${plural(cells.constant, 'unit does', 'units do')} not vary` : '';
  const title = `${count(keep)} of ${plural(units, 'unit')} suffice${constant}. From ${plural(cells.age, 'sample')}.`;
  return (
    <span class="dv-Cell" title={title}>
      <KeepBullet keep={keep} units={units} />
      <span class="dv-num">
        <b>{count(keep)}</b>
        <span class="dv-muted"> / {count(units)}</span>
      </span>
    </span>
  );
}

export function EnergyCell({ cells }: { cells: PfaCells }): JSX.Element | null {
  const { keep, units, energy } = cells;
  return keep === null || energy.some(Number.isNaN) ? null : (
    <EnergySpark energy={energy} share={keep / units} />
  );
}

const STATE_ICONS: Readonly<Record<LayerState['tone'], IconName | 'pulse'>> = {
  live: 'pulse',
  ok: 'ok',
  warn: 'warn',
  err: 'warn',
  off: 'pause',
};

const WORD_ICONS: Readonly<Record<string, IconName>> = { waiting: 'wait', stopped: 'stop' };

export function StateCell({ row, state }: { row: LayerRow; state: LayerState }): JSX.Element {
  const { tone, word, note } = state;
  const leftOut = [...row.cells.values()].some(cells => cells.nonfinite > 0);
  return (
    <span class="dv-Cell" title={note}>
      <State tone={tone} word={word} icon={WORD_ICONS[word] ?? STATE_ICONS[tone]} />
      {leftOut && tone !== 'warn' && tone !== 'err' && (
        <span class="dv-State warn">
          <Icon name="warn" size={13} />
        </span>
      )}
      {note !== '' && <span class="dv-sr">{note}</span>}
    </span>
  );
}
