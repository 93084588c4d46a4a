import { type Kernel, KernelMessage } from '@jupyterlab/services';

/**
 * Makes a thread in the kernel that hears us beside a busy cell; resolves to null where the kernel refuses, and never
 * where it does not know what that is.
 *
 * JupyterLab makes one for each comm target as soon as the kernel's main thread has told what it can do: after a reload
 * of the page, that waits for the cell. The control channel does not.
 */
export async function makeSubshell(kernel: Kernel.IKernelConnection): Promise<string | null> {
  const message = KernelMessage.createMessage({
    ...sender(kernel),
    msgType: 'create_subshell_request',
    content: {},
  });
  const { content } = await kernel.sendControlMessage(message, true).done;
  return isOk(content) ? content.subshell_id : null;
}

export function endSubshell(kernel: Kernel.IKernelConnection, subshell: string): void {
  if (!kernel.isDisposed && kernel.status !== 'dead') {
    const message = KernelMessage.createMessage({
      ...sender(kernel),
      msgType: 'delete_subshell_request',
      content: { subshell_id: subshell },
    });
    kernel.sendControlMessage(message, false, true);
  }
}

function sender({ username, clientId }: Kernel.IKernelConnection) {
  return { channel: 'control' as const, username, session: clientId };
}

function isOk(content: object): content is { subshell_id: string } {
  return 'subshell_id' in content && typeof content.subshell_id === 'string';
}
