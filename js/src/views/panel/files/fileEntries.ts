import type { Entry } from '../../../store/files/reports';
import { trans } from '../../../store/shared/trans';
import { documentOf } from './reader';
import type { MenuEntry, PanelReports, PanelTarget } from '../target';

/** The menu's way to a file or folder; empty where JupyterLab has no file browser. */
export function showEntries(file: Pick<Entry, 'path'>, { showInFiles }: PanelReports): MenuEntry[] {
  return showInFiles === null
    ? []
    : [
        {
          label: trans.__('Show in File Browser'),
          run: () => {
            showInFiles(file);
          },
        },
      ];
}

/** Deletes a file or folder after asking. */
export function deleteEntry(
  file: Pick<Entry, 'name' | 'path'>,
  target: PanelTarget | null,
  reports: PanelReports,
): MenuEntry {
  return {
    label: trans.__('Delete…'),
    run: () => {
      void tellProblem(reports.remove(file), target, reports);
    },
  };
}

/** Says what went wrong, if anything did. */
export async function tellProblem(
  done: Promise<string | null>,
  target: PanelTarget | null,
  { desk }: PanelReports,
): Promise<void> {
  const problem = await done;
  if (problem !== null) {
    desk.fail(documentOf(target), problem);
  }
}
