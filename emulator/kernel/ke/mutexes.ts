/** Fast mutexes, guarded mutexes and push locks: owned by threads, not recursive, held at APC_LEVEL or in a region. */

import { type Continuation, type GuestAddress, type NativeResult, returns, returnsVoid } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable, Kernel } from '../kernel-types.ts';
import { forgetRegion } from '../verifier/irql-history.ts';
import { checkNewLock } from '../verifier/lock-checks.ts';
import {
  dropLock,
  type LockKind,
  lockAt,
  reportNotHeld,
  takeLock,
  thenDone,
  tryLock,
} from '../verifier/lock-records.ts';
import { checkPageable } from '../verifier/pageable-objects.ts';
import { currentThread } from './blocking.ts';
import { enterRegion, lowerIrql } from './irql.ts';

const apcLevel = 1;

export const mutexApis = {
  ExInitializeFastMutex: (kernel, { name, arguments: args }) => initialise(kernel, name, 'FAST_MUTEX', args.pointer(0)),
  ExAcquireFastMutex: (kernel, { name, arguments: args }) => acquireFast(kernel, name, args.pointer(0)),
  ExTryToAcquireFastMutex: (kernel, { name, arguments: args }) => {
    const address = args.pointer(0);
    kernel.view('FAST_MUTEX', address).getNumber('Count');
    if (tryLock(kernel, { kind: 'fast mutex', address, mode: 'exclusive', call: name }) === undefined)
      return returns(0);
    takenFast(kernel, address, kernel.irql);
    return returns(1);
  },
  ExReleaseFastMutex: (kernel, { name, arguments: args }) => {
    const mutex = kernel.view('FAST_MUTEX', args.pointer(0));
    const irql = mutex.getNumber('OldIrql');
    return (
      release(kernel, name, 'fast mutex', args.pointer(0), 'FAST_MUTEX') ?? lowerIrql(kernel, name, irql) ?? returnsVoid
    );
  },
  ExAcquireFastMutexUnsafe: (kernel, { name, arguments: args }) => {
    warnWithoutRegion(kernel, name, 0x39, args.pointer(0), 'take');
    return acquire(kernel, name, 'fast mutex', args.pointer(0), 'FAST_MUTEX');
  },
  ExReleaseFastMutexUnsafe: (kernel, { name, arguments: args }) => {
    warnWithoutRegion(kernel, name, 0x3a, args.pointer(0), 'release');
    return release(kernel, name, 'fast mutex', args.pointer(0), 'FAST_MUTEX') ?? returnsVoid;
  },

  KeInitializeGuardedMutex: (kernel, { name, arguments: args }) =>
    initialise(kernel, name, 'KGUARDED_MUTEX', args.pointer(0)),
  KeAcquireGuardedMutex: (kernel, { name, arguments: args }) => {
    enterRegion(kernel, name, 'guarded');
    return acquire(kernel, name, 'guarded mutex', args.pointer(0), 'KGUARDED_MUTEX');
  },
  KeAcquireGuardedMutexUnsafe: (kernel, { name, arguments: args }) => {
    warnWithoutRegion(kernel, name, 0x39, args.pointer(0), 'take');
    return acquire(kernel, name, 'guarded mutex', args.pointer(0), 'KGUARDED_MUTEX');
  },
  KeReleaseGuardedMutexUnsafe: (kernel, { name, arguments: args }) =>
    release(kernel, name, 'guarded mutex', args.pointer(0), 'KGUARDED_MUTEX') ?? returnsVoid,
  KeTryToAcquireGuardedMutex: (kernel, { name, arguments: args }) => {
    const address = args.pointer(0);
    kernel.view('KGUARDED_MUTEX', address).getNumber('Count');
    if (tryLock(kernel, { kind: 'guarded mutex', address, mode: 'exclusive', call: name }) === undefined)
      return returns(0);
    enterRegion(kernel, name, 'guarded');
    setOwner(kernel, 'KGUARDED_MUTEX', address);
    return returns(1);
  },
  KeReleaseGuardedMutex: (kernel, { name, arguments: args }) => {
    const bad = release(kernel, name, 'guarded mutex', args.pointer(0), 'KGUARDED_MUTEX');
    if (bad !== undefined) return bad;
    const thread = currentThread(kernel);
    thread.guardedRegions--;
    forgetRegion(thread);
    return returnsVoid;
  },

  ExInitializePushLock: (kernel, { name, arguments: args }) => {
    const bad = checkNewLock(kernel, name, args.pointer(0));
    if (bad !== undefined) return bad;
    kernel.memory.writeU64(args.pointer(0), 0n);
    kernel.parts.locks.delete(args.pointer(0));
    return returnsVoid;
  },
  ExAcquirePushLockExclusive: (kernel, { name, arguments: args }) =>
    acquirePush(kernel, name, args.pointer(0), 'exclusive'),
  ExAcquirePushLockShared: (kernel, { name, arguments: args }) => acquirePush(kernel, name, args.pointer(0), 'shared'),
  ExReleasePushLockExclusive: (kernel, { name, arguments: args }) =>
    releasePush(kernel, name, args.pointer(0), 'exclusive'),
  ExReleasePushLockShared: (kernel, { name, arguments: args }) => releasePush(kernel, name, args.pointer(0), 'shared'),
  ExAcquirePushLockExclusiveEx: (kernel, { name, arguments: args }) =>
    acquirePush(kernel, name, args.pointer(0), 'exclusive'),
  ExAcquirePushLockSharedEx: (kernel, { name, arguments: args }) =>
    acquirePush(kernel, name, args.pointer(0), 'shared'),
  ExReleasePushLockExclusiveEx: (kernel, { name, arguments: args }) =>
    releasePush(kernel, name, args.pointer(0), 'exclusive'),
  ExReleasePushLockSharedEx: (kernel, { name, arguments: args }) =>
    releasePush(kernel, name, args.pointer(0), 'shared'),
} satisfies KernelApis;

