import { useSignal } from '@preact/signals';
import type { JSX, RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import type { RunRecord } from '../../store/kernel/state';
import { picturesOf } from '../../store/dataset/media/pictures';
import type { DatasetView } from '../../store/dataset/view/datasetView';
import { trans } from '../../store/shared/trans';
import { type Page, isAnswering } from '../run/page';
import { consume } from '../ui/keys';
import { Choice } from './Choice';
import { DatasetBar } from './filters/DatasetBar';
import { Facets } from './columns/Facets';
import { ProjectionMap } from './map/ProjectionMap';
import { SampleView } from './samples/SampleView';
import { SelectionBar, onDatasetKey } from './SelectionBar';
import type { Send } from './selection/SendToPython';
import { Tabs } from './Tabs';
import { panesOf } from './panes/panes';

interface Props {
  page: Page;
  search: RefObject<HTMLInputElement | null>;
}

interface ExplorerProps extends Props {
  view: DatasetView;
  children: JSX.Element | false;
}

/** The introspectors of a run that know single samples: a report first, which has all that the others have. */
export function tablesOf(record: RunRecord): string[] {
  const names = (record.state?.introspections ?? [])
    .filter(({ name }) => record.samples.has(name))
    .sort((a, b) => Number(b.analysis === 'report') - Number(a.analysis === 'report'))
    .map(({ name }) => name);
  return names;
}

/** The samples of a run: linked views of one table, which filter and select together. */
export function DatasetPage({ page, search }: Props): JSX.Element {
  const tables = tablesOf(page.record);
  const wanted = useSignal<string | null>(null);
  const name = tables.find(table => table === wanted.value) ?? tables[0] ?? '';
  const dataset = page.store.datasets.of(page.record.id, name);
  return dataset === null ? (
    <div class="dv-Middle">
      <p class="dv-muted">{trans.__('Waiting for the samples.')}</p>
    </div>
  ) : (
    <Explorer key={name} page={page} search={search} view={page.store.datasetViews.of(dataset)}>
      {tables.length > 1 && (
        <Choice
          label={trans.__('Result')}
          value={name}
          options={tables.map(table => [table, table])}
          choose={table => {
            wanted.value = table;
          }}
        />
      )}
    </Explorer>
  );
}

const MAP = 'map';
const COLUMNS = 'columns';

function Explorer({ page, search, view, children }: ExplorerProps): JSX.Element {
  const answering = isAnswering(page);
  useColumns(page, view, answering);
  const send = usePython(page, view, answering);
  const part = useSignal(MAP);
  const large = useSignal<number | null>(null);
  const panes = panesOf(view);
  const projection = view.projection.value;
  // The pane stays beside the map while a narrow page shows the map or the columns.
  const pane = useSignal(panes[0].id);
  const choose = (id: string) => {
    part.value = id;
    pane.value = panes.some(other => other.id === id) ? id : pane.value;
  };
  const shown = panes.find(({ id }) => id === pane.value) ?? panes[0];
  const narrow = part.value === MAP && projection === null ? shown.id : part.value;
  const show = (row: number | null) => {
    large.value = row;
  };
  const tabs = panes.map(({ id, title }) => [id, title] as const);
  return (
    <div
      class={`dv-Dataset${projection === null ? ' mapless' : ''}`}
      data-testid="dv-dataset"
      data-part={narrow === MAP || narrow === COLUMNS ? narrow : 'pane'}
      onKeyDown={event => {
        if (onDatasetKey(event, view)) {
          consume(event);
        }
      }}
    >
      <DatasetBar view={view} field={search}>
        {children}
      </DatasetBar>
      <Tabs
        kind="narrow"
        label={trans.__('Parts of the page')}
        tabs={[
          ...(projection === null ? [] : [[MAP, trans.__('Projection')] as const]),
          ...tabs,
          [COLUMNS, trans.__('Columns')],
        ]}
        shown={narrow}
        choose={choose}
      />
      <div class="dv-Dataset-body">
        <Facets view={view} answering={answering} />
        {projection !== null && <ProjectionMap view={view} projection={projection} inline={page.inline} />}
        <section class="dv-Pane" aria-label={shown.title}>
          <Tabs
            kind="wide"
            label={trans.__('Lists of samples')}
            tabs={tabs}
            shown={shown.id}
            choose={choose}
          />
          <shown.Component view={view} show={show} />
        </section>
      </div>
      <SelectionBar view={view} send={send} />
      {large.value !== null && <SampleView view={view} row={large.value} show={show} />}
    </div>
  );
}

/** Tells Python what is chosen, as long as somebody answers; returns how selected ids are sent there. */
function usePython(
  { store, source, record: { id } }: Page,
  view: DatasetView,
  answering: boolean,
): Send | null {
  const { askSamples } = source;
  const introspector = view.dataset.description?.introspector ?? '';
  const shared = store.datasetViews.shared(view.dataset);
  useEffect(
    () =>
      answering && askSamples !== undefined
        ? shared.attach(introspector, choose => {
            askSamples(id, choose);
          })
        : undefined,
    [shared, introspector, askSamples, id, answering],
  );
  useEffect(
    () =>
      answering && askSamples !== undefined
        ? picturesOf(view.dataset).attach(request => {
            askSamples(id, { ...request, introspector });
          })
        : undefined,
    [view, introspector, askSamples, id, answering],
  );
  if (!answering || askSamples === undefined) {
    return null;
  }
  return (variable, overwrite) => {
    shared.flush(introspector, choose => {
      askSamples(id, choose);
    });
    askSamples(id, { kind: 'send_to_python', introspector, variable, overwrite });
  };
}

/** Asks for the columns that are looked at, as long as somebody answers. */
function useColumns({ source, record: { id } }: Page, view: DatasetView, answering: boolean): void {
  useEffect(
    () =>
      answering
        ? view.attach(request => {
            source.readColumn(id, request);
          })
        : undefined,
    [view, source, id, answering],
  );
}
