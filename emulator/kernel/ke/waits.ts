/**
 * Waiting: KeWaitForSingleObject, KeWaitForMultipleObjects, KeDelayExecutionThread.
 *
 * A time-out is NULL (for ever), zero (only look), negative (relative, in 100 ns) or positive (an absolute system
 * time). Only looking is allowed at DISPATCH_LEVEL. The one APC that there is here ends the thread of a program that is
 * ended: a wait in UserMode is over then, with STATUS_USER_APC, whether it is alertable or not. Nobody alerts a thread.
 */

import type { NativeCall } from '../../machine/machine-types.ts';
import { type Continuation, type GuestAddress, type NativeResult, returns } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable, Kernel } from '../kernel-types.ts';
import { describeAddress } from '../places.ts';
import { STATUS_USER_APC } from '../statuses.ts';
import { noteWanted } from '../verifier/lock-order.ts';
import { reportDeadlock } from '../verifier/lock-records.ts';
import { objectCycle } from '../verifier/wait-cycles.ts';
import { blockOn, currentThread, unblock } from './blocking.ts';
import { satisfiedBy, takeObjects } from './dispatcher.ts';
import { checkInitialised } from './events.ts';
import type { KernelThread } from './scheduler-state.ts';
import { systemTimeNow } from './system-time.ts';
import { scheduleAt } from './timed-events.ts';

/** Objects that KeWaitForMultipleObjects takes without and with a wait block array of the caller's. */
const threadWaitObjects = 3;
const maximumWaitObjects = 64;
/** Any kind may be waited for. */
const waitable = [
  'notification event',
  'synchronization event',
  'mutex',
  'semaphore',
  'thread',
  'process',
  'notification timer',
  'synchronization timer',
] as const;

/** When a wait gives up: never, at once, or at a virtual time. */
type Deadline = 'never' | 'now' | { readonly dueNs: number };

export const waitApis = {
  KeWaitForSingleObject: (kernel, call) =>
    waitFor(kernel, call, [call.arguments.pointer(0)], 'any', deadline(kernel, call.arguments.pointer(4)), {
      isUserMode: call.arguments.int(2) !== 0,
    }),
  KeWaitForMultipleObjects: (kernel, call) => {
    const { arguments: args } = call;
    const count = args.uint(0);
    const limit = args.pointer(7) === 0n ? threadWaitObjects : maximumWaitObjects;
    if (count === 0 || count > limit) {
      return kernel.report({
        rule: 'too-many-wait-objects',
        severity: 'error',
        message: `KeWaitForMultipleObjects is given ${count} objects; ${limit === threadWaitObjects ? 'without a WaitBlockArray' : 'at most'} it takes 1 to ${limit}.`,
        bugCheck: bugCheck('MAXIMUM_WAIT_OBJECTS_EXCEEDED', count),
      });
    }
    const objects: GuestAddress[] = [];
    for (let i = 0; i < count; i++)
      objects.push(kernel.memory.readPointer((args.pointer(1) + BigInt(i * 8)) as GuestAddress));
    const type = args.int(2) === kernel.types.constant('WaitAll') ? 'all' : 'any';
    return waitFor(kernel, call, objects, type, deadline(kernel, args.pointer(6)), { isUserMode: args.int(4) !== 0 });
  },
  KeDelayExecutionThread: (kernel, { arguments: args }) => {
    const due = deadline(kernel, args.pointer(2));
    const isUserMode = args.int(0) !== 0;
    if (isUserMode && mustEnd(kernel)) return returns(STATUS_USER_APC);
    // A zero interval gives the rest of the quantum away.
    const dueNs = due === 'now' || due === 'never' ? kernel.timeNs : due.dueNs;
    const timeout = scheduleAt(kernel, dueNs, { kind: 'wait-timeout', threadId: currentThread(kernel).id });
    return blockOn(kernel, { kind: 'delay', timeout, sinceNs: kernel.timeNs, isUserMode }, 'KeDelayExecutionThread', {
      name: 'ke.waited',
      state: {},
    });
  },
} satisfies KernelApis;

export const waitContinuations = {
  /** A wait is over; its status is what the call returns. */
  'ke.waited': (_kernel, _thread, _state, value) => returns(value),
} satisfies ContinuationTable;

function waitFor(
  kernel: Kernel,
  call: NativeCall,
  objects: readonly GuestAddress[],
  type: 'all' | 'any',
  due: Deadline,
  options: { readonly isUserMode: boolean },
): NativeResult {
  if (kernel.irql >= 2 && due !== 'now') return reportWaitAtDispatch(kernel, call.name, due);
  for (const object of objects) {
    const bad = checkInitialised(kernel, call.name, object, waitable);
    if (bad !== undefined) return bad;
  }
  const thread = currentThread(kernel);
  if (options.isUserMode) warnUserModeWait(kernel, call.name, objects);
  // Only what nothing else can end is looked at as a lock is.
  const single = due === 'never' && objects.length === 1 ? objects[0] : undefined;
  if (single !== undefined) wantMutex(kernel, thread, single);
  const index = satisfiedBy(kernel, thread, objects, type);
  if (index !== undefined) return returns(takeObjects(kernel, thread, objects, type, index));
  if (due === 'now') return returns(kernel.types.constant('STATUS_TIMEOUT'));
  if (options.isUserMode && mustEnd(kernel)) return returns(STATUS_USER_APC);
  if (due === 'never' && objects.includes(thread.object) && (type === 'all' || objects.length === 1)) {
    return kernel.report({
      rule: 'self-wait',
      severity: 'error',
      message: `${thread.name} waits for its own end: ${call.name} is given the object of the thread that calls it.`,
    });
  }
  if (single !== undefined) {
    const cycle = objectCycle(kernel, thread, single);
    if (cycle !== undefined) return reportDeadlock(kernel, single, cycle);
  }
  const wait = { objects, type, due, isUserMode: options.isUserMode };
  return blockForObjects(kernel, call.name, wait, { name: 'ke.waited', state: {} });
}

