import type { JSX } from 'preact';

/** Words in which what stands between backticks is code, so that a sentence is translated as a whole. */
export function Prose({ text }: { text: string }): JSX.Element {
  return <>{text.split('`').map((part, i) => (i % 2 === 0 ? part : <code key={i}>{part}</code>))}</>;
}
