import { type ReadonlySignal, computed, signal } from '@preact/signals';
import type { LayerInfo } from '../../protocol/messages';
import { KindFilter } from '../layers/kindFilter';
import { type Search, readSearch } from '../shared/search';

/** The layers that a run looks at, in the order of the network, and why these. */
export interface Used {
  readonly why: 'chosen' | 'activations' | 'units';
  readonly names: readonly string[];
}

const NONE: ReadonlySignal<readonly string[]> = signal([]);

/** Without a choice: the activations, or all layers with units where the network has none. */
function usualOf(layers: readonly LayerInfo[], usual: readonly string[]): Used {
  const withUnits = layers.filter(({ units }) => units !== null).map(({ name }) => name);
  const told = new Set(usual);
  const names = layers.map(({ name }) => name).filter(name => told.has(name));
  return names.length === 0 || names.length >= withUnits.length
    ? { why: 'units', names: withUnits }
    : { why: 'activations', names };
}

/** Which layers of a model a run shall look at. */
export class LayerPicker extends KindFilter {
  readonly search: ReadonlySignal<Search> = computed(() => readSearch(this.text.value));
  /** The layers that search and kinds leave. */
  readonly visible: ReadonlySignal<readonly LayerInfo[]>;
  /** Names in the order of the network. */
  readonly chosen: ReadonlySignal<readonly string[]>;
  /** What a run looks at: the chosen layers, or what is usual while none are chosen. */
  readonly used: ReadonlySignal<Used>;

  private readonly wanted = signal<ReadonlySet<string>>(new Set());
  /** Where a range begins: the layer that was clicked last. */
  private anchor: string | null = null;

  /** `usual`: names of the layers that the kernel would look at. */
  constructor(
    readonly layers: ReadonlySignal<readonly LayerInfo[]>,
    usual: ReadonlySignal<readonly string[]> = NONE,
  ) {
    super(() => layers.value.map(({ type }) => type));
    this.visible = computed(() => {
      const { matches } = this.search.value;
      const kinds = this.kinds.value;
      return layers.value.filter(({ name, type }) => matches(name) && (kinds.size === 0 || kinds.has(type)));
    });
    this.chosen = computed(() =>
      layers.value.map(({ name }) => name).filter(name => this.wanted.value.has(name)),
    );
    this.used = computed(() =>
      this.chosen.value.length > 0
        ? { why: 'chosen', names: this.chosen.value }
        : usualOf(layers.value, usual.value),
    );
  }

  isChosen(name: string): boolean {
    return this.wanted.value.has(name);
  }

  /** Chooses a layer or drops it; with `range` also all shown layers between it and the one that was clicked before. */
  toggle(name: string, range: boolean): void {
    const names = this.visible.peek().map(layer => layer.name);
    const from = range && this.anchor !== null ? names.indexOf(this.anchor) : -1;
    const to = names.indexOf(name);
    this.set(
      from < 0 ? [name] : names.slice(Math.min(from, to), Math.max(from, to) + 1),
      !this.isChosen(name),
    );
    this.anchor = name;
  }

  /** Chooses all that are shown, or drops them; those that are not shown stay as they are. */
  setShown(on: boolean): void {
    this.set(
      this.visible.peek().map(({ name }) => name),
      on,
    );
  }

  private set(names: readonly string[], on: boolean): void {
    const wanted = new Set(this.wanted.peek());
    for (const name of names) {
      if (on) {
        wanted.add(name);
      } else {
        wanted.delete(name);
      }
    }
    this.wanted.value = wanted;
  }
}
