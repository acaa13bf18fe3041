/**
 * Spin locks: plain, at DPC level, queued in the stack, and reader-writer ones. They raise the IRQL to DISPATCH_LEVEL;
 * with one processor nobody spins, but a lock that is taken twice, or released by one who does not hold it, is found.
 */

import { type GuestAddress, type NativeResult, returns, returnsVoid } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable, Kernel } from '../kernel-types.ts';
import { describeAddress } from '../places.ts';
import { checkNewLock } from '../verifier/lock-checks.ts';
import {
  dropLock,
  heldLock,
  type LockKind,
  lockAt,
  reportNotHeld,
  takeLock,
  thenDone,
  tryLock,
} from '../verifier/lock-records.ts';
import { checkPageable } from '../verifier/pageable-objects.ts';
import { currentThread } from './blocking.ts';
import { lowerIrql, raiseIrql } from './irql.ts';

export const spinLockApis = {
  KeInitializeSpinLock: (kernel, { arguments: args }) => {
    const lock = args.pointer(0);
    const bad =
      checkPageable(kernel, 'KeInitializeSpinLock', lock) ?? checkNewLock(kernel, 'KeInitializeSpinLock', lock);
    if (bad !== undefined) return bad;
    kernel.memory.writeU64(lock, 0n);
    kernel.parts.locks.delete(lock);
    return returnsVoid;
  },
  KeAcquireSpinLock: (kernel, { name, arguments: args }) => {
    const before = kernel.irql;
    return acquire(kernel, name, args.pointer(0), { savedIrqlAt: args.pointer(1), irql: before });
  },
  KeAcquireSpinLockRaiseToDpc: (kernel, { name, arguments: args }) =>
    acquire(kernel, name, args.pointer(0), { returnsIrql: true, irql: kernel.irql }),
  KeAcquireSpinLockAtDpcLevel: (kernel, { name, arguments: args }) => acquire(kernel, name, args.pointer(0), {}),
  KeReleaseSpinLock: (kernel, { name, arguments: args }) =>
    release(kernel, name, args.pointer(0)) ?? lowerIrql(kernel, name, args.uint(1) & 0xff) ?? returnsVoid,
  KeReleaseSpinLockFromDpcLevel: (kernel, { name, arguments: args }) =>
    release(kernel, name, args.pointer(0)) ?? returnsVoid,
  KeTryToAcquireSpinLockAtDpcLevel: (kernel, { name, arguments: args }) => {
    const address = args.pointer(0);
    const bad = checkWord(kernel, name, address);
    if (bad !== undefined) return bad;
    const holder = tryLock(kernel, { kind: 'spin lock', address, mode: 'exclusive', call: name });
    if (holder !== undefined) kernel.memory.writeU64(address, 1n);
    return returns(holder === undefined ? 0 : 1);
  },
  KeTestSpinLock: (kernel, { arguments: args }) => returns(kernel.memory.readU64(args.pointer(0)) === 0n ? 1 : 0),

  KeAcquireInStackQueuedSpinLock: (kernel, { name, arguments: args }) => {
    rememberQueued(kernel, args.pointer(0), args.pointer(1));
    return acquire(kernel, name, args.pointer(0), { irql: kernel.irql });
  },
  KeAcquireInStackQueuedSpinLockAtDpcLevel: (kernel, { name, arguments: args }) => {
    rememberQueued(kernel, args.pointer(0), args.pointer(1));
    return acquire(kernel, name, args.pointer(0), {});
  },
  KeReleaseInStackQueuedSpinLock: (kernel, { name, arguments: args }) => {
    const handle = kernel.view('KLOCK_QUEUE_HANDLE', args.pointer(0));
    const bad = release(kernel, name, handle.getPointer('LockQueue.Lock'));
    return bad ?? lowerIrql(kernel, name, handle.getNumber('OldIrql')) ?? returnsVoid;
  },
  KeReleaseInStackQueuedSpinLockFromDpcLevel: (kernel, { name, arguments: args }) =>
    release(kernel, name, kernel.view('KLOCK_QUEUE_HANDLE', args.pointer(0)).getPointer('LockQueue.Lock')) ??
    returnsVoid,

  ExAcquireSpinLockExclusive: (kernel, call) =>
    acquireShared(kernel, call.name, call.arguments.pointer(0), 'exclusive'),
  ExAcquireSpinLockShared: (kernel, call) => acquireShared(kernel, call.name, call.arguments.pointer(0), 'shared'),
  ExAcquireSpinLockExclusiveAtDpcLevel: (kernel, { name, arguments: args }) =>
    acquireWord(kernel, name, args.pointer(0), 'exclusive', thenDone),
  ExAcquireSpinLockSharedAtDpcLevel: (kernel, { name, arguments: args }) =>
    acquireWord(kernel, name, args.pointer(0), 'shared', thenDone),
  ExReleaseSpinLockExclusive: (kernel, { name, arguments: args }) =>
    releaseWord(kernel, name, args.pointer(0), 'exclusive') ??
    lowerIrql(kernel, name, args.uint(1) & 0xff) ??
    returnsVoid,
  ExReleaseSpinLockShared: (kernel, { name, arguments: args }) =>
    releaseWord(kernel, name, args.pointer(0), 'shared') ?? lowerIrql(kernel, name, args.uint(1) & 0xff) ?? returnsVoid,
  ExReleaseSpinLockExclusiveFromDpcLevel: (kernel, { name, arguments: args }) =>
    releaseWord(kernel, name, args.pointer(0), 'exclusive') ?? returnsVoid,
  ExReleaseSpinLockSharedFromDpcLevel: (kernel, { name, arguments: args }) =>
    releaseWord(kernel, name, args.pointer(0), 'shared') ?? returnsVoid,
  ExTryConvertSharedSpinLockExclusive: (kernel, { name, arguments: args }) => {
    const address = args.pointer(0);
    const lock = lockAt(kernel, 'reader-writer spin lock', address);
    if (lock.holders.length !== 1) return returns(0);
    const shared = dropLock(kernel, 'reader-writer spin lock', address, { mode: 'shared' });
    if (shared === undefined) return returns(0);
    tryLock(kernel, { kind: 'reader-writer spin lock', address, mode: 'exclusive', call: name });
    kernel.memory.writeU32(address, 0x80000000);
    return returns(1);
  },
} satisfies KernelApis;

