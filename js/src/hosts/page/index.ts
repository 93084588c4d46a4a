import { SharedRun } from '../../protocol/sharedRun';
import { Store } from '../../store/kernel/store';
import { jsonFileName } from '../../store/files/runJson';
import { mountPage } from '../../views/page/mountPage';
import { download } from '../../views/ui/browser/download';
import { SharedFeed } from '../sharedFeed';
import { pageJson } from './pageJson';

/** Shows what the page holds. If that cannot be read, the static table stays, below a line that says why. */
async function show(): Promise<void> {
  const place = document.getElementById('dv-page');
  const data = document.getElementById('dv-run')?.textContent;
  if (place === null || data === undefined) {
    return;
  }
  try {
    const shared = new SharedRun(JSON.parse(data));
    const store = new Store();
    const feed = new SharedFeed(shared, store);
    await feed.start();
    mountPage(place, {
      store,
      source: feed.source,
      run: shared.run,
      created: shared.created,
      version: shared.version,
      contents: shared.contents,
      code: shared.code,
      bytes: sizeOfPage(),
      saveJson: () => {
        const record = store.run(shared.run);
        if (record !== undefined) {
          void pageJson(record, shared).then(text => {
            download(jsonFileName(record.state?.name ?? ''), 'application/json', text);
          });
        }
      },
    });
    document.documentElement.classList.add('dv-live');
  } catch (error) {
    place.textContent = error instanceof Error ? error.message : String(error);
    place.setAttribute('role', 'alert');
  }
}

/** About as many bytes as the file has: nearly all are in scripts, and nearly all text is ASCII. */
function sizeOfPage(): number {
  return [...document.querySelectorAll('script, style')].reduce(
    (bytes, { textContent }) => bytes + textContent.length,
    0,
  );
}

void show();
