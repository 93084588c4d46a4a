import type { JSX } from 'preact';
import type { RunState } from '../../protocol/messages';
import type { Source } from '../../store/source';
import type { Store } from '../../store/store';
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
  if (status !== 'pending' && status !== 'running' && status !== 'paused') {
    return null;
  }
  const named = (verb: string): string => (bare ? `${verb} ${state.name}` : verb);
  return (
    <>
      {status !== 'pending' && (
        <Button
          look="plain"
          bare={bare}
          icon={status === 'paused' ? 'play' : 'pause'}
          label={named(status === 'paused' ? 'Resume' : 'Pause')}
          title={
            status === 'paused' ? 'Go on with the next batch' : 'Rest after this batch; other runs can work'
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
        label={named('Stop')}
        title="Stop after this batch and keep the results"
        testId="dv-cancel"
        onClick={() => {
          store.stop(run, source);
        }}
      />
    </>
  );
}
