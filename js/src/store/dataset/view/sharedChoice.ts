import { computed, effect, untracked } from '@preact/signals';
import { toBase64 } from '../../../protocol/base64';
import type { ChoiceOfSamples } from '../../../protocol/choices';
import type { SampleRequest } from '../../../protocol/client';
import { trans } from '../../shared/trans';
import { Bitset } from '../bitset';
import { filterText } from '../expression/filterText';
import type { Tags } from '../tags';
import type { DatasetState } from './datasetState';
import type { DatasetView } from './datasetView';

type Choose = Extract<SampleRequest, { kind: 'choose' }>;

/** So long nothing must change before Python is told: a brush that moves is told once it rests. */
const REST_MS = 150;

/** What the kernel knows of what is chosen. */
interface Known {
  readonly selection: Bitset;
  readonly tags: Tags;
  readonly filter: string;
  readonly groupBy: readonly string[];
}

/** Keeps what is chosen here and in Python the same: the last who chose is right. */
export class SharedChoice {
  private known: Known;
  private heard: ChoiceOfSamples | null = null;
  /** The filter that Python has set, until it is in force or turns out to be wrong. */
  private awaited: string | null = null;

  constructor(private readonly view: DatasetView) {
    this.known = this.present();
    effect(() => {
      const message = view.dataset.chosen.value;
      if (message !== null && message !== this.heard) {
        this.heard = message;
        untracked(() => {
          this.take(message);
        });
      }
    });
  }

  /** Tells what is chosen from now on, until the returned function is called. */
  attach(introspector: string, tell: (choose: Choose) => void): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const send = () => {
      const changes = this.changes();
      if (changes !== null) {
        tell({ ...changes, introspector, rows: this.view.dataset.rows });
      }
    };
    const followed = computed(() => [this.view.state, this.view.expression.outcome.value]);
    const stop = followed.subscribe(() => {
      clearTimeout(timer);
      timer = setTimeout(send, REST_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }

  /** Tells at once: what is asked next is about what is chosen now. */
  flush(introspector: string, tell: (choose: Choose) => void): void {
    const changes = this.changes();
    if (changes !== null) {
      tell({ ...changes, introspector, rows: this.view.dataset.rows });
    }
  }

  /** What the kernel does not know yet; null when it knows all. */
  private changes(): Omit<Choose, 'introspector' | 'rows'> | null {
    const { known } = this;
    const now = this.present();
    const same = {
      selection: now.selection.equals(known.selection),
      excluded: now.tags.excluded.equals(known.tags.excluded),
      tags: now.tags.byName === known.tags.byName,
      filter: now.filter === known.filter,
      groupBy: now.groupBy.join('\n') === known.groupBy.join('\n'),
    };
    this.known = now;
    if (Object.values(same).every(Boolean)) {
      return null;
    }
    return {
      kind: 'choose',
      selected: same.selection ? null : base64(now.selection),
      excluded: same.excluded ? null : base64(now.tags.excluded),
      tags: same.tags
        ? null
        : Object.fromEntries([...now.tags.byName].map(([name, rows]) => [name, base64(rows)])),
      filter: same.filter ? null : now.filter,
      group_by: same.groupBy ? null : [...now.groupBy],
    };
  }

  private present(): Known {
    const { state, dataset } = this.view;
    const { outcome } = this.view.expression;
    if (this.awaited !== null && outcome.peek()?.type !== 'waiting') {
      const isThere = this.view.expression.applied?.text === this.awaited;
      this.awaited = isThere || outcome.peek()?.type === 'error' ? null : this.awaited;
    }
    const filter = this.awaited ?? filterText(state.filters.values(), name => dataset.table.spec(name));
    return { selection: state.selection, tags: state.tags, filter, groupBy: state.groupBy };
  }

  private take(message: ChoiceOfSamples): void {
    const { view } = this;
    const { rows } = view.dataset;
    const words = trans.__('choose in Python');
    const bits = (bytes: Uint8Array) => Bitset.ofBytes(rows, bytes);
    const before = this.present();
    const selection = bits(message.selected);
    const excluded = bits(message.excluded);
    const byName = new Map([...message.tagged].map(([tag, bytes]) => [tag, bits(bytes)]));
    const isTagged = sameTags(before.tags, byName);
    const state: DatasetState = {
      ...view.state,
      selection: selection.equals(before.selection) ? before.selection : selection,
      tags:
        isTagged && excluded.equals(before.tags.excluded)
          ? before.tags
          : { length: rows, excluded, byName: isTagged ? before.tags.byName : byName },
      groupBy: message.group_by,
    };
    if (
      state.selection !== before.selection ||
      state.tags !== before.tags ||
      state.groupBy.join('\n') !== before.groupBy.join('\n')
    ) {
      view.change(state, words);
    }
    if (message.filter !== before.filter) {
      this.awaited = message.filter === '' ? null : message.filter;
      view.expression.applyAlone(message.filter, words);
    }
    this.known = this.present();
  }
}

function sameTags({ byName }: Tags, other: ReadonlyMap<string, Bitset>): boolean {
  return (
    byName.size === other.size && [...byName].every(([tag, rows]) => other.get(tag)?.equals(rows) === true)
  );
}

function base64(rows: Bitset): string {
  return toBase64(rows.bytes());
}
