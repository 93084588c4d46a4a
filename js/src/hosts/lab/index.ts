import { canvasTabs } from './canvasTabs';
import { demo } from './demo';
import { followed } from './followed';
import { kernelLinks } from './kernelLinks';
import { outputs } from './outputs';
import { panel } from './panel';
import { runCommands } from './runCommands';
import { settings } from './settings';
import { statusItem } from './statusItem';

export default [settings, kernelLinks, followed, canvasTabs, panel, runCommands, outputs, demo, statusItem];
