import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { DEAD } from '../../protocol/messages';
import { drawHeatStrip } from '../../render/heatStrip';
import { Icon, type IconName } from '../../render/icon';
import { EnergySpark, KeepBullet, ShareBar } from '../../render/marks';
import { absence, type LayerState } from '../../store/layers/layerState';
import { type Cells, type IuaCells, type LayerRow, type PfaCells } from '../../store/layers/rows';
import { isOver } from '../../store/kernel/state';
import { trans } from '../../store/shared/trans';
import { kindIcon } from '../ui/words/kindIcon';
import { LayerName } from '../ui/words/layerName';
import { State } from '../ui/parts';
import { usePalette } from '../ui/theme';
import { count, percent } from '../ui/words/format';
import type { Page } from '../run/page';

export function NameCell({ row }: { row: LayerRow }): JSX.Element {
  return (
    <span class="dv-Cell">
      <span class="dv-Mark" aria-hidden="true" />
      <LayerName name={row.name} />
    </span>
  );
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
    return <span class="dv-muted">{trans.__('no exact zeros')}</span>;
  }
  return (
    <span
      class="dv-Cell"
      title={trans.__('%1 ± %2 of the values per sample', percent(cells.mean), percent(cells.std))}
    >
      <span class="dv-value">{percent(cells.mean)}</span>
      <ShareBar mean={cells.mean} std={cells.std} />
      <span class="dv-sr">{trans.__('plus or minus %1', percent(cells.std))}</span>
    </span>
  );
}

export function DeadCell({ cells, running }: { cells: IuaCells; running: boolean }): JSX.Element | null {
  const { dead } = cells;
  if (hasNoZeros(cells)) {
    return null;
  }
  if (dead === null) {
    return (
      <span class="dv-muted" title={cells.note}>
        –
      </span>
    );
  }
  const title = running
    ? trans._n('1 unit dead so far', '%2 units dead so far', dead, count(dead))
    : trans._n('1 dead unit', '%2 dead units', dead, count(dead));
  return dead > 0 ? (
    <b class="dv-dead" title={title}>
      {count(dead)}
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

function describeStrip({ strip, dead, units, note }: IuaCells): string {
  if (dead === null) {
    return note;
  }
  const shares = [...strip].filter(value => value < DEAD).map(value => value / (DEAD - 1));
  const [most = 1] = shares;
  const least = shares.at(-1) ?? 1;
  const some = trans._n('%2 of 1 unit dead', '%2 of %3 units dead', units, count(dead), count(units));
  return dead < units
    ? trans.__('%1, the others inactive from %2 to %3', some, percent(most), percent(least))
    : some;
}

export function KeepCell({ cells, page }: { cells: PfaCells; page: Page }): JSX.Element {
  const { keep, units } = cells;
  const missing = absence(cells, page.record);
  if (keep === null || missing !== null) {
    return (
      <span class="dv-muted" title={cells.note}>
        {missing ?? trans.__('waiting')}
      </span>
    );
  }
  const title = [
    trans._n('%2 of 1 unit suffices.', '%2 of %3 units suffice.', units, count(keep), count(units)),
    cells.constant > 0
      ? trans._n('1 unit does not vary.', '%2 units do not vary.', cells.constant, count(cells.constant))
      : '',
    trans._n('From 1 sample.', 'From %2 samples.', cells.age, count(cells.age)),
  ];
  return (
    <span class="dv-Cell" title={title.filter(text => text !== '').join(' ')}>
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

export const STATE_ICONS: Readonly<Record<LayerState['tone'], IconName | 'pulse'>> = {
  live: 'pulse',
  ok: 'ok',
  warn: 'warn',
  err: 'warn',
  off: 'pause',
};

const REST_ICONS: Readonly<Record<NonNullable<LayerState['rest']>, IconName>> = {
  waiting: 'wait',
  stopped: 'stop',
};

export function StateCell({ row, state }: { row: LayerRow; state: LayerState }): JSX.Element {
  const { tone, rest, word, note } = state;
  const leftOut = [...row.cells.values()].some(cells => cells.nonfinite > 0);
  return (
    <span class="dv-Cell" title={note}>
      <State tone={tone} word={word} icon={rest === undefined ? STATE_ICONS[tone] : REST_ICONS[rest]} />
      {leftOut && tone !== 'warn' && tone !== 'err' && (
        <span class="dv-State warn">
          <Icon name="warn" size={13} />
        </span>
      )}
      {note !== '' && <span class="dv-sr">{note}</span>}
    </span>
  );
}
