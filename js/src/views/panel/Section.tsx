import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
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
  children: ComponentChildren;
}

/** A part of the panel that can be closed. Heads always stay in sight; bodies scroll. */
export function Section({ title, summary, tools, testId, grow = 'fixed', children }: Props): JSX.Element {
  const open = useSignal(true);
  return (
    <section
      class={`dv-Section ${grow}${open.value ? '' : ' closed'}`}
      data-testid={testId}
      aria-label={title}
    >
      <div class="dv-Section-head">
        <h4>
          <button
            type="button"
            aria-expanded={open.value}
            onClick={() => {
              open.value = !open.value;
            }}
          >
            <Icon name="chevron" />
            {title}
            {summary !== undefined && <span class="dv-count">{summary}</span>}
          </button>
        </h4>
        {open.value && <div class="dv-Section-tools">{tools}</div>}
      </div>
      {open.value && <div class="dv-Section-body">{children}</div>}
    </section>
  );
}
