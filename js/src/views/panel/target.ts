import type { Launcher } from '../../store/launch/launcher';
import type { Plan } from '../../store/launch/plan';
import type { KeptShelf } from '../../store/files/kept';
import type { Entry, ReportFile } from '../../store/files/reports';
import type { Evaluate, ReportDesk } from '../../store/files/reportActions';
import type { ReportList } from '../../store/files/reportList';
import type { Source } from '../../store/kernel/source';
import type { Store } from '../../store/kernel/store';

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
  /** Its folder on the server; '' for the root. */
  readonly folder: string;
  /** Display name of the kernel; null while there is none. */
  readonly kernel: string | null;
  readonly link: PanelLink | null;
  /** Adds a cell with code below the active one; null where there are no cells. */
  readonly insertCode: ((code: string) => void) | null;
  /** Has the kernel evaluate an expression without a trace; null while there is none. */
  readonly evaluate: Evaluate | null;
  readonly chooseKernel: () => void;
  /** Restarts the kernel after asking, or starts one where it is gone. */
  readonly restartKernel: () => void;
  /** A kernel is on its way. */
  readonly starting: boolean;
}

/** Keeps a run (its id, its name) in a report file. */
export type SaveRun = (run: string, name: string) => void;

export interface MenuEntry {
  readonly label: string;
  readonly run: () => void;
}

/** The report files of the server. */
export interface PanelReports {
  readonly shelf: ReportList;
  readonly desk: ReportDesk;
  /** Opens a menu below an element. */
  readonly menu: (entries: readonly MenuEntry[], at: HTMLElement) => void;
  /** Shows a file in the file browser; null where there is none. */
  readonly showInFiles: ((file: Pick<Entry, 'path'>) => void) | null;
  /** Deletes a file or folder after asking; resolves to what went wrong, or null. */
  readonly remove: (file: Pick<Entry, 'name' | 'path'>) => Promise<string | null>;
  /** Asks for a new name and gives it to a file; resolves to what went wrong, or null. */
  readonly rename: (file: ReportFile) => Promise<string | null>;
}

/** What the panel asks JupyterLab for. */
export interface PanelActions {
  readonly newNotebook: () => void;
  readonly openDemo: () => void;
  readonly openRun: (kernel: string, run: string) => void;
  /** Shows a run that was just started beside the notebook, where the user wants that; the focus stays. */
  readonly showRun: (kernel: string, run: string) => void;
  readonly reports: PanelReports;
  readonly kept: KeptShelf;
  /** Of DeepView's JupyterLab extension. */
  readonly version: string;
}
