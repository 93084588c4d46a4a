import type { JupyterFrontEnd } from '@jupyterlab/application';
import { computed, effect } from '@preact/signals';
import { Fields } from '../../../protocol/fields';
import { CHECKPOINTS } from '../../../store/launch/checkpoint';
import { KeptShelf } from '../../../store/files/kept';
import type { Followed } from '../kernel/followed';
import { listed } from './serverFolder';

/** The runs that are kept beside the notebook, by way of JupyterLab's contents. */
export function labKept({ serviceManager }: JupyterFrontEnd, followed: Followed): KeptShelf {
  const { contents } = serviceManager;
  const shelf = new KeptShelf(
    folder => listed(contents, folder),
    async path => {
      const file: unknown = await contents.get(path, { type: 'file', format: 'text', content: true });
      return new Fields(file, path).text('content');
    },
    computed(() => followed.value?.folder ?? null),
  );
  effect(() => {
    // A kernel that answers for the first time may have taken the place of one that was killed.
    if (followed.value?.link?.store.link.value === 'live') {
      void shelf.refresh();
    }
  });
  contents.fileChanged.connect((_, { oldValue, newValue }) => {
    if ([oldValue?.path, newValue?.path].some(path => path?.split('/').includes(CHECKPOINTS) === true)) {
      void shelf.refresh();
    }
  });
  return shelf;
}
