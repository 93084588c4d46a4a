import type { JSX } from 'preact';
import type { RunError } from '../../protocol/messages';
import { trans } from '../../store/shared/trans';
import { Banner, Button } from './parts';

export function Traceback({ error }: { error: RunError }): JSX.Element | null {
  return error.traceback === '' ? null : (
    <details class="dv-Traceback">
      <summary>{trans.__('Traceback')}</summary>
      <pre tabIndex={0}>{error.traceback}</pre>
    </details>
  );
}

export function Unheard({ interrupt }: { interrupt: (() => Promise<void>) | null }): JSX.Element {
  return (
    <Banner tone="warn" icon="warn">
      <span>
        {trans.__(
          'The kernel is busy with this cell and cannot hear Stop. Interrupt the kernel: what was computed is kept.',
        )}
      </span>
      {interrupt !== null && (
        <Button
          label={trans.__('Interrupt')}
          onClick={() => {
            void interrupt();
          }}
        />
      )}
    </Banner>
  );
}

/** Errors of Python seldom end with a full stop. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`;
}

/** The first sentence of a message, which says what happened, and the rest, which says what to do. */
export function headed(text: string): readonly [first: string, rest: string] {
  const end = /[.!?](?=\s+\p{Lu})/u.exec(text);
  return end === null ? [text, ''] : [text.slice(0, end.index + 1), text.slice(end.index + 1)];
}
