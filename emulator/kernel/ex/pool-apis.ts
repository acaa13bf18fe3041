/** ExAllocatePool and its successors, ExFreePool: flags and types turned into one request, with their documented faults. */

import { lowWord } from '../../machine/memory/layout.ts';
import { type GuestAddress, type NativeResult, returns, returnsVoid } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import { requestBufferLabel } from '../io/request-buffers.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { freeMdl } from '../mm/mdls.ts';
import { STATUS_INSUFFICIENT_RESOURCES, STATUS_INVALID_PARAMETER } from '../statuses.ts';
import { allocatePool, freePool } from './pool.ts';

// POOL_FLAGS (documentation page "POOL_FLAGS", kernel).
const flagUninitialised = 0x2;
const flagCacheAligned = 0x8;
const flagRaiseOnFailure = 0x20;
const flagNonPaged = 0x40;
const flagNonPagedExecute = 0x80;
const flagPaged = 0x100;
const kindFlags = flagNonPaged | flagNonPagedExecute | flagPaged;
/** Of the lower half, which holds all flags that are not optional. */
const flagsKnown = 0x1ff;

// Bits of POOL_TYPE.
const typePaged = 1;
const typeCacheAligned = 4;
const typeFailInsteadOfRaise = 8;
const typeRaise = 16;
const typeZero = 1024;

interface Allocation {
  readonly isPaged: boolean;
  readonly isUninitialised: boolean;
  readonly isCacheAligned: boolean;
  readonly raises: boolean;
}

export const poolApis = {
  ExAllocatePool2: (kernel, { name, arguments: args }) =>
    byFlags(kernel, name, args.uint64(0), args.uint64(1), args.uint(2)),
  ExAllocatePool3: (kernel, { name, arguments: args }) =>
    byFlags(kernel, name, args.uint64(0), args.uint64(1), args.uint(2)),
  ExAllocatePool: (kernel, { name, arguments: args }) =>
    byType(kernel, name, args.uint(0), args.uint64(1), defaultTag, {}),
  ExAllocatePoolWithTag: (kernel, { name, arguments: args }) =>
    byType(kernel, name, args.uint(0), args.uint64(1), args.uint(2), {}),
  ExAllocatePoolWithTagPriority: (kernel, { name, arguments: args }) =>
    byType(kernel, name, args.uint(0), args.uint64(1), args.uint(2), {}),
  ExAllocatePoolWithQuota: (kernel, { name, arguments: args }) =>
    byType(kernel, name, args.uint(0), args.uint64(1), defaultTag, { isQuota: true }),
  ExAllocatePoolWithQuotaTag: (kernel, { name, arguments: args }) =>
    byType(kernel, name, args.uint(0), args.uint64(1), args.uint(2), { isQuota: true }),
  ExAllocatePoolZero: (kernel, { name, arguments: args }) =>
    byType(kernel, name, args.uint(0), args.uint64(1), args.uint(2), { isZero: true }),
  ExAllocatePoolUninitialized: (kernel, { name, arguments: args }) =>
    byType(kernel, name, args.uint(0), args.uint64(1), args.uint(2), {}),
  ExAllocatePoolQuotaZero: (kernel, { name, arguments: args }) =>
    byType(kernel, name, args.uint(0), args.uint64(1), args.uint(2), { isZero: true, isQuota: true }),
  ExAllocatePoolQuotaUninitialized: (kernel, { name, arguments: args }) =>
    byType(kernel, name, args.uint(0), args.uint64(1), args.uint(2), { isQuota: true }),
  ExAllocatePoolPriorityZero: (kernel, { name, arguments: args }) =>
    byType(kernel, name, args.uint(0), args.uint64(1), args.uint(2), { isZero: true }),
  ExAllocatePoolPriorityUninitialized: (kernel, { name, arguments: args }) =>
    byType(kernel, name, args.uint(0), args.uint64(1), args.uint(2), {}),

  ExFreePool: (kernel, { name, arguments: args }) =>
    freeLent(kernel, args.pointer(0)) ?? freePool(kernel, name, args.pointer(0), 0) ?? returnsVoid,
  ExFreePoolWithTag: (kernel, { name, arguments: args }) =>
    freeLent(kernel, args.pointer(0)) ?? freePool(kernel, name, args.pointer(0), args.uint(1)) ?? returnsVoid,
  ExFreePool2: (kernel, { name, arguments: args }) =>
    freePool(kernel, name, args.pointer(0), args.uint(1)) ?? returnsVoid,

  /** Here all non-paged pool is without execution, opted in or not. */
  ExInitializeDriverRuntime: () => returnsVoid,
} satisfies KernelApis;

