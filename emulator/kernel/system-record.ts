/**
 * Records that the system has once and keeps: found again by their label, made and filled when first asked for. NULL
 * where there is no memory for one.
 */
import { type GuestAddress, NULL_ADDRESS } from '../machine/native.ts';
import type { Kernel } from './kernel-types.ts';

export function systemRecord(
  kernel: Kernel,
  type: string,
  label: string,
  fill: (address: GuestAddress) => void,
): GuestAddress {
  const known = kernel.memory.liveRegions('object').find((region) => region.label === label);
  if (known !== undefined) return known.start;
  const region = kernel.memory.allocate({ size: kernel.types.sizeOf(type), kind: 'object', label });
  if (region === undefined) return NULL_ADDRESS;
  fill(region.start);
  return region.start;
}
