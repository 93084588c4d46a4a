import type { JupyterFrontEnd } from '@jupyterlab/application';
import { type Exported, exportedOf } from '../../../store/files/exported';
import { exportExpression } from '../../../store/files/reports';
import { trans } from '../../../store/shared/trans';
import { evaluate } from './reportsKernel';

/**
 * Has a kernel write the page of a run into the folder of its notebook. A busy kernel does it after its cell. `root` is
 * where the server's files are; '' where it does not tell.
 */
export async function exportPage(
  { serviceManager }: Pick<JupyterFrontEnd, 'serviceManager'>,
  root: string,
  kernel: string,
  run: string,
): Promise<Exported> {
  const session = [...serviceManager.sessions.running()].find(({ kernel: own }) => own?.id === kernel);
  if (session?.kernel === undefined || session.kernel === null) {
    return { problem: trans.__('The kernel of this run is gone.') };
  }
  const folder = session.path.slice(0, Math.max(0, session.path.lastIndexOf('/')));
  // The notebook's own connection has the comms.
  const connection = serviceManager.kernels.connectTo({ model: session.kernel, handleComms: false });
  try {
    return exportedOf(await evaluate(connection, exportExpression(run, folder, { folder, root })));
  } finally {
    connection.dispose();
  }
}
