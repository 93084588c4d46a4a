import type { Kernel } from '@jupyterlab/services';
import type { RunCode } from '../../../store/launch/code';
import type { Launched } from '../../../store/launch/launcher';
import { trans } from '../../../store/shared/trans';

/** Under this key the kernel reads what is in the code that we wrote (deepview_lab/engine/origin.py). */
const PANEL_KEY = 'deepview_lab';

/** Under this name the kernel answers with the id of the run. */
const RUN = 'run';

/** Executes the code of a run, without a trace in the history; calls `begun` when the kernel turns to it. */
export async function executeRun(
  kernel: Kernel.IKernelConnection,
  { start, variable, checkpoint }: RunCode,
  begun: () => void,
): Promise<Launched> {
  const future = kernel.requestExecute(
    {
      code: start,
      store_history: false,
      // Cells of the user that wait behind it are none of our business.
      stop_on_error: false,
      allow_stdin: false,
      user_expressions: { [RUN]: `${variable}.id` },
    },
    true,
    { [PANEL_KEY]: { variable, checkpoint } },
  );
  future.onIOPub = message => {
    if ('execution_state' in message.content && message.content.execution_state === 'busy') {
      begun();
    }
  };
  try {
    const { content } = await future.done;
    switch (content.status) {
      case 'ok':
        return { problem: null, run: runOf(content.user_expressions[RUN]) };
      case 'error':
        return { problem: `${content.ename}: ${content.evalue}` };
      default:
        return {
          problem: trans.__('The kernel did not run it, because an earlier cell failed or was interrupted.'),
        };
    }
  } catch {
    return { problem: trans.__('The kernel stopped before it could start the run.') };
  }
}

/** The id in the answer to an expression, which is Python's text of a str; null of anything else. */
export function runOf(answer: unknown): string | null {
  const data = typeof answer === 'object' && answer !== null && 'data' in answer ? answer.data : null;
  const text = typeof data === 'object' && data !== null && 'text/plain' in data ? data['text/plain'] : null;
  return typeof text === 'string' ? (/^'([\w-]+)'$/.exec(text)?.[1] ?? null) : null;
}
