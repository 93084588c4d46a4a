import type { Kernel } from '@jupyterlab/services';
import type { Evaluated } from '../../../store/files/reportActions';
import { trans } from '../../../store/shared/trans';
import { textOf } from '../kernel/textOf';

/** Evaluates a Python expression whose value is a text; leaves no trace in the history and shows no output. */
export async function evaluate(kernel: Kernel.IKernelConnection, expression: string): Promise<Evaluated> {
  try {
    const future = kernel.requestExecute({
      code: '',
      silent: true,
      store_history: false,
      // Cells of the user that wait behind it are none of our business.
      stop_on_error: false,
      allow_stdin: false,
      user_expressions: { value: expression },
    });
    const { content } = await future.done;
    return content.status === 'ok'
      ? read(content.user_expressions['value'])
      : failed(trans.__('The kernel skipped this, because an earlier cell failed or was interrupted.'));
  } catch {
    return failed(trans.__('The kernel stopped before it could do this.'));
  }
}

function failed(problem: string): Evaluated {
  return { value: null, problem };
}

function read(result: unknown): Evaluated {
  const text = textOf(result);
  if (text !== null) {
    return { value: text, problem: null };
  }
  if (typeof result === 'object' && result !== null && 'evalue' in result) {
    const name = 'ename' in result ? String(result.ename) : '';
    const words = String(result.evalue);
    return failed(words === '' ? name : words);
  }
  return failed(trans.__('The kernel gave an answer that could not be read.'));
}
