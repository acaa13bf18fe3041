/**
 * What must not be done with locks beside taking them in the wrong order: memory that goes, or is made a lock anew, while
 * somebody holds or awaits the lock in it; a thread that ends with one; calls that need a thread without spin locks.
 */
import type { NativeCall } from '../../machine/machine-types.ts';
import type { GuestAddress, NativeResult } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import { waitersOf } from '../ke/dispatcher.ts';
import { pendingDpcs } from '../ke/pending-contexts.ts';
import type { KernelThread } from '../ke/scheduler-state.ts';
import type { Kernel, RunFinding } from '../kernel-types.ts';
import { definitionSpan, describeAddress } from '../places.ts';
import { forgetLockOrder, type HeldLock, locksHeldBy } from './lock-order.ts';
import { isSpinKind } from './lock-records.ts';

/** Calls in which other drivers' code may run at once, which may want the same lock or a lower IRQL. */
const leavesDriver = new Set([
  'IoCompleteRequest',
  'IofCompleteRequest',
  'IoStartNextPacket',
  'IoCallDriver',
  'IofCallDriver',
  'PoCallDriver',
]);

/** Warns of a call that must not be made while a spin lock is held. */
export function checkCallUnderLock(kernel: Kernel, call: NativeCall): void {
  if (!leavesDriver.has(call.name)) return;
  const lock = locksHeldBy(kernel, call.thread.id).find(({ kind }) => isSpinKind(kind));
  if (lock === undefined) return;
  const isCompletion = call.name.includes('Complete');
  kernel.report({
    rule: 'call-holding-spin-lock',
    severity: 'warning',
    message: `${call.name} is called while the ${lock.kind} ${describeAddress(kernel, lock.address)} is held: ${isCompletion ? 'completion routines of the drivers above' : "the next driver's dispatch routine"} may run at once, come back to this driver and want the lock again.`,
    also: isCompletion ? ['SpinLockSafe'] : ['ForwardedAtBadIrql'],
    history: takenHere(lock),
  });
}

/** Spin locks that the current thread holds may not survive an IRQL at which it can be interrupted. */
export function checkLowering(kernel: Kernel, call: string, threadId: number, irql: number): NativeResult | undefined {
  const lock = locksHeldBy(kernel, threadId).find(({ kind }) => isSpinKind(kind));
  if (lock === undefined) return undefined;
  return kernel.report({
    rule: 'spin-lock-held-below-dispatch',
    severity: 'error',
    message: `${call} lowers the IRQL to ${irql} while the ${lock.kind} ${describeAddress(kernel, lock.address)} is still held: its holder can be interrupted by who wants the lock, and neither goes on.`,
    also: ['0xC4/0x1001'],
    bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', 0x1001, lock.address),
    history: takenHere(lock),
  });
}

/** A thread or interrupt context ends: undefined when it holds nothing. */
export function checkLocksAtEnd(kernel: Kernel, thread: KernelThread): NativeResult | undefined {
  const [lock] = locksHeldBy(kernel, thread.id);
  if (lock === undefined || isTold(kernel, lock)) return undefined;
  return kernel.report({
    rule: isSpinKind(lock.kind) ? 'spin-lock-held-at-return' : 'resource-held-at-return',
    severity: 'error',
    message: `${thread.name} ends and still holds the ${lock.kind} ${describeAddress(kernel, lock.address)}: nobody can release it any more.`,
    span: lock.takenAt ?? definitionSpan(kernel, thread.startRoutine) ?? thread.createdAt,
    also: ['0xC4/0x100A'],
    bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', 0x100a, lock.address, thread.object),
    history: takenHere(lock),
  });
}

