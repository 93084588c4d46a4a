import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Source } from '../../store/kernel/source';
import type { Store } from '../../store/kernel/store';
import { trans } from '../../store/shared/trans';
import { Button } from './parts';

interface Props {
  store: Store;
  source: Source;
}

/** When a lost connection is tried again, and a button for now. */
export function Reconnecting({ store, source: { reconnect } }: Props): JSX.Element {
  const at = store.retryAt.value;
  return (
    <>
      {at !== null && <Countdown at={at} />}
      {reconnect !== null && (
        <Button label={trans.__('Reconnect')} testId="dv-reconnect" onClick={reconnect} />
      )}
    </>
  );
}

/** Counts down to a time of this page's clock. Not live for screen readers: it changes each second. */
function Countdown({ at }: { at: number }): JSX.Element {
  const [now, setNow] = useState(performance.now());
  useEffect(() => {
    setNow(performance.now());
    const timer = setInterval(() => {
      setNow(performance.now());
    }, 1000);
    return () => {
      clearInterval(timer);
    };
  }, [at]);
  const seconds = Math.max(1, Math.ceil((at - now) / 1000));
  return <span aria-live="off">{trans.__('Trying again in %1 s.', seconds)}</span>;
}
