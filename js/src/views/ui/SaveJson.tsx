import type { JSX } from 'preact';
import { jsonFileName, runJson } from '../../store/files/runJson';
import type { RunRecord } from '../../store/kernel/state';
import { trans } from '../../store/shared/trans';
import { download } from './browser/download';
import { Button } from './parts';

/** Keeps what the page holds of a run, for when its kernel cannot save a report any more. */
export function SaveJson({ record, bare = false }: { record: RunRecord; bare?: boolean }): JSX.Element {
  const name = record.state?.name ?? '';
  return (
    <Button
      look={bare ? 'plain' : 'normal'}
      bare={bare}
      icon="save"
      label={bare ? trans.__('Save %1 as JSON', name) : trans.__('Save as JSON')}
      title={trans.__('Save as JSON: the state, the layers and the tables that this page holds of the run')}
      testId="dv-save-json"
      onClick={() => {
        download(jsonFileName(name), 'application/json', runJson(record));
      }}
    />
  );
}
