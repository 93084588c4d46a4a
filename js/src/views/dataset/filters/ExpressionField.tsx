import { type Signal, useSignal } from '@preact/signals';
import type { JSX, RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { type Completion, type Completions, quoted } from '../../../store/dataset/expression/completion';
import type { DatasetView } from '../../../store/dataset/view/datasetView';
import { trans } from '../../../store/shared/trans';
import { consume, hasModifier } from '../../ui/keys';
import { useUniqueId } from '../../ui/browser/uniqueId';
import { ExpressionHelp, type Problem } from './ExpressionHelp';

interface Props {
  view: DatasetView;
  field: RefObject<HTMLInputElement | null>;
}

/** So long after the last key an error is shown. */
const QUIET_MS = 400;
const MOST_SHOWN = 8;

/** A filter that is written: Enter applies it, names are completed, what is wrong is underlined. */
export function ExpressionField({ view, field }: Props): JSX.Element {
  const { expression } = view;
  const id = useUniqueId();
  const problem = useSignal<Problem | null>(null);
  const offered = useSignal<Completions | null>(null);
  const at = useSignal(0);
  const text = expression.text.value;
  const completions = offered.value?.completions.slice(0, MOST_SHOWN) ?? [];
  const outcome = expression.outcome.value;
  useLateCheck(view, problem);
  const accept = (completion: Completion) => {
    const range = offered.value;
    if (range !== null) {
      const before = text.slice(0, range.start) + completion.text;
      expression.text.value = before + text.slice(range.end);
      offered.value = null;
      field.current?.focus();
      // The field has its new text with the next frame.
      requestAnimationFrame(() => field.current?.setSelectionRange(before.length, before.length));
    }
  };
  const shown: Problem | null = problem.value ?? (outcome?.type === 'error' ? outcome : null);
  return (
    <div class="dv-Expression">
      <Field
        {...{ id, view, field, problem: shown, offered, at, completions }}
        onKeyDown={event => {
          const chosen = completions[at.value];
          if (chosen !== undefined && onListKey(event, at, completions.length)) {
            consume(event);
          } else if (event.key === 'Escape' && chosen !== undefined) {
            consume(event);
            offered.value = null;
          } else if (event.key === 'Tab' && chosen !== undefined && !event.shiftKey) {
            consume(event);
            accept(chosen);
          } else if (event.key === 'Enter') {
            consume(event);
            offered.value = null;
            problem.value = text.trim() === '' ? null : expression.check(text);
            expression.apply(text, trans.__('filter by an expression'));
          }
        }}
      />
      <ExpressionHelp
        id={id}
        view={view}
        problem={shown}
        waiting={outcome?.type === 'waiting' ? outcome.columns : null}
        completions={completions}
        current={at.value}
        accept={accept}
      />
    </div>
  );
}

interface FieldProps extends Props {
  id: string;
  problem: Problem | null;
  offered: Signal<Completions | null>;
  at: Signal<number>;
  completions: readonly Completion[];
  onKeyDown: (event: KeyboardEvent) => void;
}

/** The field itself, whose wrong part is underlined. */
function Field(props: FieldProps): JSX.Element {
  const { id, view, field, problem, offered, at, completions, onKeyDown } = props;
  const { expression } = view;
  const mirror = useRef<HTMLDivElement>(null);
  const text = expression.text.value;
  const open = completions.length > 0;
  return (
    <label class={`dv-Input${problem === null ? '' : ' wrong'}`}>
      <span aria-hidden="true">=</span>
      <span class="dv-Expression-field">
        <Mirror text={text} problem={problem} mirror={mirror} />
        <input
          ref={field}
          type="text"
          role="combobox"
          data-testid="dv-expression"
          spellcheck={false}
          autocomplete="off"
          placeholder={exampleOf(view)}
          aria-label={trans.__('Filter by an expression')}
          aria-expanded={open}
          aria-controls={open ? `${id}-list` : undefined}
          aria-activedescendant={open ? `${id}-${at.value}` : undefined}
          aria-autocomplete="list"
          aria-invalid={problem !== null}
          aria-describedby={problem === null ? undefined : `${id}-problem`}
          value={text}
          onInput={event => {
            const { value, selectionStart } = event.currentTarget;
            expression.text.value = value;
            offered.value = expression.complete(value, selectionStart ?? value.length);
            at.value = 0;
          }}
          onScroll={event => {
            if (mirror.current !== null) {
              mirror.current.scrollLeft = event.currentTarget.scrollLeft;
            }
          }}
          onBlur={() => {
            offered.value = null;
          }}
          onKeyDown={onKeyDown}
        />
      </span>
      <kbd class="dv-hide-small" aria-hidden="true">
        /
      </kbd>
    </label>
  );
}

/** An expression over columns that the table has. */
function exampleOf({ dataset: { columns } }: DatasetView): string {
  const named = (role: string) => columns.find(column => column.role === role)?.name;
  const [score, set, label] = [named('score'), named('set'), named('label') ?? named('split')];
  const parts = [
    ...(score === undefined ? [] : [`${quoted(score)} < q(0.05)`]),
    ...(set === undefined ? [] : [`not ${quoted(set)}`]),
    ...(label === undefined || score !== undefined ? [] : [`${quoted(label)} contains "a"`]),
  ];
  return parts.join(' and ');
}

/** The text once more, with the wrong part underlined; the field itself lies above it. */
function Mirror(props: {
  text: string;
  problem: Problem | null;
  mirror: RefObject<HTMLDivElement | null>;
}): JSX.Element {
  const { text, problem, mirror } = props;
  return (
    <div ref={mirror} class="dv-Expression-mirror" aria-hidden="true">
      {problem !== null && (
        <>
          {text.slice(0, problem.start)}
          <u data-testid="dv-expression-wrong">{text.slice(problem.start, problem.end) || ' '}</u>
          {text.slice(problem.end)}
        </>
      )}
    </div>
  );
}

/** Checks the text once nothing was typed for a while; a text that is right is not remarked on. */
function useLateCheck({ expression }: DatasetView, problem: { value: Problem | null }): void {
  const text = expression.text.value;
  useEffect(() => {
    problem.value = null;
    if (text.trim() === '' || text === expression.applied?.text) {
      return;
    }
    const timer = setTimeout(() => {
      problem.value = expression.check(text);
    }, QUIET_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [expression, text]);
}

/** Moves in the list; tells whether the key does. */
function onListKey(event: KeyboardEvent, at: { value: number }, total: number): boolean {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0 || hasModifier(event)) {
    return false;
  }
  at.value = (at.value + step + total) % total;
  return true;
}
