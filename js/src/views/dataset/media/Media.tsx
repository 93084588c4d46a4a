import type { JSX } from 'preact';
import { MEDIA } from '../../../store/dataset/columns';
import type { DatasetView } from '../../../store/dataset/view/datasetView';
import { trans } from '../../../store/shared/trans';
import { columnTitle } from '../columnWords';
import { useNeed } from '../panes/useNeed';
import { Picture, type Size } from './picture';

interface Props {
  view: DatasetView;
  row: number;
  size: Size;
}

/** What a sample has in a column of media, by its kind. Pictures are the only kind so far. */
export function Media({ view, name, row, size }: Props & { name: string }): JSX.Element {
  const column = view.column(name);
  const has = column?.kind !== 'media' || column.values[row] === MEDIA.usable;
  return has ? (
    <Picture dataset={view.dataset} column={name} row={row} size={size} />
  ) : (
    <span class="dv-muted">{trans.__('none')}</span>
  );
}

function mediaOf(view: DatasetView): string[] {
  return view.dataset.columns.filter(({ role }) => role === 'media').map(({ name }) => name);
}

/** The first picture of a sample; nothing in a table without any. */
export function FirstMedia({ view, row, size }: Props): JSX.Element | null {
  const [name] = mediaOf(view);
  return name === undefined ? null : <Media view={view} name={name} row={row} size={size} />;
}

/** All pictures of a sample, large. */
export function AllMedia({ view, row }: { view: DatasetView; row: number }): JSX.Element | null {
  const names = mediaOf(view);
  useNeed(view, names);
  return names.length === 0 ? null : (
    <div class="dv-SampleMedia">
      {names.map(name => (
        <figure key={name}>
          <Media view={view} name={name} row={row} size="large" />
          {names.length > 1 && <figcaption>{columnTitle(name, view.dataset.columns)}</figcaption>}
        </figure>
      ))}
    </div>
  );
}
