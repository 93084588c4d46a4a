import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import type { Kernel, KernelSpec } from '@jupyterlab/services';
import { type ReadonlySignal, signal } from '@preact/signals';
import { Token } from '@lumino/coreutils';
import type { Preferences } from '../../../store/shared/preferences';
import { executeRun } from './executeRun';
import { KernelLink } from './kernelLink';
import { isLoaded, loadExtension } from './loadExtension';
import { endSubshell, makeSubshell } from './subshell';
import { ISettings, type Settings } from '../commands/settings';

/** One for the page: the panel and the tabs share a kernel's link. */
export const IKernelLinks = new Token<KernelLinks>('deepview-lab:IKernelLinks', 'The lines to the kernels.');

export const kernelLinks: JupyterFrontEndPlugin<KernelLinks> = {
  id: 'deepview-lab:kernel-links',
  description: 'The lines to the kernels that have loaded DeepView.',
  provides: IKernelLinks,
  requires: [ISettings],
  activate: ({ serviceManager }: JupyterFrontEnd, { preferences }: Settings) => {
    const links = new KernelLinks(serviceManager.kernels, serviceManager.kernelspecs, preferences);
    window.addEventListener('pagehide', () => {
      links.leave();
    });
    return links;
  },
};

/** The links to all kernels that this page has met, by kernel id. */
export class KernelLinks {
  private readonly links = signal<ReadonlyMap<string, KernelLink>>(new Map());

  constructor(
    private readonly kernels: Kernel.IManager,
    private readonly specs: KernelSpec.IManager,
    private readonly preferences: ReadonlySignal<Preferences>,
  ) {}

  get(kernel: string): KernelLink {
    const known = this.links.peek();
    const link = known.get(kernel) ?? new KernelLink(kernel, this.preferences);
    if (!known.has(kernel)) {
      this.links.value = new Map(known).set(kernel, link);
    }
    return link;
  }

  /** All links, as a signal. */
  get all(): readonly KernelLink[] {
    return [...this.links.value.values()];
  }

  /** The link to the kernel that told of a run, which may be gone by now; null where this page met none. */
  holding(session: string, run: string): KernelLink | null {
    return this.all.find(({ store }) => store.run(run)?.session === session) ?? null;
  }

  /** Follows a kernel connection, if what it leads to speaks Python. */
  async attach(kernel: Kernel.IKernelConnection): Promise<void> {
    const link = this.get(kernel.id);
    if (link.uses(kernel)) {
      return;
    }
    await this.specs.ready;
    if (kernel.isDisposed) {
      return;
    }
    if (!this.isPython(kernel)) {
      link.refuse();
      return;
    }
    link.attach(kernel, {
      load: () => loadExtension(kernel),
      execute: (code, begun) => executeRun(kernel, code, begun),
      isLoaded: () => isLoaded(kernel),
      makeSubshell: () => makeSubshell(kernel),
      endSubshell: subshell => {
        endSubshell(kernel, subshell);
      },
      connectOnceMore: async () => {
        const other = this.kernels.connectTo({ model: kernel.model, handleComms: false });
        await other.info.catch(() => undefined);
        other.dispose();
      },
      findKernels: () => this.kernels.refreshRunning(),
    });
  }

  /** Closes our comms on one connection, or on all, while that can still be told. */
  leave(kernel?: Kernel.IKernelConnection): void {
    for (const link of this.links.peek().values()) {
      if (kernel === undefined || link.uses(kernel)) {
        link.leave();
      }
    }
  }

  /** Kernels whose language is not told are given a chance. */
  private isPython({ name }: Kernel.IKernelConnection): boolean {
    const language = this.specs.specs?.kernelspecs[name]?.language.toLowerCase();
    return language === undefined || language === '' || language === 'python';
  }
}
