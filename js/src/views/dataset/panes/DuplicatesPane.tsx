import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { Icon } from '../../../render/icon';
import type { CategoryColumn } from '../../../store/dataset/columns';
import { differs, extras } from '../../../store/dataset/duplicateSets';
import type { DatasetView } from '../../../store/dataset/view/datasetView';
import { type NumberedSet, setsOf } from '../../../store/dataset/view/sets';
import { Bitset } from '../../../store/dataset/bitset';
import { trans } from '../../../store/shared/trans';
import { More, usePages } from '../../ui/More';
import { count } from '../../ui/words/format';
import { Button } from '../../ui/parts';
import { Choice } from '../Choice';
import { SampleChips } from '../samples/SampleChips';
import { columnTitle } from '../columnWords';
import { useNeed } from './useNeed';

interface Props {
  view: DatasetView;
  show: (row: number) => void;
}

const PAGE = 50;
const MOST_MEMBERS = 12;

/** The sets of duplicates of which a member passes the filters; sets that leak between splits and differ in label say so. */
export function DuplicatesPane({ view, show }: Props): JSX.Element {
  const { columns } = view.dataset;
  const chosen = useSignal<string | null>(null);
  const leaksFirst = useSignal(true);
  const named = columns.filter(({ role }) => role === 'set');
  const name = named.find(set => set.name === chosen.value)?.name ?? named[0]?.name ?? null;
  const column = view.column(name);
  const split = categoryOf(view, 'split');
  const label = categoryOf(view, 'label');
  useNeed(view, [name, nameOf(view, 'split'), nameOf(view, 'label')]);
  const passing = view.passing.value;
  const sets = column === null ? [] : setsOf(column).filter(({ rows }) => rows.some(row => passing.has(row)));
  const leaks = (set: NumberedSet) => split !== null && differs(set, split);
  const leaking = sets.filter(leaks);
  const ordered = leaksFirst.value ? [...leaking, ...sets.filter(set => !leaks(set))] : sets;
  const { shown, ...more } = usePages(ordered, PAGE);
  const selectExtras = (some: readonly NumberedSet[]) => {
    view.select(extras(view.dataset.rows, some, split), 'replace', trans.__('select extra duplicates'));
  };
  return (
    <div class="dv-PaneBody">
      <div class="dv-PaneBar">
        {named.length > 1 && (
          <Choice
            label={trans.__('By')}
            value={name ?? ''}
            options={named.map(set => [set.name, columnTitle(set.name, columns)])}
            choose={set => {
              chosen.value = set;
            }}
          />
        )}
        <span class="dv-caption dv-num" data-testid="dv-sets">
          {trans._n('%2 set', '%2 sets', sets.length, count(sets.length))}
        </span>
        {split !== null && (
          <button
            type="button"
            class="dv-Chip"
            aria-pressed={leaksFirst.value}
            onClick={() => {
              leaksFirst.value = !leaksFirst.value;
            }}
          >
            {trans.__('Leaks first')}
            <span class="dv-count">{count(leaking.length)}</span>
          </button>
        )}
        <span class="dv-grow" />
        <Button
          look="plain"
          label={trans.__('Select all extras')}
          title={trans.__('All samples of each set but one; that of the training data stays')}
          disabled={sets.length === 0}
          onClick={() => {
            selectExtras(sets);
          }}
        />
      </div>
      <div class="dv-PaneScroll">
        {column === null && <p class="dv-muted">{trans.__('Loading…')}</p>}
        {column !== null && sets.length === 0 && (
          <p class="dv-muted">{trans.__('No duplicates among these samples.')}</p>
        )}
        {shown.map(set => (
          <SetRow
            key={set.number}
            {...{ view, set, show, leaks: leaks(set), clashes: label !== null && differs(set, label) }}
            selectExtras={selectExtras}
          />
        ))}
        <More {...more} />
      </div>
    </div>
  );
}

interface SetRowProps extends Props {
  set: NumberedSet;
  leaks: boolean;
  clashes: boolean;
  selectExtras: (sets: readonly NumberedSet[]) => void;
}

function SetRow({ view, set, show, leaks, clashes, selectExtras }: SetRowProps): JSX.Element {
  const { rows, number } = set;
  return (
    <section class="dv-WordRow" data-set={number}>
      <h4>{trans.__('Set %1', number)}</h4>
      <span class="dv-caption dv-num">{count(rows.length)}</span>
      <SampleChips view={view} rows={rows.subarray(0, MOST_MEMBERS)} show={show} />
      {rows.length > MOST_MEMBERS && (
        <span class="dv-caption">{trans.__('and %1 more', count(rows.length - MOST_MEMBERS))}</span>
      )}
      <span class="dv-grow" />
      {leaks && <Badge word={trans.__('in several splits')} />}
      {clashes && <Badge word={trans.__('labels differ')} />}
      <Button
        look="plain"
        label={trans.__('Select')}
        onClick={() => {
          view.select(Bitset.ofRows(view.dataset.rows, rows), 'replace', trans.__('select a set'));
        }}
      />
      <Button
        look="plain"
        label={trans.__('Select extras')}
        onClick={() => {
          selectExtras([set]);
        }}
      />
    </section>
  );
}

function Badge({ word }: { word: string }): JSX.Element {
  return (
    <span class="dv-Badge warn">
      <Icon name="warn" size={11} />
      {word}
    </span>
  );
}

function nameOf(view: DatasetView, role: 'label' | 'split'): string | null {
  return view.dataset.columns.find(column => column.role === role)?.name ?? null;
}

/** The first column of a role, as words; null where there is none, or before it is here. */
function categoryOf(view: DatasetView, role: 'label' | 'split'): CategoryColumn | null {
  const column = view.column(nameOf(view, role));
  return column?.kind === 'category' ? column : null;
}
