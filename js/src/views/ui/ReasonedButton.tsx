import type { JSX } from 'preact';
import { Button, type ButtonProps } from './parts';
import { useUniqueId } from './browser/uniqueId';

interface Props extends ButtonProps {
  /** Why it cannot be used now; null where it can. */
  reason: string | null;
}

/** A button that can be reached while it cannot be used, and then says why, on hover and on focus. */
export function ReasonedButton({ reason, ...props }: Props): JSX.Element {
  const id = useUniqueId();
  return (
    <span class="dv-Reasoned">
      <Button {...props} blockedBy={reason === null ? undefined : id} />
      {reason !== null && (
        <span id={id} class="dv-Reason" role="tooltip">
          {reason}
        </span>
      )}
    </span>
  );
}
