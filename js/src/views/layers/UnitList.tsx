import type { JSX } from 'preact';
import { useComputed, useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Numbers } from '../../protocol/tables';
import { trans } from '../../store/shared/trans';
import { segments } from '../ui/browser/rowWindow';
import { useVisibleRange } from '../ui/browser/viewport';
import { count, percent } from '../ui/words/format';

const ROW_HEIGHT = 22;

/** Units with their inactive share, the most inactive first. */
export function UnitList({ shares }: { shares: Numbers }): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const told = useSignal(shares);
  useLayoutEffect(() => {
    told.value = shares;
  }, [shares, told]);
  const units = useComputed(() => sorted(told.value));
  const [from, to] = useVisibleRange(scroller, ROW_HEIGHT, units);
  return (
    <div ref={scroller} class="dv-UnitList" tabIndex={0}>
      <table aria-label={trans.__('Units by inactive share')} aria-rowcount={units.value.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col">{trans.__('Unit')}</th>
            <th scope="col">{trans.__('Inactive')}</th>
          </tr>
        </thead>
        <tbody>
          {segments(units.value.length, from, to, -1).map(segment =>
            segment.kind === 'gap' ? (
              <tr
                key={`gap ${segment.from}`}
                aria-hidden="true"
                style={{ height: `${segment.rows * ROW_HEIGHT}px` }}
              />
            ) : (
              units.value.slice(segment.from, segment.to).map((unit, i) => (
                <tr key={unit} aria-rowindex={segment.from + i + 2}>
                  <td>{count(unit)}</td>
                  <td>{shareText(told.value[unit] ?? 0)}</td>
                </tr>
              ))
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}

/** Unit numbers, from 0 as in Python, by share; equal ones by number. */
function sorted(shares: Numbers): number[] {
  return Array.from(shares, (_, unit) => unit).sort((a, b) => (shares[b] ?? 0) - (shares[a] ?? 0) || a - b);
}

function shareText(share: number): string {
  return share === 1 ? trans.__('dead') : percent(share);
}
