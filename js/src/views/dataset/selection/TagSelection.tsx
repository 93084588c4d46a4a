import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { DatasetView } from '../../../store/dataset/view/datasetView';
import { excludeSelected, includeSelected, tagSelected } from '../../../store/dataset/view/tagging';
import { trans } from '../../../store/shared/trans';
import { count } from '../../ui/words/format';
import { consume } from '../../ui/keys';
import { Button } from '../../ui/parts';
import { Popup } from '../../ui/Popup';

const LONGEST = 200;

/** Tags the selected samples, or sets them aside. Nothing here deletes a sample. */
export function TagSelection({ view }: { view: DatasetView }): JSX.Element {
  const { selection, state } = view;
  const excluded = !selection.isEmpty && selection.minus(state.tags.excluded).isEmpty;
  return (
    <>
      <Popup label={trans.__('Tag')} icon="tag" testId="dv-tag">
        {close => <Tags view={view} close={close} />}
      </Popup>
      <Button
        look="plain"
        label={excluded ? trans.__('Include again') : trans.__('Exclude')}
        testId="dv-exclude"
        disabled={selection.isEmpty}
        title={trans.__(
          'Sets the selected samples aside. Nothing is deleted: remove the filter to see them.',
        )}
        onClick={() => {
          if (excluded) {
            view.change(includeSelected(state), trans.__('include samples again'));
          } else {
            view.change(excludeSelected(state), trans.__('exclude samples'));
          }
        }}
      />
    </>
  );
}

function Tags({ view, close }: { view: DatasetView; close: () => void }): JSX.Element {
  const name = useSignal('');
  const { selection } = view;
  const add = (tag: string) => {
    if (tag.trim() !== '' && tag.trim().length <= LONGEST && !selection.isEmpty) {
      view.change(tagSelected(view.state, tag), trans.__('tag samples as %1', tag.trim()));
      close();
    }
  };
  return (
    <div class="dv-Tags">
      <label class="dv-Choose">
        <span class="dv-caption">{trans.__('Tag %1 samples as', count(selection.count))}</span>
        <input
          type="text"
          data-testid="dv-tag-name"
          maxLength={LONGEST}
          autocomplete="off"
          value={name.value}
          onInput={event => {
            name.value = event.currentTarget.value;
          }}
          onKeyDown={event => {
            if (event.key === 'Enter') {
              consume(event);
              add(name.value);
            }
          }}
        />
      </label>
      {selection.isEmpty && <p class="dv-muted">{trans.__('Select samples first.')}</p>}
      <div class="dv-Chips">
        {[...view.state.tags.byName].map(([tag, rows]) => (
          <button
            key={tag}
            type="button"
            class="dv-Chip"
            aria-pressed={!selection.isEmpty && selection.minus(rows).isEmpty}
            onClick={() => {
              add(tag);
            }}
          >
            <span class="dv-ellipsis">{tag}</span>
            <span class="dv-count">{count(rows.count)}</span>
          </button>
        ))}
      </div>
    </div>
  );
}
