import { canvasTabs } from './canvas/canvasTabs';
import { demo } from './demo/demo';
import { help } from './commands/help';
import { followed } from './kernel/followed';
import { kernelLinks } from './kernel/kernelLinks';
import { outputs } from './canvas/outputs';
import { panel } from './panel/panel';
import { runCommands } from './commands/runCommands';
import { savedOutputs } from './canvas/savedOutputs';
import { settings } from './commands/settings';
import { statusItem } from './panel/statusItem';

export default [
  settings,
  kernelLinks,
  followed,
  canvasTabs,
  panel,
  runCommands,
  outputs,
  savedOutputs,
  demo,
  help,
  statusItem,
];
