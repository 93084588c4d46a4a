import { beforeEach, vi } from 'vitest';
import type { Hands } from '../../src/hosts/lab/hands';
import { KernelLink } from '../../src/hosts/lab/kernelLink';
import { DATA_TARGET } from '../../src/protocol/messages';
import { UNCHANGED } from '../../src/store/preferences';
import type { Link } from '../../src/store/state';
import { FakeClock } from './clock';
import { altered } from './fixtures';
import { type FakeComm, FakeKernel, settle } from './kernel';

/** A link to a kernel, made anew before each test. */
export const load = vi.fn<Hands['load']>();
export const execute = vi.fn<Hands['execute']>();
export const findKernels = vi.fn<Hands['findKernels']>();
export const connectOnceMore = vi.fn<Hands['connectOnceMore']>();
export const isLoaded = vi.fn<Hands['isLoaded']>();
export const makeSubshell = vi.fn<Hands['makeSubshell']>();
export const endSubshell = vi.fn<Hands['endSubshell']>();
export const hands: Hands = {
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