interface Acquisition {
  /** IRQL to come back to; undefined where the caller is at DISPATCH_LEVEL already. */
  readonly irql?: number;
  readonly savedIrqlAt?: GuestAddress;
  readonly returnsIrql?: boolean;
}

function acquire(kernel: Kernel, call: string, address: GuestAddress, how: Acquisition): NativeResult {
  const bad = checkWord(kernel, call, address);
  if (bad !== undefined) return bad;
  if (how.irql !== undefined) {
    const raised = raiseIrql(kernel, call, 2);
    if (raised !== undefined) return raised;
  }
  const state = { address, savedIrqlAt: how.savedIrqlAt, irql: how.irql, returnsIrql: how.returnsIrql };
  const request = { kind: 'spin lock', address, mode: 'exclusive', call } as const;
  const { firstTaker } = lockAt(kernel, 'spin lock', address);
  const isOthers = firstTaker !== undefined && firstTaker.threadId !== currentThread(kernel).id;
  if (isOthers && isQueuedCall(firstTaker.call) !== isQueuedCall(call))
    reportMixed(kernel, call, address, firstTaker.call, 0x1008);
  return takeLock(kernel, request, { name: 'ke.spin-lock-taken', state });
}

export const spinLockContinuations = {
  'ke.spin-lock-taken': (kernel, _thread, state) => {
    const irql = state.irql as number | undefined;
    const savedIrqlAt = state.savedIrqlAt as GuestAddress | undefined;
    kernel.memory.writeU64(state.address as GuestAddress, 1n);
    if (savedIrqlAt !== undefined && irql !== undefined) kernel.memory.writeU8(savedIrqlAt, irql);
    return state.returnsIrql === true ? returns(irql ?? 2) : returnsVoid;
  },
  'ex.spin-lock-taken': (kernel, _thread, state) => {
    writeWord(kernel, state.address as GuestAddress);
    return returns(state.irql as number);
  },
} satisfies ContinuationTable;

function release(kernel: Kernel, call: string, address: GuestAddress): NativeResult | undefined {
  kernel.memory.readU64(address);
  const held = heldLock(kernel, 'spin lock', address);
  if (held !== undefined && isQueuedCall(held.call) !== isQueuedCall(call))
    return reportMixed(kernel, call, address, held.call, 0x1009);
  const holder = dropLock(kernel, 'spin lock', address);
  if (holder === undefined) return reportNotHeld(kernel, call, 'spin lock', address, 'SPIN_LOCK_NOT_OWNED');
  kernel.memory.writeU64(address, 0n);
  return undefined;
}

