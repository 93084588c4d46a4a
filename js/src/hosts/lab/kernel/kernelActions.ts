import type { Execute } from '../../../store/launch/launcher';

/** What the page can have a kernel do. */
export interface KernelActions {
  /** Loads DeepView; resolves to the kernel's complaint, or null. */
  readonly load: () => Promise<string | null>;
  readonly execute: Execute;
  /** Whether the kernel has loaded DeepView; waits for a busy cell. */
  readonly isLoaded: () => Promise<boolean>;
  /** Makes a thread in the kernel that hears us beside a busy cell; null where there is none. */
  readonly makeSubshell: () => Promise<string | null>;
  readonly endSubshell: (subshell: string) => void;
  /**
   * Makes a second connection to the kernel and lets it go. ipykernel 7.0 to 7.3 may miss a request, and reads it when
   * somebody connects (ipykernel issue 1554).
   */
  readonly connectOnceMore: () => Promise<void>;
  /** Has the page ask the server which kernels there are; one that is gone then dies. */
  readonly findKernels: () => Promise<void>;
}
