/** What surrounds a program: time.h, and locale.h as far as the C locale goes. */
import { type GuestAddress, NULL_ADDRESS, returns } from '../../machine/native.ts';
import { readText, writeText } from '../guest-text.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { timeApis } from './time.ts';

export const surroundingApis = {
  ...timeApis,
  setlocale: (kernel, { arguments: args }) => {
    const wanted = args.pointer(1) === 0n ? 'C' : readText(kernel, args.pointer(1), { unit: 1 });
    return returns(wanted === 'C' || wanted === '' ? plus(localeAt(kernel), nameOffset) : NULL_ADDRESS);
  },
  localeconv: (kernel) => returns(localeAt(kernel)),
} satisfies KernelApis;

/** Three pointers, then the texts "." and "" that they point to, and the locale's name. */
const pointOffset = 24;
const emptyOffset = 25;
const nameOffset = 28;

function localeAt(kernel: Kernel): GuestAddress {
  const { library } = kernel.parts;
  if (library.localeAt !== undefined) return library.localeAt;
  const region = kernel.memory.allocate({ size: 32, kind: 'object', label: 'the C locale' });
  if (region === undefined) return NULL_ADDRESS;
  writeText(kernel, plus(region.start, pointOffset), '.\0', 1);
  writeText(kernel, plus(region.start, nameOffset), 'C\0', 1);
  kernel.memory.writePointer(region.start, plus(region.start, pointOffset));
  kernel.memory.writePointer(plus(region.start, 8), plus(region.start, emptyOffset));
  kernel.memory.writePointer(plus(region.start, 16), plus(region.start, emptyOffset));
  library.localeAt = region.start;
  return region.start;
}

function plus(address: GuestAddress, offset: number): GuestAddress {
  return (address + BigInt(offset)) as GuestAddress;
}
