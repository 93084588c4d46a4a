import type { Dataset } from '../dataset';
import { DatasetView } from './datasetView';

/** How each table of samples is looked at; kept as long as the table, so that closing a page loses nothing. */
export class DatasetViews {
  private readonly known = new WeakMap<Dataset, DatasetView>();

  of(dataset: Dataset): DatasetView {
    const view = this.known.get(dataset) ?? new DatasetView(dataset);
    this.known.set(dataset, view);
    return view;
  }
}