/** Memory that the system allocated from pool and the driver gives back, or undefined for the driver's own. */
function freeLent(kernel: Kernel, address: GuestAddress): NativeResult | undefined {
  const region = kernel.memory.regionAt(address);
  if (region === undefined || region.isFreed || region.start !== address) return undefined;
  if (kernel.parts.mdls.get(address)?.allocatedBy.startsWith('MmAllocatePagesForMdl') === true) {
    freeMdl(kernel, address);
    return returnsVoid;
  }
  if (region.label !== requestBufferLabel) return undefined;
  // Whoever built an asynchronous request also takes it apart.
  for (const irp of kernel.irps.values()) {
    if (irp.state === 'freed' || irp.origin?.includes('IoBuildAsynchronousFsdRequest') !== true) continue;
    if (kernel.view('IRP', irp.address).getPointer('AssociatedIrp.SystemBuffer') !== address) continue;
    kernel.memory.free(region);
    return returnsVoid;
  }
  return undefined;
}

/** 'None', the tag of those who give none. */
const defaultTag = 0x656e6f4e;

function byFlags(kernel: Kernel, call: string, flags: bigint, size: bigint, tag: number): NativeResult {
  // All but the optional flags are in the lower half.
  const low = lowWord(flags);
  const kinds = low & kindFlags;
  const isOneKind = kinds !== 0 && (kinds & (kinds - 1)) === 0;
  if (!isOneKind || (low & ~flagsKnown) !== 0) {
    kernel.report({
      rule: 'pool-flags',
      severity: 'warning',
      message: `${call} gets the flags 0x${flags.toString(16).toUpperCase()}: exactly one of POOL_FLAG_NON_PAGED, POOL_FLAG_NON_PAGED_EXECUTE and POOL_FLAG_PAGED must be set. The call fails.`,
    });
    return (low & flagRaiseOnFailure) === 0 ? returns(0n) : { kind: 'raise', code: STATUS_INVALID_PARAMETER };
  }
  return allocate(kernel, call, size, tag, {
    isPaged: (low & flagPaged) !== 0,
    isUninitialised: (low & flagUninitialised) !== 0,
    isCacheAligned: (low & flagCacheAligned) !== 0,
    raises: (low & flagRaiseOnFailure) !== 0,
  });
}

function byType(
  kernel: Kernel,
  call: string,
  type: number,
  size: bigint,
  tag: number,
  options: { readonly isZero?: boolean; readonly isQuota?: boolean },
): NativeResult {
  const isQuota = options.isQuota === true;
  return allocate(kernel, call, size, tag, {
    isPaged: (type & typePaged) !== 0,
    isUninitialised: options.isZero !== true && (type & typeZero) === 0,
    isCacheAligned: (type & typeCacheAligned) !== 0,
    raises: isQuota ? (type & typeFailInsteadOfRaise) === 0 : (type & typeRaise) !== 0,
  });
}

function allocate(kernel: Kernel, call: string, size: bigint, tag: number, how: Allocation): NativeResult {
  const bad = checkAllocation(kernel, call, size, tag, how);
  if (bad !== undefined) return bad;
  const { isPaged, isUninitialised, isCacheAligned } = how;
  const bytes = size > 0xffff_ffffn ? Number.MAX_SAFE_INTEGER : Number(size);
  const request = { size: Math.max(1, bytes), tag, isPaged, isUninitialised, isCacheAligned, call };
  const address = allocatePool(kernel, request);
  if (address === 0n && how.raises) return { kind: 'raise', code: STATUS_INSUFFICIENT_RESOURCES };
  return returns(address);
}

function checkAllocation(
  kernel: Kernel,
  call: string,
  size: bigint,
  tag: number,
  how: Allocation,
): NativeResult | undefined {
  const irqlMax = how.isPaged ? 1 : 2;
  if (kernel.irql > irqlMax) {
    const subcode = how.isPaged ? 0x1 : 0x2;
    return kernel.report({
      rule: 'irql-too-high',
      severity: 'error',
      message: `${call} allocates ${how.isPaged ? 'paged' : 'non-paged'} pool at IRQL ${kernel.irql}; it may at IRQL <= ${how.isPaged ? 'APC_LEVEL' : 'DISPATCH_LEVEL'}.`,
      also: ['IrqlExAllocatePool', `0xC4/0x${subcode}`],
      bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', subcode, kernel.irql, how.isPaged ? 1 : 0, size),
    });
  }
  if (tag === 0) {
    return kernel.report({
      rule: 'pool-tag-zero',
      severity: 'error',
      message: `${call} is given the tag 0: an allocation without a tag can't be traced.`,
      also: ['0xC2/0x9B'],
      bugCheck: bugCheck('BAD_POOL_CALLER', 0x9b, how.isPaged ? 1 : 0, size, 0),
    });
  }
  if (size === 0n) {
    kernel.report({
      rule: 'pool-size-zero',
      severity: 'warning',
      message: `${call} is asked for 0 bytes.`,
      also: ['0xC4/0x0'],
      bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', 0x0, kernel.irql, how.isPaged ? 1 : 0, 0),
    });
  }
  return undefined;
}
