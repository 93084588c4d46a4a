import type { ReadonlySignal } from '@preact/signals';
import { render } from 'preact';
import { Theme, ThemedRoot } from './ui/theme';
import { drawVisibly } from './ui/browser/visibleNodes';
import { SidePanel } from './panel/SidePanel';
import type { PanelActions, PanelTarget } from './panel/target';

/** Shows the side panel in an element until the returned function is called. */
export function mountPanel(
  element: HTMLElement,
  target: ReadonlySignal<PanelTarget | null>,
  actions: PanelActions,
): () => void {
  drawVisibly();
  const theme = new Theme();
  render(
    <ThemedRoot theme={theme}>
      <SidePanel target={target} actions={actions} />
    </ThemedRoot>,
    element,
  );
  return () => {
    render(null, element);
    theme.dispose();
  };
}
