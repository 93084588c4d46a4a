import { render } from 'preact';
import { Theme, ThemedRoot } from './ui/theme';
import { drawVisibly } from './ui/browser/visibleNodes';
import { RunPage, type NetworkPageProps } from './run/RunPage';

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
      <RunPage {...options} onOpen={options.onOpen ?? null} />
    </ThemedRoot>,
    element,
  );
  return () => {
    render(null, element);
    theme.dispose();
  };
}
