import type { JSX } from 'preact';
import type { PfaDetail } from '../../protocol/focus';
import { SpectrumChart, carrying } from '../../render/spectrum';
import { absence } from '../../store/layers/layerState';
import type { PfaCells } from '../../store/layers/rows';
import { trans } from '../../store/shared/trans';
import { samples } from '../ui/words/amounts';
import { count, percent } from '../ui/words/format';
import { groupLabel } from './columnLook';
import { KlRule } from './KlRule';
import { isPending } from './TotalBar';
import type { Page } from '../run/page';

interface Props {
  page: Page;
  detail: PfaDetail;
  cells: PfaCells | undefined;
}

/** The spectrum of a layer, its energy, and where the recipe cuts it. */
export function SpectrumSection({ page, detail, cells }: Props): JSX.Element {
  const { eigenvalue, energy } = detail;
  const keep = cells?.keep ?? null;
  const kept = keep === null ? NaN : (energy[keep - 1] ?? NaN);
  const cut = keep === null ? '' : cutText(keep, kept);
  return (
    <section
      class="dv-DetailPart pfa"
      aria-label={groupLabel({ name: detail.introspector, analysis: 'pfa' })}
    >
      <h4>{groupLabel({ name: detail.introspector, analysis: 'pfa' })}</h4>
      <div class="dv-Figures" aria-busy={isPending(page)}>
        <Figure
          value={keep === null ? '–' : count(keep)}
          unit={trans.__('of %1', count(eigenvalue.length))}
          label={keep === null && cells !== undefined ? absenceText(page, cells) : trans.__('units to keep')}
          testId="dv-figure-keep"
        />
        <Figure
          value={Number.isNaN(kept) ? '–' : (100 * kept).toFixed(1)}
          unit="%"
          label={trans.__('energy kept')}
          testId="dv-figure-energy"
        />
        <Figure
          value={cells === undefined || Number.isNaN(cells.kl) ? '–' : cells.kl.toFixed(2)}
          unit={trans.__('nats')}
          label={trans.__('KL from uniform')}
          testId="dv-figure-kl"
        />
      </div>
      <div class="dv-Axes dv-caption">
        <span>{trans.__('eigenvalue, log')}</span>
        <span>{trans.__('cumulative energy')}</span>
      </div>
      <SpectrumChart
        eigenvalues={eigenvalue}
        energy={energy}
        keep={keep}
        cut={cut}
        emptyWord={trans.__('no energy')}
        label={describe(detail, cut)}
      />
      <p class="dv-caption dv-Axis">{trans.__('component, largest first')}</p>
      {cells !== undefined && <p class="dv-caption">{sourceText(cells)}</p>}
      {cells !== undefined && page.view.recipe.strategy.value === 'kl' && (
        <KlRule page={page} detail={detail} cells={cells} />
      )}
    </section>
  );
}

interface FigureProps {
  value: string;
  unit: string;
  label: string;
  testId: string;
}

function Figure({ value, unit, label, testId }: FigureProps): JSX.Element {
  return (
    <div>
      <span data-testid={testId}>
        <b class="dv-figure">{value}</b> <span class="dv-muted">{unit}</span>
      </span>
      <span class="dv-caption">{label}</span>
    </div>
  );
}

function absenceText({ record }: Page, cells: PfaCells): string {
  return absence(cells, record) ?? trans.__('waiting');
}

function cutText(keep: number, share: number): string {
  return Number.isNaN(share)
    ? trans.__('keep %1', count(keep))
    : trans.__('keep %1 · %2', count(keep), percent(share));
}

function describe({ eigenvalue }: PfaDetail, cut: string): string {
  const empty = eigenvalue.length - carrying(eigenvalue);
  const text = trans._n(
    'Spectrum of %2 component, from %3 to %4',
    'Spectrum of %2 components, from %3 to %4',
    eigenvalue.length,
    count(eigenvalue.length),
    (eigenvalue[0] ?? 0).toExponential(1),
    (eigenvalue[eigenvalue.length - 1] ?? 0).toExponential(1),
  );
  const without = empty > 0 ? trans._n('%2 without energy', '%2 without energy', empty, count(empty)) : '';
  return [text, without, cut].filter(part => part !== '').join('; ');
}

/** How old the spectrum is, and what it leaves out. */
function sourceText(cells: PfaCells): string {
  const constant =
    cells.constant > 0
      ? trans._n('%2 unit does not vary.', '%2 units do not vary.', cells.constant, count(cells.constant))
      : '';
  return `${trans.__('From %1.', samples(cells.age))} ${constant}`.trim();
}
