import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { Bitset } from '../../../store/dataset/bitset';
import type { CategoryColumn, Column } from '../../../store/dataset/columns';
import type { DatasetView } from '../../../store/dataset/view/datasetView';
import { extremes, extremesByWord } from '../../../store/dataset/view/extremes';
import { trans } from '../../../store/shared/trans';
import { Segmented } from '../../ui/Segmented';
import { Button } from '../../ui/parts';
import { count } from '../../ui/words/format';
import { Choice } from '../Choice';
import { SampleChips } from '../samples/SampleChips';
import { cellText, columnTitle } from '../columnWords';
import { useNeed } from './useNeed';

interface Props {
  view: DatasetView;
  show: (row: number) => void;
}

type End = 'low' | 'high';

const MOST = 60;
const MOST_OF_WORD = 6;
const MOST_WORDS = 60;
const OVERALL = '';

/** The samples at the ends of a score: the rarest and the most typical, of all or of each label. */
export function FamiliarityPane({ view, show }: Props): JSX.Element {
  const { columns } = view.dataset;
  const scores = columns.filter(({ role }) => role === 'score');
  const labels = columns.filter(({ role }) => role === 'label' || role === 'split');
  const chosen = useSignal<string | null>(null);
  const by = useSignal(labels.find(({ role }) => role === 'label')?.name ?? OVERALL);
  const end = useSignal<End>(isDescending(view) ? 'high' : 'low');
  const name = scores.find(score => score.name === chosen.value)?.name ?? scores[0]?.name ?? null;
  const column = view.column(name);
  const words = view.column(by.value === OVERALL ? null : by.value);
  useNeed(view, [name, by.value === OVERALL ? null : by.value]);
  return (
    <div class="dv-PaneBody">
      <div class="dv-PaneBar">
        {scores.length > 1 && (
          <Choice
            label={trans.__('Score')}
            value={name ?? ''}
            options={scores.map(score => [score.name, columnTitle(score.name, columns)])}
            choose={score => {
              chosen.value = score;
            }}
          />
        )}
        <Segmented<End>
          label={trans.__('Which end')}
          options={endsOf(view)}
          value={end.value}
          choose={value => {
            end.value = value;
          }}
        />
        <Choice
          label={trans.__('By')}
          value={by.value}
          options={[
            [OVERALL, trans.__('all samples')],
            ...labels.map(label => [label.name, columnTitle(label.name, columns)] as const),
          ]}
          choose={label => {
            by.value = label;
          }}
        />
      </div>
      {column === null ? (
        <p class="dv-PaneNote dv-muted">{trans.__('Loading…')}</p>
      ) : words?.kind === 'category' ? (
        <ByWord view={view} column={column} words={words} fromEnd={end.value === 'high'} show={show} />
      ) : (
        <Overall view={view} column={column} fromEnd={end.value === 'high'} show={show} />
      )}
    </div>
  );
}

/** Whether high scores are the telling ones: then they do not say how familiar a sample is. */
export function isDescending({ dataset }: DatasetView): boolean {
  return dataset.description?.descending === true;
}

function endsOf(view: DatasetView): readonly (readonly [End, string])[] {
  return isDescending(view)
    ? [
        ['high', trans.__('Highest')],
        ['low', trans.__('Lowest')],
      ]
    : [
        ['low', trans.__('Rarest')],
        ['high', trans.__('Most typical')],
      ];
}

interface Shown extends Props {
  column: Column;
  fromEnd: boolean;
}

function Overall({ view, column, fromEnd, show }: Shown): JSX.Element {
  // Followed, so that filters count.
  const rows = view.passing.value.isEmpty
    ? []
    : extremes(view.orders.of(column), view.crossfilter, MOST, fromEnd);
  return (
    <div class="dv-PaneScroll">
      <SelectThem view={view} rows={rows} />
      <SampleChips view={view} rows={rows} textOf={row => cellText(column, row)} show={show} />
    </div>
  );
}

function ByWord({ view, column, words, fromEnd, show }: Shown & { words: CategoryColumn }): JSX.Element {
  const groups = view.passing.value.isEmpty
    ? []
    : extremesByWord(view.orders.of(column), words, view.crossfilter, MOST_OF_WORD, fromEnd);
  return (
    <div class="dv-PaneScroll">
      {groups.slice(0, MOST_WORDS).map(({ word, rows, count: size, median }) => (
        <section key={word} class="dv-WordRow">
          <h4 class="dv-ellipsis" title={word}>
            {word}
          </h4>
          <span class="dv-caption dv-num">
            {trans.__('%1 · median %2', count(size), cellText(column, median))}
          </span>
          <SampleChips view={view} rows={rows} textOf={row => cellText(column, row)} show={show} />
        </section>
      ))}
      {groups.length > MOST_WORDS && (
        <p class="dv-caption">
          {trans.__('The first %1 of %2. Filter to see others.', count(MOST_WORDS), count(groups.length))}
        </p>
      )}
    </div>
  );
}

function SelectThem({ view, rows }: { view: DatasetView; rows: readonly number[] }): JSX.Element {
  return (
    <Button
      look="plain"
      label={trans._n('Select this sample', 'Select these %2 samples', rows.length, count(rows.length))}
      disabled={rows.length === 0}
      onClick={() => {
        view.select(
          Bitset.ofRows(view.dataset.rows, rows),
          'replace',
          trans.__('select the samples at an end of a score'),
        );
      }}
    />
  );
}
