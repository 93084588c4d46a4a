import { MainAreaWidget } from '@jupyterlab/apputils';
import { effect } from '@preact/signals';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import type { Exported } from '../../../store/files/exported';
import { trans } from '../../../store/shared/trans';
import { mount } from '../../../views/mount';
import { deepviewIcon } from '../commands/icon';
import type { KernelLink } from '../kernel/kernelLink';

/** The canvas of one run in a tab of the main area. */
export class CanvasTab extends MainAreaWidget<CanvasBody> {
  /** Nobody asked for it or turned to it yet: the next run that is shown takes its place. */
  passing = false;
  private readonly untitle: () => void;

  constructor(
    readonly link: KernelLink,
    readonly run: string,
    /** The run's name until the kernel tells it. */
    readonly fallback: string,
    exportPage?: () => Promise<Exported>,
  ) {
    super({ content: new CanvasBody(link, run, exportPage) });
    this.id = tabId(link.id, run);
    this.title.icon = deepviewIcon;
    this.title.closable = true;
    this.toolbar.hide();
    this.node.addEventListener('pointerdown', () => {
      this.passing = false;
    });
    this.untitle = effect(() => {
      this.title.label = trans.__('%1: DeepView', this.runName);
      this.title.caption = this.title.label;
    });
  }

  get runName(): string {
    return this.link.store.run(this.run)?.state?.name ?? this.fallback;
  }

  protected override onActivateRequest(message: Message): void {
    this.passing = false;
    super.onActivateRequest(message);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.untitle();
      super.dispose();
    }
  }
}

export function tabId(kernel: string, run: string): string {
  return `deepview-lab-canvas-${kernel}-${run}`;
}

class CanvasBody extends Widget {
  private unmount: (() => void) | null = null;

  constructor(
    private readonly link: KernelLink,
    private readonly run: string,
    private readonly exportPage?: () => Promise<Exported>,
  ) {
    super();
    this.addClass('dv-host');
    this.node.tabIndex = -1;
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    const { store, source } = this.link;
    this.unmount = mount(this.node, {
      store,
      source,
      run: this.run,
      inline: false,
      exportPage: this.exportPage,
    });
  }

  protected override onBeforeDetach(message: Message): void {
    this.unmount?.();
    this.unmount = null;
    super.onBeforeDetach(message);
  }

  protected override onActivateRequest(): void {
    const row = this.node.querySelector<HTMLElement>('[data-layer][tabindex="0"]');
    (row ?? this.node).focus();
  }
}
