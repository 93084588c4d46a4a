import type { Kernel } from '@jupyterlab/services';
import { Token } from '@lumino/coreutils';
import { executeRun } from './executeRun';
import { KernelLink } from './kernelLink';
import { loadExtension } from './loadExtension';

/** One for the page: the panel and the tabs share a kernel's link. */
export const IKernelLinks = new Token<KernelLinks>('deepview-lab:IKernelLinks', 'The lines to the kernels.');

/** The links to all kernels that this page has met, by kernel id. */
export class KernelLinks {
  private readonly links = new Map<string, KernelLink>();

  get(kernel: string): KernelLink {
    const link = this.links.get(kernel) ?? new KernelLink(kernel);
    this.links.set(kernel, link);
    return link;
  }

  attach(kernel: Kernel.IKernelConnection): KernelLink {
    const link = this.get(kernel.id);
    link.attach(kernel, {
      load: () => loadExtension(kernel),
      execute: (code, begun) => executeRun(kernel, code, begun),
    });
    return link;
  }
}
