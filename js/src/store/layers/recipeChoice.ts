import { type ReadonlySignal, batch, computed, signal } from '@preact/signals';
import type { Recommendation } from '../../protocol/messages';

export type Strategy = Recommendation['strategy'];

/** A strategy that can be asked for; of KL the value says nothing. */
export interface Recipe {
  readonly strategy: Strategy;
  readonly value: number;
}

/** Share of the energy that Energy keeps unless somebody types another. */
export const DEFAULT_ENERGY = 0.95;
/** What the fields hold before somebody types. */
const FIRST: Readonly<Record<Strategy, string>> = { kl: '0', energy: String(DEFAULT_ENERGY), size: '0.5' };

/** Which strategy recommends how many units to keep, and its value as it was typed. */
export class RecipeChoice {
  readonly strategy = signal<Strategy>('kl');
  /** The last choice that can be computed: what is typed wrong changes nothing. */
  readonly recipe: ReadonlySignal<Recipe>;

  private readonly texts = signal(FIRST);
  private readonly valid = signal(FIRST);

  constructor() {
    this.recipe = computed(() => {
      const strategy = this.strategy.value;
      return { strategy, value: Number(this.valid.value[strategy]) };
    });
  }

  /** The value as it was typed. */
  get text(): string {
    return this.texts.value[this.strategy.value];
  }

  /** Whether what was typed is a share of 0 to 1. */
  get isValid(): boolean {
    return isShare(this.text);
  }

  type(text: string): void {
    const strategy = this.strategy.peek();
    batch(() => {
      this.texts.value = { ...this.texts.peek(), [strategy]: text };
      if (isShare(text)) {
        this.valid.value = { ...this.valid.peek(), [strategy]: text.trim() };
      }
    });
  }
}

/** Whether a recommendation is the one that was chosen. */
export function isOf(recommendation: Recipe | undefined, recipe: Recipe): boolean {
  return recommendation?.strategy === recipe.strategy && recommendation.value === recipe.value;
}

function isShare(text: string): boolean {
  return /^\s*(?:\d+\.?\d*|\.\d+)(?:e-?\d{1,3})?\s*$/i.test(text) && Number(text) <= 1;
}