/** Memory goes, or becomes a new lock, while somebody holds the one in it. */
export function reportHeldWithin(
  kernel: Kernel,
  start: bigint,
  size: number,
  how: { readonly what: string; readonly rule: 'held-lock-freed' | 'lock-initialised-while-held' },
): NativeResult | undefined {
  for (const [threadId, locks] of kernel.parts.lockOrder.held) {
    const lock = locks.find(({ address }) => address >= start && address < start + BigInt(size));
    if (lock === undefined) continue;
    const owner = kernel.parts.scheduler.threads.get(threadId)?.name ?? 'a thread that has ended';
    const subcode = how.rule === 'held-lock-freed' ? 0x100b : 0x1005;
    return kernel.report({
      rule: how.rule,
      severity: 'error',
      message: `${how.what} the ${lock.kind} ${describeAddress(kernel, lock.address)} while ${owner} holds it.`,
      also: [`0xC4/0x${subcode.toString(16).toUpperCase()}`],
      bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', subcode, lock.address),
      history: takenHere(lock),
    });
  }
  return undefined;
}

/** A lock is made anew: nobody may hold it, and its order begins again. */
export function checkNewLock(kernel: Kernel, call: string, address: GuestAddress): NativeResult | undefined {
  const rule = 'lock-initialised-while-held';
  const bad = reportHeldWithin(kernel, address, 1, { what: `${call} initialises`, rule });
  if (bad === undefined) forgetLockOrder(kernel, address);
  return bad;
}

/** A dispatcher object is made anew: nobody may wait for it, own it, or have it in a queue of the kernel's. */
export function checkNewObject(kernel: Kernel, call: string, address: GuestAddress): NativeResult | undefined {
  if (!kernel.parts.dispatchers.has(address)) return undefined;
  const [waiter] = waitersOf(kernel, address);
  if (waiter !== undefined) {
    return kernel.report({
      rule: 'object-initialised-while-waited-for',
      severity: 'error',
      message: `${call} initialises ${describeAddress(kernel, address)} while ${waiter.name} waits for it: the new object does not know that waiter, so nothing will ever wake it.`,
      bugCheck: bugCheck('IRQL_NOT_LESS_OR_EQUAL', address, kernel.irql, 1, call),
    });
  }
  const timer = kernel.parts.timers.get(address);
  if (timer?.eventId !== undefined) {
    return kernel.report({
      rule: 'timer-initialised-while-set',
      severity: 'error',
      message: `${call} initialises ${describeAddress(kernel, address)}, a timer that is still set: it stays in the kernel's list, which is corrupt from now on. Cancel it with KeCancelTimer first.`,
      bugCheck: bugCheck('TIMER_OR_DPC_INVALID', 0, address, 0, 0),
      history: [{ what: 'set here', span: timer.setAt, statements: 0 }],
    });
  }
  return checkNewLock(kernel, call, address);
}

/** A DPC is made anew: it may not be in the queue. */
export function checkNewDpc(kernel: Kernel, call: string, address: GuestAddress): NativeResult | undefined {
  if (!kernel.parts.dpcs.has(address)) return undefined;
  if (!pendingDpcs(kernel.parts.scheduler.pending).some(({ dpc }) => dpc === address)) return undefined;
  return kernel.report({
    rule: 'dpc-initialised-while-queued',
    severity: 'error',
    message: `${call} initialises ${describeAddress(kernel, address)}, a DPC that is still queued: the kernel's list of DPCs is corrupt from now on.`,
    bugCheck: bugCheck('TIMER_OR_DPC_INVALID', 1, address, 0, 0),
  });
}

/** A subsystem has said already that its callback returned with the lock. */
function isTold(kernel: Kernel, { takenAt }: HeldLock): boolean {
  return kernel.findings.some(
    ({ rule, history }) => rule === 'spin-lock-held-at-return' && history.some(({ span }) => span === takenAt),
  );
}

function takenHere(lock: HeldLock): RunFinding['history'] {
  const what = lock.takenAt === undefined ? 'taken by the system, which then called the driver' : 'taken here';
  return [{ what, span: lock.takenAt, statements: lock.statements }];
}
