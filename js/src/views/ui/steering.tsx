import type { JSX } from 'preact';
import type { RunState } from '../../protocol/messages';
import type { Source } from '../../store/kernel/source';
import type { Store } from '../../store/kernel/store';
import { trans } from '../../store/shared/trans';
import { canAsk } from '../../store/kernel/runChoice';
import { Button } from './parts';

interface Props {
  run: string;
  state: RunState;
  store: Store;
  source: Source;
  /** Icons only, with the run's name in their labels. */
  bare?: boolean;
}

/** Pause or Resume, and Stop, for a run that has not ended. */
export function Steering({ run, state, store, source, bare = false }: Props): JSX.Element | null {
  const { status } = state;
  const name = bare ? state.name : null;
  if (!canAsk('cancel', status)) {
    return null;
  }
  return (
    <>
      {status !== 'pending' && (
        <Button
          look="plain"
          bare={bare}
          icon={status === 'paused' ? 'play' : 'pause'}
          label={status === 'paused' ? resumeLabel(name) : pauseLabel(name)}
          title={
            status === 'paused' ? trans.__('Resume with the next batch') : trans.__('Pause after this batch')
          }
          testId="dv-pause"
          onClick={() => {
            (status === 'paused' ? source.resume : source.pause)(run);
          }}
        />
      )}
      <Button
        look="plain"
        bare={bare}
        icon="stop"
        label={name === null ? trans.__('Stop') : trans.__('Stop %1', name)}
        title={trans.__('Stop after this batch and keep the results')}
        testId="dv-cancel"
        onClick={() => {
          store.stop(run, source);
        }}
      />
    </>
  );
}

function pauseLabel(name: string | null): string {
  return name === null ? trans.__('Pause') : trans.__('Pause %1', name);
}

function resumeLabel(name: string | null): string {
  return name === null ? trans.__('Resume') : trans.__('Resume %1', name);
}
