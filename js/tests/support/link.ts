import { beforeEach, vi } from 'vitest';
import type { KernelActions } from '../../src/hosts/lab/kernel/kernelActions';
import { KernelLink } from '../../src/hosts/lab/kernel/kernelLink';
import { DATA_TARGET } from '../../src/protocol/messages';
import { UNCHANGED } from '../../src/store/shared/preferences';
import type { Link } from '../../src/store/kernel/state';
import { FakeClock } from './clock';
import { altered } from './fixtures';
import { type FakeComm, FakeKernel, settle } from './kernel';

/** A link to a kernel, made anew before each test. */
export const load = vi.fn<KernelActions['load']>();
export const execute = vi.fn<KernelActions['execute']>();
export const findKernels = vi.fn<KernelActions['findKernels']>();
export const connectOnceMore = vi.fn<KernelActions['connectOnceMore']>();
export const isLoaded = vi.fn<KernelActions['isLoaded']>();
export const makeSubshell = vi.fn<KernelActions['makeSubshell']>();
export const endSubshell = vi.fn<KernelActions['endSubshell']>();
export const hands: KernelActions = {
  load,
  execute,
  isLoaded,
  makeSubshell,
  endSubshell,
  connectOnceMore,
  findKernels,
};
export let clock: FakeClock;
export let kernel: FakeKernel;
export let link: KernelLink;

beforeEach(async () => {
  vi.resetAllMocks();
  isLoaded.mockResolvedValue(true);
  findKernels.mockResolvedValue(undefined);
  connectOnceMore.mockResolvedValue(undefined);
  clock = new FakeClock();
  await attach(new FakeKernel());
});

/** Goes on with another kernel, by a link of its own. */
export async function attach(other: FakeKernel): Promise<void> {
  kernel = other;
  link = new KernelLink(kernel.id, UNCHANGED, clock);
  link.attach(kernel, hands);
  await settle();
}

export function data(): FakeComm {
  return kernel.last(DATA_TARGET);
}

/** The kernel answers on the newest data comm. */
export async function answer(fields: Record<string, unknown> = {}): Promise<void> {
  data().onMsg({ content: { data: altered('hello', fields) } });
  await settle();
}

export function state(): Link {
  return link.store.link.value;
}

/** The connection to the kernel changes. */
export function connection(status: string): void {
  kernel.connectionStatus = status;
  kernel.connectionStatusChanged.emit();
}
