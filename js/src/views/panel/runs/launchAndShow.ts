import type { RunCode } from '../../../store/launch/code';
import type { PanelActions, PanelLink } from '../target';

/** Starts a run, and shows it once the kernel has told which it is. */
export async function launchAndShow(
  { id, launcher }: PanelLink,
  code: RunCode,
  showRun: PanelActions['showRun'],
): Promise<void> {
  const run = await launcher.launch(code);
  if (run !== null) {
    showRun(id, run);
  }
}
