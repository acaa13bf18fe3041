/** Memory beside the pool: probing, contiguous and uncached memory, pages for an MDL, sections of code. */
import type { NativeCall } from '../../machine/machine-types.ts';
import { mappedTarget } from '../../machine/memory/layout.ts';
import { type GuestAddress, type NativeResult, NULL_ADDRESS, returns, returnsVoid } from '../../machine/native.ts';
import { allocatePool, freePool } from '../ex/pool.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { STATUS_ACCESS_VIOLATION, STATUS_DATATYPE_MISALIGNMENT } from '../statuses.ts';
import { mdlData, physicalAddress, virtualAddress } from './mdl-records.ts';
import { buildMdlOfPages } from './mdls.ts';
import { isMappedHere, reportStillMapped } from './user-mappings.ts';
import { isForeign, noteProbed } from './user-memory.ts';

/** Addresses of user mode end here (MmUserProbeAddress). */
const userLimit = 0x7fff_ffff_0000n;
/** 'MmCm' and 'MmNc': the tags of the memory manager's own blocks. */
const contiguousTag = 0x6d436d4d;
const nonCachedTag = 0x634e6d4d;
/** MM_DONT_ZERO_ALLOCATION. */
const dontZero = 0x1;
const blockMax = 0x1000_0000n;

export const memoryManagerApis = {
  ProbeForRead: (kernel, call) => probe(kernel, call, 'read'),
  ProbeForWrite: (kernel, call) => probe(kernel, call, 'write'),
  MmIsAddressValid: (kernel, { arguments: args }) => {
    if (mappedTarget(args.pointer(0)) !== undefined)
      return returns(isMappedHere(kernel, { address: args.pointer(0), size: 1, access: 'read' }) ? 1 : 0);
    const region = kernel.memory.regionAt(args.pointer(0));
    const isInside =
      region !== undefined &&
      !region.isFreed &&
      args.pointer(0) >= region.start &&
      args.pointer(0) < region.start + BigInt(region.size);
    return returns(isInside ? 1 : 0);
  },
  /** Every driver runs under checks here, which is what drivers that ask want to know. */
  MmIsDriverVerifyingByAddress: () => returns(1),
  MmGetPhysicalAddress: (_kernel, { arguments: args }) => returns(physicalAddress(args.pointer(0))),
  MmGetVirtualForPhysical: (_kernel, { arguments: args }) => returns(virtualAddress(args.uint64(0))),

  MmAllocateContiguousMemory: (kernel, call) => returns(allocate(kernel, call, contiguousTag)),
  MmAllocateContiguousMemorySpecifyCache: (kernel, call) => returns(allocate(kernel, call, contiguousTag)),
  MmFreeContiguousMemorySpecifyCache: (kernel, { name, arguments: args }) =>
    freePool(kernel, name, args.pointer(0), contiguousTag) ?? returnsVoid,
  MmFreeContiguousMemory: (kernel, { name, arguments: args }) =>
    freePool(kernel, name, args.pointer(0), contiguousTag) ?? returnsVoid,
  MmAllocateNonCachedMemory: (kernel, call) => returns(allocate(kernel, call, nonCachedTag)),
  MmFreeNonCachedMemory: (kernel, { name, arguments: args }) =>
    freePool(kernel, name, args.pointer(0), nonCachedTag) ?? returnsVoid,
  MmAllocatePagesForMdl: (kernel, call) => allocatePages(kernel, call),
  MmAllocatePagesForMdlEx: (kernel, call) => allocatePages(kernel, call),
  MmFreePagesFromMdl: (kernel, { name, arguments: args }) => {
    const mapped = reportStillMapped(kernel, name, args.pointer(0));
    if (mapped !== undefined) return mapped;
    const bad = freePool(kernel, name, mdlData(kernel, args.pointer(0)), contiguousTag);
    // The MDL itself is the caller's to free, with ExFreePool.
    return bad ?? returnsVoid;
  },
  MmProtectMdlSystemAddress: () => returns(0),

  /** Code of the driver is always there: locking a section gives a handle, and nothing is paged out. */
  MmLockPagableDataSection: (_kernel, { arguments: args }) => returns(args.pointer(0)),
  MmUnlockPagableImageSection: () => returnsVoid,
  MmPageEntireDriver: (_kernel, { arguments: args }) => returns(args.pointer(0)),
  MmResetDriverPaging: () => returnsVoid,
} satisfies KernelApis;

/** A range that does not lie in user mode raises, as does one that is not aligned; a length of zero is never probed. */
function probe(kernel: Kernel, { arguments: args }: NativeCall, access: 'read' | 'write'): NativeResult {
  const [address, size, alignment] = [args.pointer(0), args.uint64(1), args.uint(2)];
  if (size === 0n) return returnsVoid;
  if (alignment > 0 && address % BigInt(alignment) !== 0n) return { kind: 'raise', code: STATUS_DATATYPE_MISALIGNMENT };
  const end = address + size;
  if (end > userLimit || end < address) return { kind: 'raise', code: STATUS_ACCESS_VIOLATION };
  // ProbeForWrite touches each page: memory that is not there raises. ProbeForRead looks at the numbers alone.
  if (access === 'write' && !isThere(kernel, address, end)) return { kind: 'raise', code: STATUS_ACCESS_VIOLATION };
  noteProbed(kernel, address, size, access === 'write');
  return returnsVoid;
}

function isThere(kernel: Kernel, address: GuestAddress, end: bigint): boolean {
  if (mappedTarget(address) !== undefined)
    return isMappedHere(kernel, { address, size: Number(end - address), access: 'write' });
  const region = kernel.memory.regionAt(address);
  const isInside = region !== undefined && address >= region.start && end <= region.start + BigInt(region.size);
  return isInside && region.kind === 'user' && !region.isFreed && !region.isReadOnly && !isForeign(kernel, region);
}

function allocate(kernel: Kernel, call: NativeCall, tag: number, size = call.arguments.uint64(0)): GuestAddress {
  if (size === 0n || size > blockMax) return NULL_ADDRESS;
  const pages = Math.ceil(Number(size) / 4096) * 4096;
  const how = { isPaged: false, isUninitialised: true, isCacheAligned: false };
  return allocatePool(kernel, { size: pages, tag, ...how, call: call.name });
}

function allocatePages(kernel: Kernel, call: NativeCall): NativeResult {
  const size = call.arguments.uint64(3);
  const pages = allocate(kernel, call, contiguousTag, size);
  if (pages === 0n) return returns(NULL_ADDRESS);
  const isUninitialised = call.name.endsWith('Ex') && (call.arguments.uint(5) & dontZero) !== 0;
  const length = Math.ceil(Number(size) / 4096) * 4096;
  if (!isUninitialised) kernel.memory.fill(pages, length, 0);
  return returns(buildMdlOfPages(kernel, pages, length, call.name));
}
