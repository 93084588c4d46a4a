import type { Kernel } from '@jupyterlab/services';
import { HELLO_TARGET } from '../../../protocol/messages';
import { trans } from '../../../store/shared/trans';

export const LOAD_CODE = '%load_ext deepview_lab';

/** Whether a kernel has loaded DeepView: then it has a hello comm. */
export async function isLoaded(kernel: Kernel.IKernelConnection): Promise<boolean> {
  const { content } = await kernel.requestCommInfo({ target_name: HELLO_TARGET });
  return content.status !== 'ok' || Object.keys(content.comms).length > 0;
}

/** Loads DeepView in a kernel, without a trace in its history; returns the kernel's complaint, or null. */
export async function loadExtension(kernel: Kernel.IKernelConnection): Promise<string | null> {
  const future = kernel.requestExecute({ code: LOAD_CODE, store_history: false, stop_on_error: false });
  let said = '';
  future.onIOPub = message => {
    if ('name' in message.content && 'text' in message.content && typeof message.content.text === 'string') {
      said += message.content.text;
    }
  };
  const { content } = await future.done;
  if (content.status === 'error') {
    return `${content.ename}: ${content.evalue}`;
  }
  if (content.status !== 'ok') {
    return trans.__('The kernel did not run it.');
  }
  // IPython only prints it when a module is no extension.
  return said.includes('not an IPython extension') ? said.trim() : null;
}
