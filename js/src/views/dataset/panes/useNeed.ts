import { useEffect } from 'preact/hooks';
import type { DatasetView } from '../../../store/dataset/view/datasetView';

/** Asks for the values of columns that a part of the page shows. */
export function useNeed(view: DatasetView, names: readonly (string | null)[]): void {
  const wanted = names.filter(name => name !== null);
  useEffect(() => {
    view.need(wanted);
  }, [view, wanted.join('\n')]);
}
