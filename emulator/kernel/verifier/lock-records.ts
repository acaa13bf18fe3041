/**
 * One model for all locks that somebody holds: spin locks, mutexes that are no dispatcher objects, resources, push
 * locks. Who holds a lock is known here; the word in guest memory follows, because drivers may look at it.
 *
 * Taking a lock that another thread holds blocks; a release wakes the waiters in order, and each tries again. Taking a
 * lock that one holds oneself is a deadlock, found at once.
 */
import type { Span } from '../../../base/source.ts';
import { type Continuation, type GuestAddress, type NativeResult, returnsVoid } from '../../machine/native.ts';
import { type BugCheckName, bugCheck } from '../bug-checks.ts';
import { blockOnKey, currentThread, wakeKey } from '../ke/blocking.ts';
import { continueWith } from '../ke/kernel-threads.ts';
import type { ContinuationTable, Kernel, RunFinding } from '../kernel-types.ts';
import { currentSpan, describeAddress } from '../places.ts';
import { locksHeldBy, noteDropped, noteTaken, noteWanted } from './lock-order.ts';
import { cycleText, lockCycle } from './wait-cycles.ts';

export type LockKind =
  | 'spin lock'
  | 'reader-writer spin lock'
  | 'fast mutex'
  | 'guarded mutex'
  | 'push lock'
  | 'resource';

export interface LockHolder {
  readonly threadId: number;
  mode: 'exclusive' | 'shared';
  /** How often it was taken; more than once with resources only. */
  count: number;
  /** The function that took it. */
  readonly call: string;
  readonly takenAt: Span | undefined;
  readonly takenAtStatement: number;
}

export interface LockRecord {
  readonly address: GuestAddress;
  readonly kind: LockKind;
  readonly holders: LockHolder[];
  /** Threads that wait for exclusive ownership: they go before new sharers. */
  exclusiveWaiters: number;
  /** Where ExInitializeResourceLite made it. */
  initialisedAt?: Span | undefined;
  /** Who took it first, and with what function: some must not be mixed. */
  firstTaker?: LockHolder;
}

export interface LockRequest {
  readonly kind: LockKind;
  readonly address: GuestAddress;
  readonly mode: 'exclusive' | 'shared';
  /** The function that takes it, for messages. */
  readonly call: string;
  /**
   * Sharers that pass waiting writers (ExAcquireSharedStarveExclusive), or let them go first even where they read
   * already.
   */
  readonly writers?: 'overtaken' | 'first' | undefined;
}

export function lockAt(kernel: Kernel, kind: LockKind, address: GuestAddress): LockRecord {
  const known = kernel.parts.locks.get(address);
  if (known !== undefined && known.kind === kind) return known;
  const record: LockRecord = { address, kind, holders: [], exclusiveWaiters: 0 };
  kernel.parts.locks.set(address, record);
  return record;
}

/** Takes the lock if that needs no wait; undefined when somebody else is in the way. */
export function tryLock(kernel: Kernel, request: LockRequest): LockHolder | undefined {
  const lock = lockAt(kernel, request.kind, request.address);
  const threadId = currentThread(kernel).id;
  const own = lock.holders.find((holder) => holder.threadId === threadId);
  const others = lock.holders.filter((holder) => holder.threadId !== threadId);
  if (own !== undefined && lock.kind === 'resource') {
    const isBehind = request.mode === 'exclusive' || (request.writers === 'first' && lock.exclusiveWaiters > 0);
    if (isBehind && own.mode === 'shared') return undefined;
    own.count++;
    return own;
  }
  if (own !== undefined) return undefined;
  const isFree =
    request.mode === 'exclusive'
      ? others.length === 0
      : others.every((holder) => holder.mode === 'shared') &&
        (lock.exclusiveWaiters === 0 || request.writers === 'overtaken');
  if (!isFree) return undefined;
  const holder: LockHolder = {
    threadId,
    mode: request.mode,
    count: 1,
    call: request.call,
    takenAt: currentSpan(kernel),
    takenAtStatement: kernel.machine.statements,
  };
  lock.holders.push(holder);
  lock.firstTaker ??= holder;
  noteTaken(kernel, threadId, request, holder.takenAt);
  return holder;
}

/** Takes the lock, waiting for it if need be; `then` goes on in possession of it. */
export function takeLock(kernel: Kernel, request: LockRequest, then: Continuation): NativeResult {
  noteWanted(kernel, request);
  if (tryLock(kernel, request) !== undefined) return continueWith(kernel, then, 0n);
  const lock = lockAt(kernel, request.kind, request.address);
  const thread = currentThread(kernel);
  if (lock.holders.some((holder) => holder.threadId === thread.id)) return reportSelfDeadlock(kernel, request, lock);
  const cycle = lockCycle(kernel, thread, request.address);
  if (cycle !== undefined) return reportDeadlock(kernel, request.address, cycle);
  if (request.mode === 'exclusive') lock.exclusiveWaiters++;
  const owner = kernel.parts.scheduler.threads.get(lock.holders[0]?.threadId ?? 0)?.name ?? 'another thread';
  const reason = `waits for the ${request.kind} ${describeAddress(kernel, request.address)}, held by ${owner}`;
  return blockOnKey(kernel, lockKey(request.address), reason, { name: 'lock.retry', state: { request, then } });
}

