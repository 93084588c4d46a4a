import { type ReadonlySignal, computed, effect } from '@preact/signals';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import type { Restored } from '../../../protocol/savedRun';
import { browserClock } from '../../../store/shared/clock';
import type { Preferences } from '../../../store/shared/preferences';
import type { Source } from '../../../store/kernel/source';
import { type Link, isExpecting } from '../../../store/kernel/state';
import { Store } from '../../../store/kernel/store';
import { mount } from '../../../views/mount';
import { mark, unmark } from '../../tab';
import type { KernelLink } from '../kernel/kernelLink';
import type { KernelLinks } from '../kernel/kernelLinks';

/** What an output asks of the page around it. */
export interface OutputHost {
  readonly links: KernelLinks;
  readonly preferences: ReadonlySignal<Preferences>;
  /** The link of the document that a widget is in; null where it is in none that has a kernel. */
  readonly linkAround: (widget: Widget) => KernelLink | null;
  readonly openTab: (kernel: string, run: string) => void;
}

/** Nobody is at the other end of a file. */
const NOBODY: Source = {
  cancel: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
  focus: () => undefined,
  readColumn: () => undefined,
  interrupt: null,
  reconnect: null,
};

/** A link in one of these states has nothing to tell a notebook that was opened after it. */
const OVER: ReadonlySet<Link> = new Set(['dead', 'detached', 'absent', 'foreign']);

/**
 * The canvas of one output: of the live run where this page has its kernel, else of what the output keeps. Once it shows
 * the live run it stays with that, also when the kernel goes.
 */
export class OutputCanvas extends Widget {
  private readonly saved: Store;
  private readonly live: ReadonlySignal<KernelLink | null>;
  private joined: KernelLink | null = null;
  private stop: () => void = () => undefined;

  constructor(
    private readonly host: OutputHost,
    readonly session: string,
    readonly run: string,
  ) {
    super();
    this.saved = new Store(browserClock, host.preferences);
    this.saved.link.value = 'saved';
    this.live = computed(() => {
      const link = host.links.holding(session, run);
      if (link !== null && link !== this.joined && !OVER.has(link.store.link.value)) {
        this.joined = link;
      }
      return link === this.joined ? link : null;
    });
  }

  /** Takes in what the output keeps now. */
  restore({ messages, leftOut }: Restored): void {
    for (const message of messages) {
      this.saved.take(message, () => undefined);
    }
    this.saved.leftOut.value = leftOut;
  }

  override dispose(): void {
    this.stop();
    super.dispose();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    const followLink = effect(() => {
      this.saved.link.value = this.linkOfSaved();
    });
    let unmount: () => void = () => undefined;
    const mountLive = this.live.subscribe(link => {
      unmount();
      unmount = this.mountFor(link);
    });
    this.stop = () => {
      followLink();
      mountLive();
      unmount();
      this.stop = () => undefined;
    };
  }

  protected override onBeforeDetach(message: Message): void {
    this.stop();
    super.onBeforeDetach(message);
  }

  private mountFor(link: KernelLink | null): () => void {
    const { run } = this;
    const { store, source } = link ?? { store: this.saved, source: NOBODY };
    if (link === null) {
      unmark(this.node);
    } else {
      mark(this.node, { kernel: link.id, run });
    }
    return mount(this.node, {
      store,
      source,
      run,
      inline: true,
      onOpen:
        link === null
          ? undefined
          : () => {
              this.host.openTab(link.id, run);
            },
    });
  }

  /** A kernel that has yet to say which runs it has may have this one. */
  private linkOfSaved(): Link {
    const around = this.host.linkAround(this);
    const link = around?.store.link.value ?? 'saved';
    const session = around?.store.state.value.session ?? null;
    if (!isExpecting(link) || (session !== null && session !== this.session)) {
      return 'saved';
    }
    return link === 'live' ? 'connecting' : link;
  }
}
