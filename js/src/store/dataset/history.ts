/** What was, is and could be again. Immutable; so must the states be. */
export interface History<State> {
  readonly present: State;
  /** Oldest first. */
  readonly past: readonly Step<State>[];
  /** Next to redo first. */
  readonly future: readonly Step<State>[];
}

export interface Step<State> {
  readonly state: State;
  /** What the user did between this state and the present, for the button's tooltip: `group by split`. */
  readonly words: string;
}

const MOST_STEPS = 100;

export function historyOf<State>(present: State): History<State> {
  return { present, past: [], future: [] };
}

/** Goes to a new state that can be undone. What was undone before is gone then. */
export function record<State>(history: History<State>, present: State, words: string): History<State> {
  if (present === history.present) {
    return history;
  }
  const past = [...history.past, { state: history.present, words }].slice(-MOST_STEPS);
  return { present, past, future: [] };
}

/** Follows a gesture, such as a brush that moves: undo goes back to before it. */
export function replace<State>(history: History<State>, present: State): History<State> {
  return { ...history, present };
}

export function undo<State>(history: History<State>): History<State> {
  const last = history.past.at(-1);
  return last === undefined
    ? history
    : {
        present: last.state,
        past: history.past.slice(0, -1),
        future: [{ state: history.present, words: last.words }, ...history.future],
      };
}

export function redo<State>(history: History<State>): History<State> {
  const [next, ...future] = history.future;
  return next === undefined
    ? history
    : {
        present: next.state,
        past: [...history.past, { state: history.present, words: next.words }],
        future,
      };
}
