import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { DatasetView } from '../../../store/dataset/view/datasetView';
import { trans } from '../../../store/shared/trans';
import { count } from '../../ui/words/format';
import { consume } from '../../ui/keys';
import { Button } from '../../ui/parts';

/** Binds a variable to the ids of the selected samples; one that is taken only with `overwrite`. */
export type Send = (variable: string, overwrite: boolean) => void;

interface Props {
  view: DatasetView;
  send: Send;
}

/** The name of a variable, and a button that puts the selected ids there. It asks before it overwrites one. */
export function SendToPython({ view, send }: Props): JSX.Element {
  const name = useSignal('selected_ids');
  const none = view.selection.isEmpty;
  const sent = view.dataset.sent.value;
  const isTaken = sent?.outcome === 'taken' && sent.variable === name.value;
  const go = () => {
    if (!none && name.value.trim() !== '') {
      send(name.value.trim(), isTaken);
    }
  };
  return (
    <span class="dv-Send" role="group" aria-label={trans.__('Send to Python')}>
      <span class="dv-caption" role="status" data-testid="dv-sent">
        {sent === null ? '' : <SentWords view={view} />}
      </span>
      <input
        type="text"
        class="dv-Send-name"
        aria-label={trans.__('Variable')}
        data-testid="dv-variable"
        spellcheck={false}
        autocomplete="off"
        value={name.value}
        onInput={event => {
          name.value = event.currentTarget.value;
        }}
        onKeyDown={event => {
          if (event.key === 'Enter') {
            consume(event);
            go();
          }
        }}
      />
      <Button
        look="primary"
        label={isTaken ? trans.__('Overwrite %1', name.value) : trans.__('Send to Python')}
        testId="dv-send"
        disabled={none}
        title={trans.__('Makes a list of the ids of the selected samples in the kernel')}
        onClick={go}
      />
    </span>
  );
}

function SentWords({ view }: { view: DatasetView }): JSX.Element | null {
  const sent = view.dataset.sent.value;
  switch (sent?.outcome) {
    case 'done':
      return (
        <>
          {trans._n('%2 id is in %3', '%2 ids are in %3', sent.samples, count(sent.samples), sent.variable)}
        </>
      );
    case 'taken':
      return <>{trans.__('%1 holds a %2 already.', sent.variable, sent.type ?? '')}</>;
    case 'refused':
      return <>{sent.problem}</>;
    case undefined:
      return null;
  }
}
