import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Source } from '../../../protocol/messages';
import { Icon, type IconName } from '../../../render/icon';
import { isModel } from '../../../store/launch/ingredients';
import { trans } from '../../../store/shared/trans';
import { More, usePages } from '../../ui/More';
import { parameters, samples } from '../../ui/words/amounts';
import { Button } from '../../ui/parts';
import { useRoving } from '../../ui/roving';
import { compact, count } from '../../ui/words/format';
import { Section } from '../Section';
import type { PanelLink, PanelTarget } from '../target';

const ICONS: Readonly<Record<Source['role'], IconName>> = {
  model: 'model',
  framework_model: 'model',
  pipeline: 'pipe',
  producer: 'data',
  data: 'data',
  candidate: 'call',
};

interface Props extends Pick<PanelTarget, 'insertCode'> {
  readonly link: PanelLink;
}

/** What is in the kernel: a click takes it for the next run. */
export function Sources({ link, insertCode }: Props): JSX.Element {
  const { plan, store } = link;
  const all = plan.sources.value;
  const known = all.filter(({ role }) => role !== 'candidate');
  const asked = useSignal(false);
  const candidates = all.filter(source => source.role === 'candidate');
  // A function that was declared a producer is one.
  const shown = [...known, ...candidates.filter(source => asked.value || plan.isUsed(source))];
  const page = usePages(shown, store.preferences.value.pageSize);
  const told = store.state.value.namespace !== null;
  return (
    <Section
      title={trans.__('In this kernel')}
      summary={known.length > 0 ? count(known.length) : undefined}
      testId="dv-sources"
      grow="some"
      tools={
        <Button
          look="plain"
          bare
          icon="refresh"
          label={trans.__('Refresh the variables')}
          onClick={() => {
            link.scan();
          }}
        />
      }
    >
      {told && known.length === 0 && (
        <>
          <p class="dv-SidePanel-note dv-muted">
            {trans.__('No model and no data yet. Run a cell that defines a model and data.')}
          </p>
          <Example insertCode={insertCode} />
        </>
      )}
      {!told && <p class="dv-SidePanel-note dv-muted">{trans.__('Waiting for the kernel.')}</p>}
      <Rows link={link} sources={page.shown} />
      <More rest={page.rest} showMore={page.showMore} />
      {candidates.length > 0 && (
        <button
          type="button"
          class="dv-Link dv-Candidates dv-caption"
          aria-expanded={asked.value}
          data-testid="dv-candidates"
          onClick={() => {
            asked.value = !asked.value;
          }}
        >
          {candidatesText(candidates.length, asked.value)}
        </button>
      )}
    </Section>
  );
}

/** Runs as it stands: network and data come with the package. */
const EXAMPLE = `from deepview_lab import demo
producer = demo.pipeline()  # data, then a small network
producer`;

/** What such a cell looks like. */
function Example({ insertCode }: Pick<PanelTarget, 'insertCode'>): JSX.Element {
  return (
    <div class="dv-SidePanel-note" data-testid="dv-example">
      <p class="dv-caption">{trans.__('For example:')}</p>
      <pre class="dv-Code" tabIndex={0}>
        {EXAMPLE}
      </pre>
      {insertCode !== null && (
        <Button
          icon="code"
          label={trans.__('Insert the example')}
          title={trans.__('Add a cell with this example below the active one')}
          onClick={() => {
            insertCode(EXAMPLE);
          }}
        />
      )}
    </div>
  );
}

function candidatesText(n: number, shown: boolean): string {
  return shown
    ? trans._n('Hide %2 possible producer', 'Hide %2 possible producers', n, count(n))
    : trans._n('Show %2 possible producer', 'Show %2 possible producers', n, count(n));
}

function Rows({ link: { plan }, sources }: { link: PanelLink; sources: readonly Source[] }): JSX.Element {
  const roving = useRoving(sources.length);
  return (
    <div
      role="toolbar"
      aria-orientation="vertical"
      aria-label={trans.__('Variables')}
      onKeyDown={roving.onKeyDown}
    >
      {sources.map((source, i) => (
        <button
          key={source.name}
          type="button"
          class="dv-Row"
          data-testid="dv-source"
          data-name={source.name}
          data-role={source.role}
          aria-pressed={plan.isUsed(source)}
          title={titleOf(source)}
          tabIndex={roving.tabIndex(i)}
          onFocus={() => {
            roving.onFocus(i);
          }}
          onClick={() => {
            plan.use(source);
          }}
        >
          <Icon name={ICONS[source.role]} />
          <span class="dv-Row-name">{source.name}</span>
          <span class="dv-Row-type dv-muted dv-ellipsis">{source.type}</span>
          {source.size !== null && <span class="dv-Row-end">{sizeOf(source, source.size)}</span>}
        </button>
      ))}
    </div>
  );
}

function sizeOf(source: Source, size: number): string {
  return isModel(source) ? compact(size) : count(size);
}

function titleOf(source: Source): string {
  const { name, type, size } = source;
  const amount = isModel(source) ? parameters : samples;
  return [`${name}: ${type}`, ...(size === null ? [] : [amount(size)])].join(', ');
}