/** Blocks for one object; `then` gets 0 when it was signalled and taken, or STATUS_TIMEOUT. */
export function blockForObject(
  kernel: Kernel,
  call: string,
  object: GuestAddress,
  due: Exclude<Deadline, 'now'>,
  then: Continuation,
): NativeResult {
  return blockForObjects(kernel, call, { objects: [object], type: 'any', due }, then);
}

function blockForObjects(
  kernel: Kernel,
  call: string,
  {
    objects,
    type,
    due,
    isUserMode = false,
  }: {
    readonly objects: readonly GuestAddress[];
    readonly type: 'all' | 'any';
    readonly due: Exclude<Deadline, 'now'>;
    readonly isUserMode?: boolean;
  },
  then: Continuation,
): NativeResult {
  const { id } = currentThread(kernel);
  const timeout = due === 'never' ? undefined : scheduleAt(kernel, due.dueNs, { kind: 'wait-timeout', threadId: id });
  const sequence = kernel.parts.scheduler.nextSequence++;
  return blockOn(
    kernel,
    { kind: 'objects', objects, type, timeout, sinceNs: kernel.timeNs, sequence, isUserMode },
    call,
    then,
  );
}

/** Whether the current thread is that of a program which is to end. */
function mustEnd(kernel: Kernel): boolean {
  const { id } = currentThread(kernel);
  return kernel.parts.callers.callers.some((caller) => caller.threadId === id && caller.mustEnd);
}

/** The program of this thread ends: where it waits in UserMode, its wait is over. */
export function endUserModeWait(kernel: Kernel, thread: KernelThread | undefined): void {
  const { wait } = thread ?? {};
  if (thread === undefined || wait === undefined || wait.kind === 'key' || !wait.isUserMode) return;
  unblock(kernel, thread, BigInt(STATUS_USER_APC));
}

/** Waiting for a mutex is taking a lock; one that is owned already is only counted up. */
function wantMutex(kernel: Kernel, thread: KernelThread, mutex: GuestAddress): void {
  const record = kernel.parts.dispatchers.get(mutex);
  if (record?.kind === 'mutex' && record.ownerId !== thread.id)
    noteWanted(kernel, { address: mutex, kind: 'mutex', mode: 'exclusive' });
}

/** Reads a PLARGE_INTEGER time-out. */
export function deadline(kernel: Kernel, pointer: GuestAddress): Deadline {
  if (pointer === 0n) return 'never';
  const ticks = BigInt.asIntN(64, kernel.memory.readU64(pointer));
  return deadlineOf(kernel, ticks);
}

/** Of a time in units of 100 ns: relative where negative, a system time where positive. */
export function deadlineOf(kernel: Kernel, ticks: bigint): Deadline {
  if (ticks === 0n) return 'now';
  const relative = ticks < 0n ? -ticks : ticks - systemTimeNow(kernel);
  if (relative <= 0n) return 'now';
  return { dueNs: kernel.timeNs + Number(relative) * 100 };
}

/** A wait that may last, where no other thread can run to end it. */
export function reportWaitAtDispatch(kernel: Kernel, call: string, due: Deadline): NativeResult {
  const subcode = kernel.irql > 2 ? 0x120 : due === 'never' ? 0x121 : 0x122;
  const how = due === 'never' ? 'with no time-out' : 'with a time-out';
  return kernel.report({
    rule: 'wait-at-dispatch',
    severity: 'error',
    message: `${call} waits ${how} at IRQL ${kernel.irql}: at DISPATCH_LEVEL no other thread can run to end the wait. Only a zero time-out is allowed there.`,
    docRules: ['R91'],
    also: ['0xC4/0x3B', `0xC4/0x${subcode.toString(16).toUpperCase()}`],
    bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', subcode, kernel.current?.id ?? 0, kernel.irql, call),
  });
}

/** A user-mode wait lets the stack be paged out, and with it an object that lies on it. */
function warnUserModeWait(kernel: Kernel, call: string, objects: readonly GuestAddress[]): void {
  const onStack = objects.find((object) => kernel.memory.regionAt(object)?.kind === 'stack');
  if (onStack === undefined) return;
  kernel.report({
    rule: 'user-mode-wait-on-stack-object',
    severity: 'warning',
    message: `${call} waits in UserMode for ${describeAddress(kernel, onStack)}, which lies on the stack: the stack may be paged out meanwhile. Wait in KernelMode.`,
    docRules: ['R92'],
    also: ['C28135', '0xC4/0x123'],
    bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', 0x123, onStack),
  });
}