/** Gives the lock up; undefined when the current thread does not hold it. */
export function dropLock(
  kernel: Kernel,
  kind: LockKind,
  address: GuestAddress,
  options: { readonly mode?: 'exclusive' | 'shared'; readonly anyThread?: boolean } = {},
): LockHolder | undefined {
  const lock = lockAt(kernel, kind, address);
  const threadId = currentThread(kernel).id;
  const at = lock.holders.findIndex(
    (holder) =>
      (options.anyThread === true || holder.threadId === threadId) &&
      (options.mode === undefined || holder.mode === options.mode),
  );
  const holder = lock.holders[at];
  if (holder === undefined) return undefined;
  holder.count--;
  if (holder.count === 0) {
    lock.holders.splice(at, 1);
    noteDropped(kernel, holder.threadId, address);
    wakeKey(kernel, lockKey(address), 0n);
  }
  return holder;
}

/** The current thread shares from now on what it has had for itself, however often it has taken it. */
export function shareLock(kernel: Kernel, holder: LockHolder, address: GuestAddress): void {
  holder.mode = 'shared';
  wakeKey(kernel, lockKey(address), 0n);
}

/** The current thread's hold on a lock. */
export function heldLock(kernel: Kernel, kind: LockKind, address: GuestAddress): LockHolder | undefined {
  const { id } = currentThread(kernel);
  return kernel.parts.locks.get(address)?.kind === kind
    ? kernel.parts.locks.get(address)?.holders.find((holder) => holder.threadId === id)
    : undefined;
}

/** The spin locks that the current thread or interrupt context holds. */
export function heldSpinLocks(
  kernel: Kernel,
): readonly { readonly address: GuestAddress; readonly takenAt: Span | undefined }[] {
  const held = locksHeldBy(kernel, currentThread(kernel).id);
  return held.length === 0 ? held : held.filter(({ kind }) => isSpinKind(kind));
}

export const lockContinuations = {
  'lock.retry': (kernel, _thread, state) => {
    const request = state.request as LockRequest;
    if (request.mode === 'exclusive') lockAt(kernel, request.kind, request.address).exclusiveWaiters--;
    return takeLock(kernel, request, state.then as Continuation);
  },
  /** Nothing is left to do. */
  'kernel.done': () => returnsVoid,
  /** Returns a number that was known beforehand. */
  'kernel.return': (_kernel, _thread, state) => ({ kind: 'return', value: state.value as number | bigint }),
} satisfies ContinuationTable;

export const thenDone: Continuation = { name: 'kernel.done', state: {} };
export const thenReturn = (value: number | bigint): Continuation => ({ name: 'kernel.return', state: { value } });

export function isSpinKind(kind: string): boolean {
  return kind === 'spin lock' || kind === 'reader-writer spin lock';
}

export function lockKey(address: GuestAddress): string {
  return `lock:${address}`;
}

/** Threads that hold what the others wait for, the current one among them: none of them will ever go on. */
export function reportDeadlock(kernel: Kernel, lock: GuestAddress, cycle: RunFinding['history']): NativeResult {
  return kernel.report({
    rule: 'deadlock',
    severity: 'error',
    message: `Nobody can go on: ${cycleText(cycle)}.`,
    also: ['0xC4/0x1001'],
    bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', 0x1001, lock),
    history: cycle,
  });
}

function reportSelfDeadlock(kernel: Kernel, request: LockRequest, lock: LockRecord): NativeResult {
  const own = heldLock(kernel, request.kind, request.address);
  const isSpin = isSpinKind(request.kind);
  const isUpgrade = lock.kind === 'resource';
  return kernel.report({
    rule: isSpin ? 'spin-lock-deadlock' : 'lock-deadlock',
    severity: 'error',
    message: `${request.call} takes the ${request.kind} ${describeAddress(kernel, request.address)}, which ${currentThread(kernel).name} ${isUpgrade ? 'holds shared and wants exclusively' : 'holds already'}: it waits for itself.`,
    also: isSpin ? ['SpinLock', '0xC4/0x40009', '0xC4/0x1001'] : ['0xC4/0x1000'],
    bugCheck: isSpin
      ? bugCheck('SPIN_LOCK_ALREADY_OWNED', request.address, 0, 0, 0)
      : bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', 0x1000, request.address),
    history: own === undefined ? [] : [{ what: 'taken here', span: own.takenAt, statements: own.takenAtStatement }],
  });
}

/** A lock is released that the current thread does not hold. */
export function reportNotHeld(
  kernel: Kernel,
  call: string,
  kind: LockKind,
  address: GuestAddress,
  name: BugCheckName,
): NativeResult {
  const holder = kernel.parts.locks.get(address)?.holders[0];
  const owner = kernel.parts.scheduler.threads.get(holder?.threadId ?? 0);
  const whose = holder === undefined ? 'which nobody holds' : `which ${owner?.name ?? 'a thread that has ended'} holds`;
  return kernel.report({
    rule: isSpinKind(kind) ? 'spin-lock-not-held' : 'lock-not-held',
    severity: 'error',
    message: `${call} releases the ${kind} ${describeAddress(kernel, address)}, ${whose}.`,
    also: [...(isSpinKind(kind) ? ['SpinlockRelease'] : []), holder === undefined ? '0xC4/0x1007' : '0xC4/0x1004'],
    bugCheck: bugCheck(name, address, 0, 0, 0),
    history:
      holder === undefined ? [] : [{ what: 'taken here', span: holder.takenAt, statements: holder.takenAtStatement }],
  });
}
