import type { JSX } from 'preact';
import type { DatasetView } from '../../../store/dataset/view/datasetView';
import { trans } from '../../../store/shared/trans';
import { comparable, suspicionsOf } from '../../../store/dataset/view/confusion';
import { DuplicatesPane } from './DuplicatesPane';
import { FamiliarityPane, isDescending } from './FamiliarityPane';
import { LabelsPane } from './LabelsPane';
import { SampleTable } from '../samples/SampleTable';

/** What a pane is drawn with. */
export interface PaneProps {
  readonly view: DatasetView;
  /** Shows one sample large. */
  readonly show: (row: number) => void;
}

/** A list of samples beside the map. */
export interface Pane {
  readonly id: string;
  readonly title: string;
  readonly Component: (props: PaneProps) => JSX.Element;
}

/** The panes for which the table has columns; that of all samples comes first. */
export function panesOf(view: DatasetView): readonly [Pane, ...Pane[]] {
  const { columns } = view.dataset;
  const has = (role: string) => columns.some(column => column.role === role);
  return [
    { id: 'samples', title: trans.__('Samples'), Component: SampleTable },
    ...(has('score')
      ? [
          {
            id: 'scores',
            title: isDescending(view) ? trans.__('Scores') : trans.__('Familiarity'),
            Component: FamiliarityPane,
          },
        ]
      : []),
    ...(has('set') ? [{ id: 'duplicates', title: trans.__('Duplicates'), Component: DuplicatesPane }] : []),
    ...(comparable(columns).length > 0 && (has('label') || suspicionsOf(columns).length > 0)
      ? [{ id: 'labels', title: trans.__('Labels'), Component: LabelsPane }]
      : []),
  ];
}
