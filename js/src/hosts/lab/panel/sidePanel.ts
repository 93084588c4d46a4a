import type { ReadonlySignal } from '@preact/signals';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { mountPanel } from '../../../views/mountPanel';
import type { PanelActions, PanelTarget } from '../../../views/panel/target';
import { deepviewIcon } from '../commands/icon';

export const PANEL_ID = 'deepview-lab-panel';

export class SidePanelWidget extends Widget {
  /** Called once, when the panel is seen for the first time. */
  onFirstShow: (() => void) | null = null;
  private unmount: (() => void) | null = null;

  constructor(
    private readonly target: ReadonlySignal<PanelTarget | null>,
    private readonly actions: PanelActions,
  ) {
    super();
    this.id = PANEL_ID;
    this.addClass('dv-host');
    this.title.icon = deepviewIcon;
    this.title.caption = 'DeepView';
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', 'DeepView');
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this.unmount = mountPanel(this.node, this.target, this.actions);
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.onFirstShow?.();
    this.onFirstShow = null;
  }

  protected override onBeforeDetach(message: Message): void {
    this.unmount?.();
    this.unmount = null;
    super.onBeforeDetach(message);
  }
}
