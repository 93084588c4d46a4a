import type { JSX } from 'preact';
import { useSignal } from '@preact/signals';
import type { IuaDetail } from '../../protocol/focus';
import { ShareHistogram, shareBins } from '../../render/histogram';
import type { IuaCells } from '../../store/layers/rows';
import { trans } from '../../store/shared/trans';
import { count, percent } from '../ui/words/format';
import { Segmented } from '../ui/Segmented';
import { UnitList } from './UnitList';
import { UnitMap } from './UnitMap';
import { groupLabel } from './columnLook';

const LOOKS = ['map', 'histogram', 'list'] as const;
type Look = (typeof LOOKS)[number];

const WORDS: Readonly<Record<Look, () => string>> = {
  map: () => trans.__('Map'),
  histogram: () => trans.__('Histogram'),
  list: () => trans.__('List'),
};

/** How often each unit of a layer is inactive. */
export function UnitsSection({
  detail,
  cells,
}: {
  detail: IuaDetail;
  cells: IuaCells | undefined;
}): JSX.Element {
  const look = useSignal<Look>('map');
  const title = groupLabel({ name: detail.introspector, analysis: 'iua' });
  return (
    <section class="dv-DetailPart iua" aria-label={title}>
      <div class="dv-DetailPart-head">
        <h4>{title}</h4>
        <span class="dv-caption">{summary(detail, cells)}</span>
        <span class="dv-grow" />
        <Segmented
          label={trans.__('Units as')}
          value={look.value}
          options={LOOKS.map(option => [option, WORDS[option]()] as const)}
          choose={option => {
            look.value = option;
          }}
        />
      </div>
      <Units look={look.value} detail={detail} />
    </section>
  );
}

function Units({ look, detail }: { look: Look; detail: IuaDetail }): JSX.Element {
  switch (look) {
    case 'map':
      return <UnitMap shares={detail.share} />;
    case 'histogram':
      return (
        <ShareHistogram shares={detail.share} deadWord={trans.__('dead')} label={histogramText(detail)} />
      );
    case 'list':
      return <UnitList shares={detail.share} />;
  }
}

function summary({ share }: IuaDetail, cells: IuaCells | undefined): string {
  if (cells?.dead === null) {
    return cells.note;
  }
  const { dead } = shareBins(share);
  const deadText = trans._n('%2 dead', '%2 dead', dead, count(dead));
  return cells === undefined || Number.isNaN(cells.mean)
    ? deadText
    : trans.__('%1 ± %2 inactive · %3', percent(cells.mean), percent(cells.std), deadText);
}

function histogramText({ share }: IuaDetail): string {
  const { bins, dead } = shareBins(share);
  return trans.__(
    'Units by inactive share, in steps of 5%: %1; dead: %2',
    bins.map(count).join(', '),
    count(dead),
  );
}
