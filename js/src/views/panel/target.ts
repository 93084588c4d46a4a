import type { Launcher } from '../../store/launcher';
import type { Plan } from '../../store/plan';
import type { Source } from '../../store/source';
import type { Store } from '../../store/store';

/** The line to the kernel that the panel shows. */
export interface PanelLink {
  readonly id: string;
  readonly store: Store;
  readonly source: Source;
  /** The next run of this kernel. */
  readonly plan: Plan;
  readonly launcher: Launcher;
  /** Loads DeepView in the kernel; resolves to the kernel's complaint, or null. */
  readonly load: () => Promise<string | null>;
  /** Asks for everything again, or tries to connect. */
  readonly refresh: () => void;
  /** Looks again at the kernel's variables. */
  readonly scan: () => void;
}

/** The document that the panel follows. */
export interface PanelTarget {
  readonly document: string;
  /** Display name of the kernel; null while there is none. */
  readonly kernel: string | null;
  readonly link: PanelLink | null;
  /** Adds a cell with code below the active one; null where there are no cells. */
  readonly insertCode: ((code: string) => void) | null;
  readonly chooseKernel: () => void;
  /** Restarts the kernel after asking, or starts one where it is gone. */
  readonly restartKernel: () => void;
  /** A kernel is on its way. */
  readonly starting: boolean;
}

/** What the panel asks JupyterLab for. */
export interface PanelActions {
  readonly newNotebook: () => void;
  readonly openDemo: () => void;
  readonly openRun: (kernel: string, run: string) => void;
  /** Of DeepView's JupyterLab extension. */
  readonly version: string;
}
