import { type ReadonlySignal, computed, signal } from '@preact/signals';
import type { AnalysisOption, LayerInfo, Source } from '../../protocol/messages';
import { type Offer, offersOf, optionsOf } from './analyses';
import { checkpointFolder } from './checkpoint';
import { type CheckpointSize, checkpointSize } from './checkpointSize';
import { type RunCode, runCode } from './code';
import { type Ingredients, type Wish, ingredients, isModel, lacksModel, use } from './ingredients';
import { LayerPicker } from './layerPicker';
import { type Preferences, UNCHANGED } from '../shared/preferences';
import { isIdentifier } from '../shared/python';
import type { Link, State } from '../kernel/state';
import { trans } from '../shared/trans';

/** Whose layers the next run looks at, and what is known of them. */
export type Layered =
  | { readonly kind: 'none' }
  | { readonly kind: 'waiting'; readonly source: Source }
  | { readonly kind: 'problem'; readonly source: Source; readonly problem: string }
  | { readonly kind: 'known'; readonly source: Source; readonly picker: LayerPicker };

/** The next run of one kernel: what was chosen, whether that is enough, and the code of it. */
export class Plan {
  /** What can be computed, and what is to be. */
  readonly offers: ReadonlySignal<readonly Offer[]>;
  readonly analyses: ReadonlySignal<readonly Offer[]>;
  /** What can be set, of the analyses that are to be computed. */
  readonly options: ReadonlySignal<readonly AnalysisOption[]>;
  /** Samples per batch: what was typed, else what the settings say. */
  readonly batch: ReadonlySignal<string>;
  /** Whether the run is kept on disk. */
  readonly keeps: ReadonlySignal<boolean>;

  /** About how large a checkpoint of it is; null when that cannot be told. */
  readonly checkpointSize: ReadonlySignal<CheckpointSize | null>;

  readonly sources: ReadonlySignal<readonly Source[]>;
  readonly ingredients: ReadonlySignal<Ingredients>;
  /** The variable whose layers are asked for. */
  readonly inspected: ReadonlySignal<string | null>;
  readonly layered: ReadonlySignal<Layered>;
  /** Why the run cannot start, in words; null when it can. */
  readonly reason: ReadonlySignal<string | null>;
  /** The code of the run; null when it cannot start. */
  readonly code: ReadonlySignal<RunCode | null>;

  private readonly wish = signal<Wish>({});
  /** Kinds of analysis that were taken, or left out; the others are as usual. */
  private readonly chosen = signal<ReadonlyMap<string, boolean>>(new Map());
  /** Values of options that were chosen, by name. */
  private readonly values = signal<ReadonlyMap<string, string>>(new Map());
  /** When the next run was first to be kept, which names its folder; null when it is not to be kept. */
  private readonly keptFrom = signal<Date | null>(null);
  private readonly typedBatch = signal<string | null>(null);
  private readonly pickers = new Map<string, LayerPicker>();

  constructor(
    private readonly state: ReadonlySignal<State>,
    link: ReadonlySignal<Link>,
    preferences: ReadonlySignal<Preferences> = UNCHANGED,
  ) {
    this.offers = computed(() => offersOf(state.value.analyses));
    this.analyses = computed(() =>
      this.offers.value.filter(({ kind, usual }) => this.chosen.value.get(kind) ?? usual),
    );
    this.options = computed(() => optionsOf(this.analyses.value));
    this.batch = computed(() => this.typedBatch.value ?? String(preferences.value.batchSize));
    this.keeps = computed(() => this.keptFrom.value !== null);
    this.sources = computed(() =>
      (state.value.namespace?.sources ?? []).filter(({ name }) => isIdentifier(name)),
    );
    this.ingredients = computed(() => ingredients(this.wish.value, this.sources.value));
    this.inspected = computed(() => this.layerSource()?.name ?? null);
    this.layered = computed(() => this.findLayers());
    this.checkpointSize = computed(() => this.sizeOnDisk());
    this.reason = computed(() =>
      link.value === 'live' ? this.missing() : trans.__('The kernel does not answer.'),
    );
    this.code = computed(() => (this.reason.value === null ? this.write() : null));
  }

  /** Takes a variable for the next run, or puts it back. */
  use(source: Source): void {
    this.wish.value = use(this.wish.peek(), source, this.sources.peek());
  }

  /** Takes data by its name. */
  useData(name: string): void {
    this.wish.value = { ...this.wish.peek(), data: name };
  }

  /** Takes an analysis for the next run, or leaves it out. */
  choose(kind: string, on: boolean): void {
    this.chosen.value = new Map(this.chosen.peek()).set(kind, on);
  }

