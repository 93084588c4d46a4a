import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { IuaDetail, PfaDetail } from '../../protocol/focus';
import { Icon } from '../../render/icon';
import { type LayerRow, kindOf } from '../../store/layers/rows';
import { trans } from '../../store/shared/trans';
import { kindIcon } from '../ui/words/kindIcon';
import { LayerName } from '../ui/words/layerName';
import { Button, State } from '../ui/parts';
import { count, shape } from '../ui/words/format';
import { PlainSection } from './PlainSection';
import { SpectrumSection } from './SpectrumSection';
import { UnitsSection } from './UnitsSection';
import { STATE_ICONS } from './cells';
import { type Page, isAnswering, stateOf } from '../run/page';

/** All there is to say of one layer, kept up to date while the run continues. */
export function LayerDetail({ page, layer }: { page: Page; layer: string }): JSX.Element {
  const { view, record } = page;
  const pane = useRef<HTMLElement>(null);
  const row = view.rows.value.find(({ name }) => name === layer);
  const details = record.details.get(layer);
  // Principal filters first, as in the design.
  const parts = [...(details?.parts ?? [])].sort((a, b) => b.analysis.localeCompare(a.analysis));
  return (
    <aside
      ref={pane}
      class="dv-Detail"
      data-testid="dv-layer-detail"
      data-layer={layer}
      aria-label={trans.__('Layer %1', layer)}
    >
      <Head page={page} layer={layer} row={row} />
      <div class="dv-Detail-body" tabIndex={0}>
        {parts.map(part => (
          <Part key={part.introspector} page={page} row={row} part={part} />
        ))}
        {(details?.others ?? []).map(other => (
          <PlainSection key={other.introspector} page={page} detail={other} />
        ))}
        {details === undefined && <p class="dv-caption">{absentText(page)}</p>}
        {details !== undefined && parts.length + details.others.length === 0 && (
          <p class="dv-caption">{trans.__('There are no numbers of this layer yet.')}</p>
        )}
        <Note page={page} row={row} />
      </div>
    </aside>
  );
}

interface PartProps {
  page: Page;
  row: LayerRow | undefined;
  part: IuaDetail | PfaDetail;
}

function Part({ page, row, part }: PartProps): JSX.Element {
  const cells = row?.cells.get(part.introspector);
  return part.analysis === 'pfa' ? (
    <SpectrumSection page={page} detail={part} cells={cells?.analysis === 'pfa' ? cells : undefined} />
  ) : (
    <UnitsSection detail={part} cells={cells?.analysis === 'iua' ? cells : undefined} />
  );
}

function absentText(page: Page): string {
  return isAnswering(page)
    ? trans.__('Waiting for the kernel.')
    : trans.__('The details of this layer were not kept. They need the kernel of the run.');
}

function Head({ page, layer, row }: { page: Page; layer: string; row: LayerRow | undefined }): JSX.Element {
  const { view } = page;
  const kind = row === undefined ? '' : kindOf(row);
  const names = view.visible.value.map(({ name }) => name);
  const at = names.indexOf(layer);
  return (
    <div class="dv-Detail-head">
      <div class="dv-Detail-title">
        <h3 title={layer}>
          <LayerName name={layer} />
        </h3>
        {kind !== '' && (
          <span class="dv-Kind">
            <Icon name={kindIcon(kind)} size={13} />
            {kind}
          </span>
        )}
        <span class="dv-caption">{sizeText(row)}</span>
      </div>
      <Button
        bare
        look="plain"
        icon="up"
        label={trans.__('Previous layer')}
        disabled={at <= 0}
        onClick={() => {
          view.step(-1);
        }}
      />
      <Button
        bare
        look="plain"
        icon="chevron"
        label={trans.__('Next layer')}
        disabled={at < 0 || at === names.length - 1}
        onClick={() => {
          view.step(1);
        }}
      />
      <Button
        bare
        look="plain"
        icon="close"
        label={trans.__('Close')}
        testId="dv-detail-close"
        onClick={() => {
          view.open.value = false;
        }}
      />
    </div>
  );
}

function sizeText(row: LayerRow | undefined): string {
  // Of a layer without positions the shape is the number of units.
  const sizes = row?.info?.shape ?? [];
  const dimensions = sizes.length > 2 ? shape(sizes) : '';
  const units = row?.units ?? null;
  const text = units === null ? '' : trans._n('%2 unit', '%2 units', units, count(units));
  return [dimensions, text].filter(part => part !== '').join(' · ');
}

/** The state of the layer, with its reasons. */
function Note({ page, row }: { page: Page; row: LayerRow | undefined }): JSX.Element | null {
  if (row === undefined) {
    return null;
  }
  const { tone, word, note } = stateOf(page, row);
  return (
    <p class="dv-Detail-note">
      <State tone={tone} word={word} icon={STATE_ICONS[tone]} />
      {note !== '' && <span>{note}</span>}
    </p>
  );
}
