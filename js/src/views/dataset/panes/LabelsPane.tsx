import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { DatasetView } from '../../../store/dataset/view/datasetView';
import { comparable, suspicionsOf } from '../../../store/dataset/view/confusion';
import { trans } from '../../../store/shared/trans';
import { Choice } from '../Choice';
import { columnTitle } from '../columnWords';
import { LabelMatrix } from './LabelMatrix';
import { Suspects } from './Suspects';
import { useNeed } from './useNeed';

interface Props {
  view: DatasetView;
  show: (row: number) => void;
}

/** Labels that something speaks against: against what, and which samples these are. */
export function LabelsPane({ view, show }: Props): JSX.Element {
  const { columns } = view.dataset;
  const labels = columns.filter(({ role, type }) => role === 'label' && type === 'category');
  const others = comparable(columns);
  const chosenLabel = useSignal<string | null>(null);
  const chosenOther = useSignal<string | null>(null);
  const suspicions = suspicionsOf(columns);
  const other = others.find(name => name === chosenOther.value) ?? others[0] ?? null;
  const suspicion = suspicions.find(({ suggested }) => suggested === other) ?? null;
  const label =
    suspicion?.label ??
    labels.find(({ name }) => name === chosenLabel.value)?.name ??
    labels[0]?.name ??
    null;
  useNeed(view, [label, other, suspicion?.score ?? null]);
  const [given, compared] = [view.column(label), view.column(other)];
  return (
    <div class="dv-PaneBody">
      <div class="dv-PaneBar">
        {suspicion === null && labels.length > 1 && (
          <Choice
            label={trans.__('Label')}
            value={label ?? ''}
            options={labels.map(({ name }) => [name, columnTitle(name, columns)])}
            choose={name => {
              chosenLabel.value = name;
            }}
          />
        )}
        <Choice
          label={trans.__('Against')}
          value={other ?? ''}
          options={others.map(name => [name, columnTitle(name, columns)])}
          choose={name => {
            chosenOther.value = name;
          }}
        />
      </div>
      <div class="dv-PaneScroll">
        {given?.kind !== 'category' || compared?.kind !== 'category' ? (
          <p class="dv-muted">{trans.__('Loading…')}</p>
        ) : (
          <>
            <LabelMatrix view={view} label={given} other={compared} />
            {suspicion !== null && (
              <Suspects view={view} show={show} score={suspicion.score} label={given} suggested={compared} />
            )}
          </>
        )}
      </div>
    </div>
  );
}
