import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Bitset } from '../../store/dataset/bitset';
import type { DatasetView } from '../../store/dataset/view/datasetView';
import { trans } from '../../store/shared/trans';
import { copyText } from '../ui/browser/clipboard';
import { count } from '../ui/words/format';
import { Button } from '../ui/parts';
import { idText } from './samples/sampleIds';
import { type Send, SendToPython } from './selection/SendToPython';
import { TagSelection } from './selection/TagSelection';

interface Props {
  view: DatasetView;
  /** Left out where there is no kernel. */
  send: Send | null;
}

/** What is selected, and what can be done with it. Always there, so that nothing moves when something is selected. */
export function SelectionBar({ view, send }: Props): JSX.Element {
  const { selection } = view;
  const selected = selection.count;
  const [told, tell] = useState('');
  return (
    <div class="dv-Tray" role="group" aria-label={trans.__('Selection')} data-testid="dv-selection">
      <span class="dv-Tray-count dv-num" role="status" data-selected={selected}>
        {selected === 0 ? trans.__('Nothing selected') : <b>{trans.__('%1 selected', count(selected))}</b>}
        <Hidden view={view} />
      </span>
      <Button
        look="plain"
        label={trans.__('Clear')}
        disabled={selected === 0}
        onClick={() => {
          view.clearSelection(trans.__('clear the selection'));
        }}
      />
      <Button
        look="plain"
        label={trans.__('Invert')}
        onClick={() => {
          view.invertSelection(trans.__('invert the selection'));
        }}
      />
      <Button
        look="plain"
        label={trans.__('Select all %1', count(view.passing.value.count))}
        onClick={() => {
          view.select(view.passing.peek(), 'replace', trans.__('select all'));
        }}
      />
      <Button
        look="plain"
        label={trans.__('Keep only')}
        disabled={selected === 0}
        title={trans.__('Filter to the selected samples')}
        onClick={() => {
          view.setFilter(
            { type: 'rows', name: trans.__('%1 selected', count(selected)), rows: selection },
            trans.__('keep only the selection'),
          );
        }}
      />
      <TagSelection view={view} />
      <span class="dv-grow" />
      <span class="dv-caption" role="status">
        {told}
      </span>
      <Button
        icon="copy"
        label={trans.__('Copy ids')}
        disabled={selected === 0}
        title={trans.__('Copies the ids of the selected samples, one a line')}
        onClick={() => {
          const ids = Array.from(selection.rows(), row => idText(view, row));
          void copyText(ids.join('\n')).then(done => {
            tell(
              done
                ? trans._n('%2 id copied', '%2 ids copied', ids.length, count(ids.length))
                : trans.__('The browser did not allow it.'),
            );
          });
        }}
      />
      {send !== null && <SendToPython view={view} send={send} />}
    </div>
  );
}

/** How many of the selected samples the filters hide. */
function Hidden({ view }: { view: DatasetView }): JSX.Element | null {
  const hidden = view.selection.minus(view.passing.value).count;
  return hidden === 0 ? null : (
    <span class="dv-caption"> {trans.__('%1 of them hidden by filters', count(hidden))}</span>
  );
}

/** Selects all, undoes and redoes by keyboard; tells whether the key was for that. */
export function onDatasetKey(event: KeyboardEvent, view: DatasetView): boolean {
  if (event.target instanceof HTMLInputElement && event.target.type === 'text') {
    return false;
  }
  const command = (event.ctrlKey || event.metaKey) && !event.altKey;
  const key = event.key.toLowerCase();
  if (command && key === 'z') {
    if (event.shiftKey) {
      view.redo();
    } else {
      view.undo();
    }
  } else if (command && key === 'a' && !event.shiftKey) {
    view.select(view.passing.peek(), 'replace', trans.__('select all'));
  } else if (event.key === 'Escape' && !command && !view.selection.isEmpty) {
    view.select(new Bitset(view.dataset.rows), 'replace', trans.__('clear the selection'));
  } else {
    return false;
  }
  return true;
}
