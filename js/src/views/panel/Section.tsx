import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX, RefObject } from 'preact';
import { Icon } from '../../render/icon';

interface Props {
  title: string;
  /** Beside the title, muted. */
  summary?: string | undefined;
  /** At the end of the head; of use while the section is open. */
  tools?: ComponentChildren;
  testId: string;
  /** How the section shares the height of the panel. */
  grow?: 'fixed' | 'some' | 'half' | 'rest';
  /** Nothing is in it: it is closed until the user opens it, and leaves its room to others. */
  empty?: boolean;
  /** Given what scrolls. */
  body?: RefObject<HTMLDivElement | null> | null;
  children: ComponentChildren;
}

/** A part of the panel that can be closed. Heads always stay in sight; bodies scroll. */
export function Section({
  title,
  summary,
  tools,
  testId,
  grow = 'fixed',
  empty = false,
  body = null,
  children,
}: Props): JSX.Element {
  const chosen = useSignal<boolean | null>(null);
  const open = chosen.value ?? !empty;
  return (
    <section class={`dv-Section ${grow}${open ? '' : ' closed'}`} data-testid={testId} aria-label={title}>
      <div class="dv-Section-head">
        <h4>
          <button
            type="button"
            aria-expanded={open}
            onClick={() => {
              chosen.value = !open;
            }}
          >
            <Icon name="chevron" />
            {title}
            {summary !== undefined && <span class="dv-count">{summary}</span>}
          </button>
        </h4>
        {open && <div class="dv-Section-tools">{tools}</div>}
      </div>
      {open && (
        <div ref={body} class="dv-Section-body">
          {children}
        </div>
      )}
    </section>
  );
}
