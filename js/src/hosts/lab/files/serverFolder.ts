import type { Contents } from '@jupyterlab/services';
import { Fields } from '../../../protocol/fields';
import type { Entry } from '../../../store/files/reports';

/** What is in a folder of the server. */
export async function listed(contents: Contents.IManager, folder: string): Promise<Entry[]> {
  const model = await contents.get(folder, { type: 'directory', content: true });
  return new Fields(model, folder).list('content', entry);
}

function entry(model: unknown, what: string): Entry {
  const fields = new Fields(model, what);
  return {
    name: fields.text('name'),
    path: fields.text('path'),
    isFolder: fields.text('type') === 'directory',
    modified: fields.text('last_modified'),
    size: fields.optional('size', name => fields.count(name)),
  };
}
