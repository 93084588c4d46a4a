import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

/** Progress is read out no oftener than this. */
const QUIET_MS = 10_000;

interface Props {
  text: string;
  /** A change of this is read out at once. */
  topic: string;
}

/** Reads changes out to screen readers, politely and seldom. */
export function Announcer({ text, topic }: Props): JSX.Element {
  const [said, say] = useState('');
  const newest = useRef(text);
  newest.current = text;
  useEffect(() => {
    say(newest.current);
    const timer = setInterval(() => {
      say(newest.current);
    }, QUIET_MS);
    return () => {
      clearInterval(timer);
    };
  }, [topic]);
  return (
    <div class="dv-sr" role="status" aria-live="polite">
      {said}
    </div>
  );
}
