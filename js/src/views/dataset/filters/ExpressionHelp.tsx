import type { JSX } from 'preact';
import { Icon } from '../../../render/icon';
import type { Completion } from '../../../store/dataset/expression/completion';
import type { DatasetView } from '../../../store/dataset/view/datasetView';
import { trans } from '../../../store/shared/trans';
import { count } from '../../ui/words/format';

/** What is wrong with an expression, and where. */
export interface Problem {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

interface Props {
  /** Of the field; its parts begin with it. */
  id: string;
  view: DatasetView;
  problem: Problem | null;
  /** The columns that an expression waits for. */
  waiting: readonly string[] | null;
  completions: readonly Completion[];
  current: number;
  accept: (completion: Completion) => void;
}

/** Below the field: completions, else what is wrong. It covers what is below, and moves nothing. */
export function ExpressionHelp(props: Props): JSX.Element | null {
  const { id, view, problem, waiting, completions, current, accept } = props;
  if (completions.length > 0) {
    return (
      <ul id={`${id}-list`} class="dv-Expression-help" role="listbox" aria-label={trans.__('Completions')}>
        {completions.map((completion, i) => (
          <li
            key={`${completion.type} ${completion.name}`}
            id={`${id}-${i}`}
            role="option"
            aria-selected={i === current}
            // The field keeps the focus.
            onPointerDown={event => {
              event.preventDefault();
              accept(completion);
            }}
          >
            <span class="dv-ellipsis">{completion.name}</span>
            <span class="dv-caption">
              {completion.type === 'column' ? trans.__('column') : trans.__('function')}
            </span>
          </li>
        ))}
      </ul>
    );
  }
  if (problem !== null) {
    return (
      <div id={`${id}-problem`} class="dv-Expression-help wrong" role="alert">
        <Icon name="err" size={14} />
        <p>
          {problem.message}
          <br />
          <span class="dv-caption">
            {trans.__('The last valid filter still applies: %1 samples.', count(view.passing.value.count))}
          </span>
        </p>
      </div>
    );
  }
  return waiting === null ? null : (
    <div class="dv-Expression-help" role="status">
      <Icon name="wait" size={14} />
      <p>{trans.__('Loading %1…', waiting.join(', '))}</p>
    </div>
  );
}
