import { type ReadonlySignal, computed, signal } from '@preact/signals';
import type { LayerInfo, Source } from '../protocol/messages';
import { type Pool, type RunCode, isIdentifier, runCode } from './code';
import { type Ingredients, type Wish, ingredients, isModel, lacksModel, use } from './ingredients';
import { LayerPicker } from './layerPicker';
import type { Link, State } from './state';

const DEFAULT_BATCH = '64';

/** Whose layers the next run looks at, and what is known of them. */
export type Layered =
  | { readonly kind: 'none' }
  | { readonly kind: 'waiting'; readonly source: Source }
  | { readonly kind: 'problem'; readonly source: Source; readonly problem: string }
  | { readonly kind: 'known'; readonly source: Source; readonly picker: LayerPicker };

/** The next run of one kernel: what was chosen, whether that is enough, and the code of it. */
export class Plan {
  readonly iua = signal(true);
  readonly pfa = signal(true);
  readonly batch = signal(DEFAULT_BATCH);
  readonly pool = signal<Pool>('average');

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
  private readonly pickers = new Map<string, LayerPicker>();

  constructor(
    private readonly state: ReadonlySignal<State>,
    link: ReadonlySignal<Link>,
  ) {
    this.sources = computed(() =>
      (state.value.namespace?.sources ?? []).filter(({ name }) => isIdentifier(name)),
    );
    this.ingredients = computed(() => ingredients(this.wish.value, this.sources.value));
    this.inspected = computed(() => this.layerSource()?.name ?? null);
    this.layered = computed(() => this.findLayers());
    this.reason = computed(() => (link.value === 'live' ? this.missing() : 'The kernel does not answer.'));
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
        ? 'Choose the data.'
        : 'There is no data yet. Run a cell that defines a producer or a pipeline.';
    }
    if (lacksModel(this.wish.value, this.sources.value)) {
      return 'Choose a model.';
    }
    if (layered.kind === 'waiting') {
      return `Waiting for the layers of ${layered.source.name}.`;
    }
    if (layered.kind === 'problem') {
      return `The layers of ${layered.source.name} cannot be read.`;
    }
    if (layered.kind === 'known' && layered.picker.chosen.value.length === 0) {
      return 'Choose at least one layer.';
    }
    if (!this.iua.value && !this.pfa.value) {
      return 'Choose inactive units, principal filters, or both.';
    }
    return this.batchSize() === null ? 'Batch must be a whole number of at least 1.' : null;
  }

  private write(): RunCode | null {
    const { model, data } = this.ingredients.value;
    const batchSize = this.batchSize();
    if (data === null || batchSize === null) {
      return null;
    }
    const { namespace } = this.state.value;
    return runCode({
      data: data.name,
      model: model === null ? null : { name: model.name, keras: model.role === 'keras' },
      layers: this.chosenLayers(),
      iua: this.iua.value,
      pfa: this.pfa.value,
      pool: this.pool.value,
      batchSize,
      taken: new Set([...(namespace?.taken ?? []), ...this.sources.value.map(({ name }) => name)]),
    });
  }

  /** Null where all layers are chosen, or none can be. */
  private chosenLayers(): readonly string[] | null {
    const layered = this.layered.value;
    if (layered.kind !== 'known') {
      return null;
    }
    const { chosen, layers } = layered.picker;
    return chosen.value.length === layers.value.length ? null : chosen.value;
  }

  private batchSize(): number | null {
    const text = this.batch.value.trim();
    return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
  }
}
