import type { JSX, RefObject } from 'preact';
import { Icon } from '../../../render/icon';
import type { LayerPicker } from '../../../store/launch/layerPicker';
import type { Layered } from '../../../store/launch/plan';
import { trans } from '../../../store/shared/trans';
import { KindChips } from '../../ui/KindChips';
import { sentence } from '../../ui/trouble';
import { count } from '../../ui/words/format';
import { LayerList } from './LayerList';
import { Section } from '../Section';
import type { PanelLink } from '../target';

interface Props {
  link: PanelLink;
  search: RefObject<HTMLInputElement | null>;
}

export function Layers({ link, search }: Props): JSX.Element {
  const layered = link.plan.layered.value;
  const picker = layered.kind === 'known' ? layered.picker : null;
  return (
    <Section
      title={trans.__('Layers')}
      summary={
        picker === null
          ? undefined
          : trans.__('%1 of %2 chosen', count(picker.chosen.value.length), count(picker.layers.value.length))
      }
      testId="dv-layers"
      grow={picker === null ? 'fixed' : 'half'}
      tools={picker !== null && <ShownTools picker={picker} />}
    >
      {layered.kind === 'known' ? (
        <Picker key={`${link.id} ${layered.source.name}`} picker={layered.picker} search={search} />
      ) : (
        <Absent layered={layered} />
      )}
    </Section>
  );
}

/** They act on what the filters leave. */
function ShownTools({ picker }: { picker: LayerPicker }): JSX.Element {
  const tool = (label: string, title: string, on: boolean) => (
    <button
      type="button"
      class="dv-Link dv-caption"
      title={title}
      onClick={() => {
        picker.setShown(on);
      }}
    >
      {label}
    </button>
  );
  return (
    <>
      {tool(trans.__('All shown'), trans.__('Select all shown layers'), true)}
      {tool(trans.__('None'), trans.__('Deselect all shown layers'), false)}
    </>
  );
}

function Absent({ layered }: { layered: Exclude<Layered, { kind: 'known' }> }): JSX.Element {
  switch (layered.kind) {
    case 'none':
      return (
        <p class="dv-SidePanel-note dv-muted">
          {trans.__('Choose a model, or a pipeline that ends in one, to see its layers.')}
        </p>
      );
    case 'waiting':
      return (
        <p class="dv-SidePanel-note dv-muted">
          {trans.__('Waiting for the layers of %1.', layered.source.name)}
        </p>
      );
    case 'problem':
      return (
        <div class="dv-Err dv-SidePanel-note" role="alert">
          <b>{trans.__('The layers of %1 cannot be read.', layered.source.name)}</b>{' '}
          {sentence(layered.problem)}
        </div>
      );
  }
}

function Picker({ picker, search }: { picker: LayerPicker; search: Props['search'] }): JSX.Element {
  const { problem } = picker.search.value;
  return (
    <>
      <div class="dv-LayerFilter">
        <label class="dv-Input">
          <Icon name="search" size={13} />
          <input
            ref={search}
            type="text"
            data-testid="dv-layer-search"
            placeholder={trans.__('Search layers, or /regex/')}
            aria-label={trans.__('Search layers by name, or by a regular expression between slashes')}
            aria-invalid={problem !== null}
            spellcheck={false}
            value={picker.text.value}
            onInput={event => {
              picker.text.value = event.currentTarget.value;
            }}
          />
        </label>
        {picker.kindCounts.value.size > 0 && (
          <KindChips
            counts={picker.kindCounts.value}
            on={picker.kinds.value}
            toggle={kind => {
              picker.toggleKind(kind);
            }}
          />
        )}
      </div>
      {picker.visible.value.length === 0 ? (
        <NoneShown picker={picker} problem={problem} />
      ) : (
        <LayerList picker={picker} />
      )}
    </>
  );
}

function NoneShown({ picker, problem }: { picker: LayerPicker; problem: string | null }): JSX.Element {
  if (!picker.filtered) {
    return <p class="dv-SidePanel-note dv-muted">{trans.__('It has no layers.')}</p>;
  }
  return (
    <p class="dv-SidePanel-note dv-muted" role="status">
      {problem === null
        ? trans.__('No layer matches.')
        : trans.__('This is no regular expression: %1', sentence(problem))}{' '}
      <button
        type="button"
        class="dv-Link"
        onClick={() => {
          picker.clearFilter();
        }}
      >
        {trans.__('Clear the filters')}
      </button>
    </p>
  );
}