export const mutexContinuations = {
  'ex.fast-mutex-taken': (kernel, _thread, state) => {
    takenFast(kernel, state.address as GuestAddress, state.irql as number);
    return returnsVoid;
  },
  'ex.mutex-taken': (kernel, _thread, state) => {
    setOwner(kernel, state.type as string, state.address as GuestAddress);
    return returnsVoid;
  },
} satisfies ContinuationTable;

function initialise(
  kernel: Kernel,
  call: string,
  type: 'FAST_MUTEX' | 'KGUARDED_MUTEX',
  address: GuestAddress,
): NativeResult {
  const bad = checkPageable(kernel, call, address) ?? checkNewLock(kernel, call, address);
  if (bad !== undefined) return bad;
  kernel.memory.fill(address, kernel.types.sizeOf(type), 0);
  kernel.view(type, address).set('Count', 1);
  kernel.parts.locks.delete(address);
  return returnsVoid;
}

/** The holder's IRQL is saved in the mutex, and is APC_LEVEL while it is held. */
function acquireFast(kernel: Kernel, call: string, address: GuestAddress): NativeResult {
  noteContention(kernel, 'fast mutex', address, 'FAST_MUTEX');
  const then: Continuation = { name: 'ex.fast-mutex-taken', state: { address, irql: kernel.irql } };
  return takeLock(kernel, { kind: 'fast mutex', address, mode: 'exclusive', call }, then);
}

function takenFast(kernel: Kernel, address: GuestAddress, irql: number): void {
  setOwner(kernel, 'FAST_MUTEX', address);
  kernel.view('FAST_MUTEX', address).set('OldIrql', irql);
  kernel.irql = Math.max(apcLevel, kernel.irql);
}

function acquire(kernel: Kernel, call: string, kind: LockKind, address: GuestAddress, type: string): NativeResult {
  noteContention(kernel, kind, address, type);
  const then: Continuation = { name: 'ex.mutex-taken', state: { address, type } };
  return takeLock(kernel, { kind, address, mode: 'exclusive', call }, then);
}

/** The mutex counts who has found it taken. */
function noteContention(kernel: Kernel, kind: LockKind, address: GuestAddress, type: string): void {
  const view = kernel.view(type, address);
  const before = view.getNumber('Contention');
  if (lockAt(kernel, kind, address).holders.length > 0) view.set('Contention', before + 1);
}

function release(
  kernel: Kernel,
  call: string,
  kind: LockKind,
  address: GuestAddress,
  type: string,
): NativeResult | undefined {
  kernel.view(type, address).getNumber('Count');
  if (dropLock(kernel, kind, address) === undefined)
    return reportNotHeld(kernel, call, kind, address, 'THREAD_NOT_MUTEX_OWNER');
  const view = kernel.view(type, address);
  view.set('Count', 1);
  view.set('Owner', 0);
  return undefined;
}

function setOwner(kernel: Kernel, type: string, address: GuestAddress): void {
  const view = kernel.view(type, address);
  view.set('Count', 0);
  view.set('Owner', currentThread(kernel).object);
}

function acquirePush(kernel: Kernel, call: string, address: GuestAddress, mode: 'exclusive' | 'shared'): NativeResult {
  kernel.memory.readU64(address);
  warnWithoutRegion(kernel, call, 0xea, address, 'take');
  return takeLock(kernel, { kind: 'push lock', address, mode, call }, thenDone);
}

function releasePush(kernel: Kernel, call: string, address: GuestAddress, mode: 'exclusive' | 'shared'): NativeResult {
  kernel.memory.readU64(address);
  warnWithoutRegion(kernel, call, 0xeb, address, 'release');
  if (dropLock(kernel, 'push lock', address, { mode }) !== undefined) return returnsVoid;
  return reportNotHeld(kernel, call, 'push lock', address, 'RESOURCE_NOT_OWNED');
}

/** Such a lock must not be held by a thread that an APC may stop. Who takes it so is told, and not again at its release. */
export function warnWithoutRegion(
  kernel: Kernel,
  call: string,
  subcode: number,
  lock: GuestAddress,
  what: 'take' | 'release',
): void {
  const { takenOutsideRegion } = kernel.parts;
  const thread = currentThread(kernel);
  const key = `${thread.id} ${lock}`;
  const isTold = what === 'release' && takenOutsideRegion.delete(key);
  if (thread.criticalRegions > 0 || thread.guardedRegions > 0 || kernel.irql >= apcLevel || isTold) return;
  if (what === 'take') takenOutsideRegion.add(key);
  kernel.report({
    rule: 'lock-without-critical-region',
    severity: 'warning',
    message: `${call} is called with APCs enabled: enter a critical region first (KeEnterCriticalRegion), or the holder may be suspended.`,
    also: [`0xC4/0x${subcode.toString(16).toUpperCase()}`],
    bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', subcode, thread.object),
  });
}
