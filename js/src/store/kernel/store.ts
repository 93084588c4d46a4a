import { type ReadonlySignal, batch, computed, signal } from '@preact/signals';
import type { Incoming } from '../../protocol/decode';
import { Datasets } from '../dataset/datasets';
import { DatasetViews } from '../dataset/view/datasetViews';
import type { LeftOut } from '../../protocol/savedRun';
import { type Clock, browserClock } from '../shared/clock';
import { LayerView } from '../layers/layerView';
import { Pace } from '../shared/pace';
import { type Preferences, UNCHANGED } from '../shared/preferences';
import { RecipeChoice } from '../layers/recipeChoice';
import { afterLoss, reduce } from './reduce';
import { type LayerRow, rowsOf } from '../layers/rows';
import type { Source } from './source';
import { EMPTY, type Link, type RunRecord, type State } from './state';

/** A busy kernel that hears Stop says so well within this time. */
const STOP_PATIENCE_MS = 1500;

/** What answers a click or a view that waits. */
const ANSWERS: ReadonlySet<Incoming['kind']> = new Set([
  'layer_detail',
  'recommendation',
  'sample_chunk',
  'sent_to_python',
  'pictures',
]);

interface Taken {
  readonly message: Incoming;
  readonly shown: () => void;
}

/** What one kernel said and how it is looked at. One store per connection; any number of views. */
export class Store {
  readonly link = signal<Link>('connecting');
  /** What went wrong with a message, for people; null when nothing did. */
  readonly problem = signal<string | null>(null);
  /** What a notebook's output had no room for. */
  readonly leftOut = signal<readonly LeftOut[]>([]);
  /** When a lost connection is tried again, by the clock of this page; null when it is not. */
  readonly retryAt = signal<number | null>(null);

  /** The tables of samples of all runs. */
  readonly datasets = new Datasets();
  /** How they are looked at. */
  readonly datasetViews = new DatasetViews();
  private readonly data = signal<State>(EMPTY);
  private readonly unheard = signal<ReadonlySet<string>>(new Set());
  private readonly views = new Map<string, LayerView>();
  private readonly pace: Pace<Taken>;

  constructor(
    private readonly clock: Clock = browserClock,
    readonly preferences: ReadonlySignal<Preferences> = UNCHANGED,
  ) {
    this.pace = new Pace(
      clock,
      () => 1000 / preferences.peek().updatesPerSecond,
      items => {
        this.takeAll(items);
      },
    );
  }

  get state(): ReadonlySignal<State> {
    return this.data;
  }

  /** Takes a message in with the next paint; calls `shown` after that. */
  readonly take = (message: Incoming, shown: () => void): void => {
    if (message.kind === 'hello') {
      // Everything comes again, and with it what could not be read.
      this.problem.value = null;
    }
    this.pace.add({ message, shown });
    if (ANSWERS.has(message.kind)) {
      this.pace.flush(); // the answer to a click
    }
  };

  /** Takes in at once what waits for its turn. */
  flush(): void {
    this.pace.flush();
  }

  /** Notes that the kernel went away with all it knew. */
  lose(): void {
    this.pace.flush();
    this.data.value = afterLoss(this.data.peek());
  }

  run(id: string): RunRecord | undefined {
    return this.data.value.runs.get(id);
  }

  /** How the layers of a run are looked at. */
  view(run: string): LayerView {
    let view = this.views.get(run);
    if (view === undefined) {
      const recipe = new RecipeChoice();
      view = new LayerView(this.rows(run, recipe), recipe);
      this.views.set(run, view);
    }
    return view;
  }

  /** The rows of a run. They are made again when what they are made of changes, which progress is not. */
  private rows(run: string, { strategy }: RecipeChoice): ReadonlySignal<readonly LayerRow[]> {
    const layers = computed(() => this.run(run)?.layers ?? null);
    const snapshots = computed(() => this.run(run)?.snapshots);
    const recommendations = computed(() => this.run(run)?.recommendations);
    return computed(() =>
      rowsOf(
        {
          layers: layers.value,
          snapshots: snapshots.value ?? new Map(),
          recommendations: recommendations.value ?? new Map(),
        },
        strategy.value,
      ),
    );
  }

  /** Asks for a run to be stopped, and notes when the kernel does not hear it. */
  stop(run: string, source: Source): void {
    source.cancel(run);
    this.clock.after(STOP_PATIENCE_MS, () => {
      if (this.isStoppable(run)) {
        this.unheard.value = new Set(this.unheard.peek()).add(run);
      }
    });
  }

  /** Whether Stop was asked for in vain: the kernel is busy and reads no message. */
  isUnheard(run: string): boolean {
    return this.unheard.value.has(run) && this.isStoppable(run);
  }

  private isStoppable(run: string): boolean {
    const status = this.run(run)?.state?.status;
    return status === 'pending' || status === 'running' || status === 'paused';
  }

  private takeAll(items: readonly Taken[]): void {
    batch(() => {
      this.data.value = items.reduce((state, { message }) => reduce(state, message), this.data.peek());
      for (const { message } of items) {
        this.datasets.take(message);
      }
    });
    this.clock.painted(() => {
      for (const { shown } of items) {
        shown();
      }
    });
  }
}
