/**
 * Objects that the kernel uses at DISPATCH_LEVEL, wherever the driver stands: they must not lie in memory that can be paged
 * out. They are looked at when they are made, because whether the page is there later is luck.
 */
import type { GuestAddress, NativeResult } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import { poolBlockOf, poolHistory } from '../ex/pool.ts';
import type { Kernel } from '../kernel-types.ts';
import { describeAddress } from '../places.ts';

/** Undefined when the memory stays. `subcode` is Driver Verifier's: 0xE1 of a synchronization object. */
export function checkPageable(
  kernel: Kernel,
  call: string,
  address: GuestAddress,
  subcode = 0xe1,
): NativeResult | undefined {
  const region = kernel.memory.regionAt(address);
  if (region === undefined || !region.isPaged || region.isFreed) return undefined;
  const block = poolBlockOf(region);
  return kernel.report({
    rule: 'object-in-pageable-memory',
    severity: 'error',
    message: `${call} is given ${describeAddress(kernel, address)}, which is pageable: the kernel uses this object at DISPATCH_LEVEL, where a page fault can't be served.`,
    docRules: ['R90'],
    also: [`0xC4/0x${subcode.toString(16).toUpperCase()}`],
    bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', subcode, address),
    history: block === undefined ? [] : poolHistory(block),
  });
}
