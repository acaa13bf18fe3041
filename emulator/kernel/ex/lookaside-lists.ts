/**
 * Lookaside lists. They hand every request on to the pool, so that each entry has red zones and a history of its own;
 * a list remembers what it gave out, and that it must be deleted before its memory goes.
 */

import type { Span } from '../../../base/source.ts';
import type { NativeCall } from '../../machine/machine-types.ts';
import { type Continuation, type GuestAddress, type NativeResult, returns, returnsVoid } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable, Kernel } from '../kernel-types.ts';
import { currentSpan, describeAddress } from '../places.ts';
import { STATUS_INVALID_PARAMETER_5 } from '../statuses.ts';
import { allocatePool, freePool } from './pool.ts';

export interface LookasideRecord {
  readonly address: GuestAddress;
  readonly size: number;
  readonly tag: number;
  readonly isPaged: boolean;
  /** The POOL_TYPE that its entries are asked for with. */
  readonly poolType: number;
  readonly allocate: GuestAddress;
  readonly free: GuestAddress;
  /** EX lists give themselves to the driver's own routines as well. */
  readonly isEx: boolean;
  readonly initialisedAt: Span | undefined;
  outstanding: number;
}

/** Entries that a new list would keep, and may come to keep, where no Verifier has it keep none. */
const depthMin = 4;
const depthMax = 256;

export const lookasideApis = {
  ExInitializeNPagedLookasideList: (kernel, call) => initialise(kernel, call, { isPaged: false }),
  ExInitializePagedLookasideList: (kernel, call) => initialise(kernel, call, { isPaged: true }),
  ExInitializeLookasideListEx: (kernel, { arguments: args }) => {
    // Raise on failure, or fail instead of raising; not both.
    if (args.uint(4) > 2) return returns(STATUS_INVALID_PARAMETER_5);
    addList(kernel, {
      address: args.pointer(0),
      allocate: args.pointer(1),
      free: args.pointer(2),
      isPaged: (args.uint(3) & 1) !== 0,
      poolType: args.uint(3),
      size: Number(args.uint64(5)),
      tag: args.uint(6),
      isEx: true,
      initialisedAt: currentSpan(kernel),
      outstanding: 0,
    });
    return returns(0);
  },
  ExAllocateFromNPagedLookasideList: (kernel, call) => allocateEntry(kernel, call),
  ExAllocateFromPagedLookasideList: (kernel, call) => allocateEntry(kernel, call),
  ExAllocateFromLookasideListEx: (kernel, call) => allocateEntry(kernel, call),
  ExFreeToNPagedLookasideList: (kernel, call) => freeEntry(kernel, call),
  ExFreeToPagedLookasideList: (kernel, call) => freeEntry(kernel, call),
  ExFreeToLookasideListEx: (kernel, call) => freeEntry(kernel, call),
  ExDeleteNPagedLookasideList: (kernel, call) => deleteList(kernel, call),
  ExDeletePagedLookasideList: (kernel, call) => deleteList(kernel, call),
  ExDeleteLookasideListEx: (kernel, call) => deleteList(kernel, call),
  /** No entry is kept for re-use, so there is nothing to give back. */
  ExFlushLookasideListEx: (kernel, call) => {
    const list = listOf(kernel, call);
    return 'kind' in list ? list : returnsVoid;
  },
} satisfies KernelApis;

export const lookasideContinuations = {
  'ex.lookaside-allocated': (_kernel, _thread, _state, value) => returns(value),
  'ex.lookaside-freed': () => returnsVoid,
} satisfies ContinuationTable;

function initialise(kernel: Kernel, { arguments: args }: NativeCall, how: { readonly isPaged: boolean }): NativeResult {
  addList(kernel, {
    address: args.pointer(0),
    allocate: args.pointer(1),
    free: args.pointer(2),
    isPaged: how.isPaged,
    poolType: (how.isPaged ? 1 : 0) | args.uint(3),
    size: Number(args.uint64(4)),
    tag: args.uint(5),
    isEx: false,
    initialisedAt: currentSpan(kernel),
    outstanding: 0,
  });
  return returnsVoid;
}

function addList(kernel: Kernel, record: LookasideRecord): void {
  const type = record.isEx ? 'GENERAL_LOOKASIDE_POOL' : 'GENERAL_LOOKASIDE';
  const view = kernel.view(type, record.address);
  kernel.memory.fill(record.address, kernel.types.sizeOf(type), 0);
  view.set('Tag', record.tag);
  view.set('Size', record.size);
  view.set('Type', record.poolType);
  view.set('Depth', depthMin);
  view.set('MaximumDepth', depthMax);
  kernel.parts.lookasides.set(record.address, record);
}

function listOf(kernel: Kernel, call: NativeCall): LookasideRecord | NativeResult {
  const address = call.arguments.pointer(0);
  kernel.memory.readU8(address);
  const record = kernel.parts.lookasides.get(address);
  if (record !== undefined) return record;
  return kernel.report({
    rule: 'object-not-initialised',
    severity: 'error',
    message: `${call.name} is given ${describeAddress(kernel, address)}, which is no lookaside list, or has been deleted.`,
    also: ['0xC4/0xCB'],
    bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', 0xcb, address),
  });
}

function allocateEntry(kernel: Kernel, call: NativeCall): NativeResult {
  const list = listOf(kernel, call);
  if ('kind' in list) return list;
  list.outstanding++;
  count(kernel, list, ['TotalAllocates', 'AllocateMisses']);
  if (list.allocate !== 0n) {
    const args = [BigInt(list.poolType), BigInt(list.size), BigInt(list.tag)];
    const then: Continuation = { name: 'ex.lookaside-allocated', state: {} };
    return {
      kind: 'call',
      target: list.allocate,
      arguments: list.isEx ? [...args, list.address] : args,
      frameLabel: call.name,
      then,
    };
  }
  const address = allocatePool(kernel, {
    size: list.size,
    tag: list.tag,
    isPaged: list.isPaged,
    isUninitialised: true,
    isCacheAligned: false,
    call: call.name,
  });
  return returns(address);
}

/** A list that keeps no entry misses each time. */
function count(kernel: Kernel, { address, isEx }: LookasideRecord, members: readonly string[]): void {
  const view = kernel.view(isEx ? 'GENERAL_LOOKASIDE_POOL' : 'GENERAL_LOOKASIDE', address);
  for (const member of members) view.set(member, (view.getNumber(member) + 1) >>> 0);
}

function freeEntry(kernel: Kernel, call: NativeCall): NativeResult {
  const list = listOf(kernel, call);
  if ('kind' in list) return list;
  list.outstanding--;
  count(kernel, list, ['TotalFrees', 'FreeMisses']);
  const entry = call.arguments.pointer(1);
  if (list.free !== 0n) {
    const then: Continuation = { name: 'ex.lookaside-freed', state: {} };
    return {
      kind: 'call',
      target: list.free,
      arguments: list.isEx ? [entry, list.address] : [entry],
      frameLabel: call.name,
      then,
    };
  }
  return freePool(kernel, call.name, entry, 0) ?? returnsVoid;
}

function deleteList(kernel: Kernel, call: NativeCall): NativeResult {
  const list = listOf(kernel, call);
  if ('kind' in list) return list;
  kernel.parts.lookasides.delete(list.address);
  return returnsVoid;
}
