/** Names of our commands; those of them that the settings' schema puts into menus stand there too. */
export const COMMANDS = {
  /** With the arguments `kernel` and `run`, their ids. */
  openRun: 'deepview-lab:open-run',
  chooseRun: 'deepview-lab:choose-run',
  openOutput: 'deepview-lab:open-output',
  showPanel: 'deepview-lab:show-panel',
  load: 'deepview-lab:load',
  lookHere: 'deepview-lab:look-here',
  pauseRun: 'deepview-lab:pause-run',
  resumeRun: 'deepview-lab:resume-run',
  stopRun: 'deepview-lab:stop-run',
  openDemo: 'deepview-lab:open-demo',
  help: 'deepview-lab:help',
} as const;

/** Our category in the palette and in the launcher. */
export const CATEGORY = 'DeepView';
