import { render } from 'preact';
import { Theme, ThemedRoot } from './common/theme';
import { drawVisibly } from './common/visibleNodes';
import { NetworkPage, type NetworkPageProps } from './network/NetworkPage';

export interface MountOptions extends Omit<NetworkPageProps, 'onOpen'> {
  /** Opens the run in a tab of its own; left out where there are no tabs. */
  onOpen?: (() => void) | undefined;
}

/** Shows the canvas in an element until the returned function is called. */
export function mount(element: HTMLElement, options: MountOptions): () => void {
  drawVisibly();
  const theme = new Theme();
  render(
    <ThemedRoot theme={theme}>
      <NetworkPage {...options} onOpen={options.onOpen ?? null} />
    </ThemedRoot>,
    element,
  );
  return () => {
    render(null, element);
    theme.dispose();
  };
}
