import type { ColumnRequest, FocusRequest } from '../protocol/client';
import type { Incoming } from '../protocol/decode';
import type { PfaDetail } from '../protocol/focus';
import { PROTOCOL_VERSION } from '../protocol/messages';
import type { SharedRun } from '../protocol/sharedRun';
import type { Source } from '../store/kernel/source';
import type { Store } from '../store/kernel/store';
import { keepCounts } from '../store/layers/keepCounts';
import type { Recipe } from '../store/layers/recipeChoice';

const HEAD = { v: PROTOCOL_VERSION, seq: 0 };
const nothing = () => undefined;

/** Answers from a file what a view would ask a kernel for. */
export class SharedFeed {
  readonly source: Source = {
    cancel: nothing,
    pause: nothing,
    resume: nothing,
    focus: (_, focus) => {
      void this.told(this.look(focus));
    },
    readColumn: (_, request) => {
      void this.told(this.read(request));
    },
    interrupt: null,
    reconnect: null,
  };
  private spectra: Promise<Map<string, Map<string, PfaDetail>>> | null = null;

  constructor(
    private readonly shared: SharedRun,
    private readonly store: Store,
  ) {}

  /**
   * Tells the store the state of the run.
   *
   * @throws ProtocolError for what is not what the protocol says.
   */
  async start(): Promise<void> {
    for (const message of await this.shared.state()) {
      this.take(message);
    }
    this.store.flush();
    this.store.link.value = 'file';
  }

  private take(message: Incoming): void {
    this.store.take(message, nothing);
  }

  /** Notes on the page what cannot be read. */
  private async told(work: Promise<void>): Promise<void> {
    await work.catch((error: unknown) => {
      this.store.problem.value = error instanceof Error ? error.message : String(error);
    });
  }

  private async look({ layer, strategy, value }: FocusRequest): Promise<void> {
    const { run } = this.shared;
    if (layer !== null) {
      const known = await this.shared.detail(layer);
      this.take(known ?? { ...HEAD, kind: 'layer_detail', run, layer, parts: [], others: [] });
    }
    if (strategy !== 'kl') {
      await this.recommend({ strategy, value });
    }
  }

  private async recommend(recipe: Recipe): Promise<void> {
    this.spectra ??= this.readSpectra();
    for (const [introspector, spectra] of await this.spectra) {
      const keep = keepCounts(spectra, recipe);
      this.take({ ...HEAD, kind: 'recommendation', run: this.shared.run, introspector, ...recipe, keep });
    }
  }

  /** The spectra of all layers, by introspector and layer. */
  private async readSpectra(): Promise<Map<string, Map<string, PfaDetail>>> {
    const found = new Map<string, Map<string, PfaDetail>>();
    for (const layer of this.shared.detailed) {
      for (const part of (await this.shared.detail(layer))?.parts ?? []) {
        if (part.analysis === 'pfa') {
          const known = found.get(part.introspector) ?? new Map<string, PfaDetail>();
          found.set(part.introspector, known.set(layer, part));
        }
      }
    }
    return found;
  }

  private async read(request: ColumnRequest): Promise<void> {
    const chunk = await this.shared.chunk(request);
    if (chunk !== null) {
      this.take(chunk);
    }
  }
}
