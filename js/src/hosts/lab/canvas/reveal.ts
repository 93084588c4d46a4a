import { DockPanel, type Widget } from '@lumino/widgets';

/** Makes a tab of the main area the visible one where it is; the focus stays with what has it. */
export function reveal(tab: Widget): void {
  const { parent } = tab;
  if (parent instanceof DockPanel) {
    parent.selectWidget(tab);
  }
}