  /** The value that an option has in the next run. */
  valueOf({ name, default: usual, choices }: AnalysisOption): string {
    const chosen = this.values.value.get(name);
    return choices.some(({ value }) => value === chosen) ? (chosen ?? usual) : usual;
  }

  /** Sets an option of the next run. */
  set({ name }: AnalysisOption, value: string): void {
    this.values.value = new Map(this.values.peek()).set(name, value);
  }

  /** Takes what was typed as batch size, however wrong. */
  typeBatch(text: string): void {
    this.typedBatch.value = text;
  }

  /** Has the next run kept on disk in a folder of its own, or not; to be said again for each run. */
  keep(on: boolean): void {
    this.keptFrom.value = on ? new Date() : null;
  }

  isUsed(source: Source): boolean {
    const { model, data } = this.ingredients.value;
    return source.name === model?.name || source.name === data?.name;
  }

  private layerSource(): Source | null {
    const { model, data } = this.ingredients.value;
    return model ?? (data?.ends_in_model === true ? data : null);
  }

  private findLayers(): Layered {
    const source = this.layerSource();
    const told = this.state.value.sourceLayers;
    if (source === null) {
      return { kind: 'none' };
    }
    if (told?.source !== source.name) {
      return { kind: 'waiting', source };
    }
    return told.problem === null
      ? { kind: 'known', source, picker: this.pickerOf(source.name) }
      : { kind: 'problem', source, problem: told.problem };
  }

  /** Each variable keeps what was chosen of its layers. */
  private pickerOf(name: string): LayerPicker {
    let picker = this.pickers.get(name);
    if (picker === undefined) {
      picker = new LayerPicker(
        computed((): readonly LayerInfo[] => {
          const told = this.state.value.sourceLayers;
          return told?.source === name ? told.layers : [];
        }),
        computed((): readonly string[] => {
          const told = this.state.value.sourceLayers;
          return told?.source === name ? told.usual : [];
        }),
      );
      this.pickers.set(name, picker);
    }
    return picker;
  }

  private missing(): string | null {
    const { data } = this.ingredients.value;
    const layered = this.layered.value;
    if (data === null) {
      return this.sources.value.some(source => !isModel(source))
        ? trans.__('Choose the data.')
        : trans.__(
            'There is no data yet. Run a cell that defines an array, a table, a data set or a producer.',
          );
    }
    if (lacksModel(this.wish.value, this.sources.value)) {
      return trans.__('Choose a model.');
    }
    if (layered.kind === 'waiting') {
      return trans.__('Waiting for the layers of %1.', layered.source.name);
    }
    if (layered.kind === 'problem') {
      return trans.__('The layers of %1 cannot be read.', layered.source.name);
    }
    if (layered.kind === 'known' && layered.picker.used.value.names.length === 0) {
      return trans.__('Choose at least one layer.');
    }
    if (this.analyses.value.length === 0) {
      return trans.__('Choose at least one analysis.');
    }
    return this.batchSize() === null ? trans.__('Batch must be a whole number of at least 1.') : null;
  }

  private write(): RunCode | null {
    const { model, data } = this.ingredients.value;
    const batchSize = this.batchSize();
    if (data === null || batchSize === null) {
      return null;
    }
    const { namespace } = this.state.value;
    return runCode({
      data: { name: data.name, converted: data.role === 'data' },
      model: model === null ? null : { name: model.name, converted: model.role === 'framework_model' },
      layers: this.usedLayers(),
      analyses: this.analyses.value,
      options: new Map(this.options.value.map(option => [option.name, this.valueOf(option)])),
      batchSize,
      checkpoint: this.keptFrom.value === null ? null : checkpointFolder(data.name, this.keptFrom.value),
      taken: new Set([...(namespace?.taken ?? []), ...this.sources.value.map(({ name }) => name)]),
    });
  }

  private sizeOnDisk(): CheckpointSize | null {
    const layered = this.layered.value;
    if (layered.kind !== 'known') {
      return null;
    }
    const { used, layers } = layered.picker;
    const names = new Set(used.value.names);
    return checkpointSize(
      this.analyses.value,
      layers.value.filter(({ name }) => names.has(name)),
    );
  }

  /** Null where the run looks at all layers, or none can be chosen. */
  private usedLayers(): readonly string[] | null {
    const layered = this.layered.value;
    if (layered.kind !== 'known') {
      return null;
    }
    const { used, layers } = layered.picker;
    const { names } = used.value;
    return names.length === layers.value.length ? null : names;
  }

  private batchSize(): number | null {
    const text = this.batch.value.trim();
    return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
  }
}
