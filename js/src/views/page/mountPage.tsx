import { type JSX, render } from 'preact';
import type { Source } from '../../store/kernel/source';
import type { Store } from '../../store/kernel/store';
import { trans } from '../../store/shared/trans';
import { RunPage } from '../run/RunPage';
import { count } from '../ui/words/format';
import { Theme, ThemedRoot } from '../ui/theme';
import { drawVisibly } from '../ui/browser/visibleNodes';
import { type AboutPage, ReportHeader } from './ReportHeader';

export interface PageOptions extends Pick<AboutPage, 'created' | 'version' | 'bytes' | 'contents' | 'code'> {
  readonly store: Store;
  readonly source: Source;
  readonly run: string;
  readonly saveJson: () => void;
}

/** Shows a run from a file as a whole page, below a head of its own. */
export function mountPage(element: HTMLElement, options: PageOptions): void {
  drawVisibly();
  const theme = new Theme();
  render(
    <ThemedRoot theme={theme}>
      <WholePage theme={theme} {...options} />
    </ThemedRoot>,
    element,
  );
}

function WholePage({
  theme,
  store,
  source,
  run,
  saveJson,
  ...about
}: PageOptions & { theme: Theme }): JSX.Element {
  const state = store.run(run)?.state ?? null;
  return (
    <>
      <ReportHeader
        about={{ ...about, title: state?.name ?? trans.__('Report'), samples: count(state?.samples ?? 0) }}
        dark={theme.dark.value}
        setDark={dark => {
          document.body.dataset['jpThemeLight'] = String(!dark);
        }}
        saveJson={saveJson}
      />
      <RunPage store={store} source={source} run={run} inline={false} onOpen={null} />
    </>
  );
}
