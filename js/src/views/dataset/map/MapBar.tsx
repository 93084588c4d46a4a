import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';
import type { ScatterView } from '../../../render/scatter/scatter';
import type { DatasetView } from '../../../store/dataset/view/datasetView';
import { trans } from '../../../store/shared/trans';
import { Segmented } from '../../ui/Segmented';
import { Button } from '../../ui/parts';
import { Choice } from '../Choice';
import { columnTitle } from '../columnWords';
import type { Tool } from './mapPointer';

interface Props {
  view: DatasetView;
  tool: Signal<Tool>;
  plot: ScatterView | null;
}

const COLOURED: ReadonlySet<string> = new Set(['float', 'int', 'category']);

/** Which projection, by what it is coloured, and what dragging does. */
export function MapBar({ view, tool, plot }: Props): JSX.Element {
  const { columns } = view.dataset;
  const projections = view.projections.value;
  const colours = columns.filter(({ type, role }) => COLOURED.has(type) && role !== 'id');
  return (
    <div class="dv-PaneBar">
      <h4>{trans.__('Projection')}</h4>
      {projections.length > 1 && (
        <Choice
          label={trans.__('Layer')}
          value={view.projection.value?.name ?? ''}
          options={projections.map(({ name }) => [name, name])}
          choose={name => {
            view.chosenProjection.value = name;
          }}
        />
      )}
      <Choice
        label={trans.__('Colour')}
        testId="dv-colour"
        value={view.colourBy.value ?? ''}
        options={[
          ['', trans.__('none')],
          ...colours.map(({ name }) => [name, columnTitle(name, columns)] as const),
        ]}
        choose={name => {
          view.chosenColour.value = name === '' ? null : name;
        }}
      />
      <span class="dv-grow" />
      <Segmented<Tool>
        label={trans.__('What dragging does')}
        options={[
          ['lasso', trans.__('Lasso')],
          ['rectangle', trans.__('Rectangle')],
          ['pan', trans.__('Move')],
        ]}
        value={tool.value}
        choose={chosen => {
          tool.value = chosen;
        }}
      />
      <Button
        look="plain"
        bare
        icon="fit"
        label={trans.__('Show all points')}
        onClick={() => {
          plot?.fit();
        }}
      />
    </div>
  );
}