/** The word of a free lock is 0; anything else that we did not write means that nobody initialised it. */
function checkWord(kernel: Kernel, call: string, address: GuestAddress): NativeResult | undefined {
  const word = kernel.memory.readU64(address);
  const isHeld = (kernel.parts.locks.get(address)?.holders.length ?? 0) > 0;
  return word === 0n || isHeld ? undefined : reportUninitialised(kernel, call, 'spin lock', address);
}

/** A queued lock's word is the end of a queue, a plain one's a flag: neither kind of function understands the other's. */
function isQueuedCall(call: string): boolean {
  return call.includes('InStackQueued');
}

function reportMixed(
  kernel: Kernel,
  call: string,
  address: GuestAddress,
  before: string,
  subcode: 0x1008 | 0x1009,
): NativeResult {
  const isRelease = subcode === 0x1009;
  return kernel.report({
    rule: 'spin-lock-functions-mixed',
    severity: isRelease ? 'error' : 'warning',
    message: `${call} ${isRelease ? 'releases' : 'takes'} the spin lock ${describeAddress(kernel, address)}, which ${isRelease ? 'was' : 'is elsewhere'} taken with ${before}: the two kinds of functions keep different things in the lock.`,
    also: ['QueuedSpinLock', `0xC4/0x${subcode.toString(16).toUpperCase()}`],
    bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', subcode, address),
  });
}

function acquireShared(
  kernel: Kernel,
  call: string,
  address: GuestAddress,
  mode: 'exclusive' | 'shared',
): NativeResult {
  const irql = kernel.irql;
  const raised = raiseIrql(kernel, call, 2);
  if (raised !== undefined) return raised;
  return acquireWord(kernel, call, address, mode, { name: 'ex.spin-lock-taken', state: { address, irql } });
}

function acquireWord(
  kernel: Kernel,
  call: string,
  address: GuestAddress,
  mode: 'exclusive' | 'shared',
  then: Parameters<typeof takeLock>[2],
): NativeResult {
  const word = kernel.memory.readU32(address);
  const isHeld = (kernel.parts.locks.get(address)?.holders.length ?? 0) > 0;
  if (word !== 0 && !isHeld) return reportUninitialised(kernel, call, 'reader-writer spin lock', address);
  const result = takeLock(kernel, { kind: 'reader-writer spin lock', address, mode, call }, then);
  if (result.kind === 'return') writeWord(kernel, address);
  return result;
}

function releaseWord(
  kernel: Kernel,
  call: string,
  address: GuestAddress,
  mode: 'exclusive' | 'shared',
): NativeResult | undefined {
  kernel.memory.readU32(address);
  if (dropLock(kernel, 'reader-writer spin lock', address, { mode }) === undefined)
    return reportNotHeld(kernel, call, 'reader-writer spin lock', address, 'SPIN_LOCK_NOT_OWNED');
  writeWord(kernel, address);
  return undefined;
}

/** Number of sharers, or the top bit for a writer. */
function writeWord(kernel: Kernel, address: GuestAddress): void {
  const { holders } = lockAt(kernel, 'reader-writer spin lock', address);
  const isExclusive = holders.some((holder) => holder.mode === 'exclusive');
  kernel.memory.writeU32(address, isExclusive ? 0x80000000 : holders.length);
}

function rememberQueued(kernel: Kernel, lock: GuestAddress, handle: GuestAddress): void {
  const view = kernel.view('KLOCK_QUEUE_HANDLE', handle);
  view.set('LockQueue.Next', 0);
  view.set('LockQueue.Lock', lock);
  view.set('OldIrql', kernel.irql);
}

function reportUninitialised(kernel: Kernel, call: string, kind: LockKind, address: GuestAddress): NativeResult {
  return kernel.report({
    rule: 'object-not-initialised',
    severity: 'error',
    message: `${call} takes the ${kind} ${describeAddress(kernel, address)}, whose memory holds something else: it has not been initialised, or has been overwritten.`,
    also: ['0xC4/0x1002'],
    bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', 0x1002, address),
  });
}
