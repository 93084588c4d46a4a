import type { Dataset } from '../dataset';
import { DatasetView } from './datasetView';
import { SharedChoice } from './sharedChoice';

/** How each table of samples is looked at; kept as long as the table, so that closing a page loses nothing. */
export class DatasetViews {
  private readonly known = new WeakMap<Dataset, DatasetView>();
  private readonly choices = new WeakMap<Dataset, SharedChoice>();

  of(dataset: Dataset): DatasetView {
    const view = this.known.get(dataset) ?? new DatasetView(dataset);
    this.known.set(dataset, view);
    return view;
  }

  /** What is chosen in a table, here and in Python. */
  shared(dataset: Dataset): SharedChoice {
    const choice = this.choices.get(dataset) ?? new SharedChoice(this.of(dataset));
    this.choices.set(dataset, choice);
    return choice;
  }
}
