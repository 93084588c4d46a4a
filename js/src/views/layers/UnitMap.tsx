import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { drawUnitMap, mapLayout, unitAt } from '../../render/unitMap';
import type { Numbers } from '../../protocol/tables';
import { trans } from '../../store/shared/trans';
import { usePalette } from '../ui/theme';
import { count, percent } from '../ui/words/format';

/** A square for each unit in the order of their numbers; the list has the same numbers as text. */
export function UnitMap({ shares }: { shares: Numbers }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const palette = usePalette();
  const [pointed, point] = useState<number | null>(null);
  const layout = mapLayout(shares.length);
  useLayoutEffect(() => {
    if (canvas.current !== null && palette !== null) {
      drawUnitMap(canvas.current, shares, palette);
    }
  }, [shares, palette]);
  return (
    <>
      <canvas
        ref={canvas}
        class="dv-UnitMap"
        role="img"
        aria-label={trans.__('Inactive share of %1 units; the list has the numbers', count(shares.length))}
        style={{ aspectRatio: `${layout.width} / ${layout.height}`, maxWidth: `${layout.width}px` }}
        onMouseMove={event => {
          const scale = layout.width / event.currentTarget.clientWidth;
          point(unitAt(layout, shares.length, scale * event.offsetX, scale * event.offsetY));
        }}
        onMouseLeave={() => {
          point(null);
        }}
      />
      <div class="dv-Legend dv-caption">
        <span>0%</span>
        <i class="dv-Ramp" />
        <span>{trans.__('100% inactive')}</span>
        <i class="dv-DeadKey" />
        <span>{trans.__('dead')}</span>
        <span class="dv-grow" />
        <span class="dv-num">{pointed === null ? '' : unitText(pointed, shares[pointed] ?? 0)}</span>
      </div>
    </>
  );
}

function unitText(unit: number, share: number): string {
  return share === 1
    ? trans.__('unit %1: dead', count(unit))
    : trans.__('unit %1: %2', count(unit), percent(share));
}
