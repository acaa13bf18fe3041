/** Buffers and MDLs that the I/O manager makes for a request, and frees when it is over. */
import type { GuestAddress } from '../../machine/native.ts';
import { allocatePool } from '../ex/pool.ts';
import type { Kernel, StructView } from '../kernel-types.ts';
import { freeMdl } from '../mm/mdls.ts';

/** 'Io  ' */
const bufferTag = 0x20206f49;

export function freeBuffer(kernel: Kernel, address: GuestAddress): void {
  const region = kernel.memory.regionAt(address);
  if (region !== undefined && !region.isFreed && region.start === address) kernel.memory.free(region);
}

export function freeMdls(kernel: Kernel, view: StructView): void {
  for (let mdl = view.getPointer('MdlAddress'); mdl !== 0n; ) {
    const next = kernel.view('MDL', mdl).getPointer('Next');
    freeMdl(kernel, mdl);
    mdl = next;
  }
  view.set('MdlAddress', 0);
}

/** What such a block is called. */
export const requestBufferLabel = 'the system buffer of a request';

export function systemBuffer(kernel: Kernel, size: number, from: GuestAddress, length: number): GuestAddress {
  const request = { size, tag: bufferTag, isPaged: false, isUninitialised: false, isCacheAligned: false };
  const buffer = allocatePool(kernel, { ...request, call: 'the I/O manager' });
  const region = kernel.memory.regionAt(buffer);
  // It is the I/O manager's block, not a leak of the driver's.
  if (region !== undefined) Object.assign(region, { label: requestBufferLabel, info: undefined });
  if (from !== 0n && length > 0 && buffer !== 0n) kernel.memory.copy(buffer, from, Math.min(size, length));
  return buffer;
}
