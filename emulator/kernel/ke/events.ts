/** Events, semaphores and mutexes: made, signalled, read. Waiting for them is in waits.ts. */

import { type GuestAddress, type NativeResult, returns, returnsVoid } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { describeAddress } from '../places.ts';
import { checkNewObject } from '../verifier/lock-checks.ts';
import { noteDropped } from '../verifier/lock-order.ts';
import { checkPageable } from '../verifier/pageable-objects.ts';
import { checkResetAfterSend } from '../verifier/reset-after-send.ts';
import { currentThread } from './blocking.ts';
import { clearSignal, createDispatcher, type DispatcherKind, setSignal, signalState, waitersOf } from './dispatcher.ts';
import { promiseWait } from './promised-waits.ts';

/** Undefined when the object is what the call takes it for. */
export function checkInitialised(
  kernel: Kernel,
  call: string,
  address: GuestAddress,
  kinds: readonly DispatcherKind[],
): NativeResult | undefined {
  // A bad address is a fault, which says more than the look-up below.
  kernel.view('DISPATCHER_HEADER', address).getNumber('SignalState');
  const record = kernel.parts.dispatchers.get(address);
  if (record !== undefined && kinds.includes(record.kind)) return undefined;
  const what = describeAddress(kernel, address);
  return kernel.report({
    rule: 'object-not-initialised',
    severity: 'error',
    message:
      record === undefined
        ? `${call} is given ${what}, which no KeInitialize… routine has made a dispatcher object.`
        : `${call} is given ${what}, which is a ${record.kind}.`,
    bugCheck: bugCheck('IRQL_NOT_LESS_OR_EQUAL', address, kernel.irql, 1, call),
  });
}

const eventKinds: readonly DispatcherKind[] = ['notification event', 'synchronization event'];

export const eventApis = {
  KeInitializeEvent: (kernel, { arguments: args }) => {
    const kind = args.int(1) === 0 ? 'notification event' : 'synchronization event';
    const bad = checkNew(kernel, 'KeInitializeEvent', args.pointer(0));
    if (bad !== undefined) return bad;
    // Memory that was never written holds no event: a local of a function that runs again is another one.
    if (kernel.parts.dispatchers.has(args.pointer(0)) && !kernel.memory.isPoisoned(args.pointer(0)))
      checkResetAfterSend(kernel, 'KeInitializeEvent', args.pointer(0));
    createDispatcher(kernel, args.pointer(0), kind, args.bool(2) ? 1 : 0);
    return returnsVoid;
  },
  KeSetEvent: (kernel, { arguments: args }) => {
    const event = args.pointer(0);
    const bad = checkInitialised(kernel, 'KeSetEvent', event, eventKinds);
    if (bad !== undefined) return bad;
    const before = signalState(kernel, event);
    setSignal(kernel, event, 1);
    if (args.bool(2)) promiseWait(kernel, 'KeSetEvent');
    return returns(before);
  },
  KeResetEvent: (kernel, { arguments: args }) => resetEvent(kernel, 'KeResetEvent', args.pointer(0)),
  KeClearEvent: (kernel, { arguments: args }) => resetEvent(kernel, 'KeClearEvent', args.pointer(0)),
  KeReadStateEvent: (kernel, { arguments: args }) => {
    const event = args.pointer(0);
    const bad = checkInitialised(kernel, 'KeReadStateEvent', event, eventKinds);
    if (bad !== undefined) return bad;
    const record = kernel.parts.dispatchers.get(event);
    if (record !== undefined) record.isSignalUsed = true;
    return returns(signalState(kernel, event));
  },
  KePulseEvent: (kernel, { arguments: args }) => {
    const event = args.pointer(0);
    const bad = checkInitialised(kernel, 'KePulseEvent', event, eventKinds);
    if (bad !== undefined) return bad;
    const before = signalState(kernel, event);
    const hadWaiters = waitersOf(kernel, event).length > 0;
    setSignal(kernel, event, 1);
    if (hadWaiters) kernel.view('DISPATCHER_HEADER', event).set('SignalState', 0);
    else clearSignal(kernel, event, 'KePulseEvent');
    return returns(before);
  },

  KeInitializeSemaphore: (kernel, { name, arguments: args }) => {
    const bad = checkNew(kernel, name, args.pointer(0));
    if (bad !== undefined) return bad;
    createDispatcher(kernel, args.pointer(0), 'semaphore', args.int(1));
    kernel.view('KSEMAPHORE', args.pointer(0)).set('Limit', args.int(2));
    return returnsVoid;
  },
  KeReleaseSemaphore: (kernel, { arguments: args }) => {
    const semaphore = args.pointer(0);
    const bad = checkInitialised(kernel, 'KeReleaseSemaphore', semaphore, ['semaphore']);
    if (bad !== undefined) return bad;
    const before = signalState(kernel, semaphore);
    const limit = kernel.view('KSEMAPHORE', semaphore).getNumber('Limit');
    const after = before + args.int(2);
    if (after > limit || after < before) {
      // Windows raises STATUS_SEMAPHORE_LIMIT_EXCEEDED and leaves the count.
      return { kind: 'raise', code: kernel.types.constant('STATUS_SEMAPHORE_LIMIT_EXCEEDED') };
    }
    setSignal(kernel, semaphore, after);
    if (args.bool(3)) promiseWait(kernel, 'KeReleaseSemaphore');
    return returns(before);
  },
  KeReadStateSemaphore: (kernel, { arguments: args }) =>
    checkInitialised(kernel, 'KeReadStateSemaphore', args.pointer(0), ['semaphore']) ??
    returns(signalState(kernel, args.pointer(0))),

  KeInitializeMutex: (kernel, { name, arguments: args }) => {
    const bad = checkNew(kernel, name, args.pointer(0));
    if (bad !== undefined) return bad;
    createDispatcher(kernel, args.pointer(0), 'mutex', 1);
    const mutant = kernel.view('KMUTANT', args.pointer(0));
    mutant.set('OwnerThread', 0);
    mutant.set('MutantFlags', 0);
    mutant.set('ApcDisable', 1);
    return returnsVoid;
  },
  KeReleaseMutex: (kernel, { arguments: args }) => {
    const mutex = args.pointer(0);
    const bad = checkInitialised(kernel, 'KeReleaseMutex', mutex, ['mutex']);
    if (bad !== undefined) return bad;
    const record = kernel.parts.dispatchers.get(mutex);
    const thread = currentThread(kernel);
    if (record === undefined || record.ownerId !== thread.id) {
      return kernel.report({
        rule: 'mutex-not-owned',
        severity: 'error',
        message: `KeReleaseMutex releases ${describeAddress(kernel, mutex)}, which ${thread.name} does not own.`,
        bugCheck: bugCheck('THREAD_NOT_MUTEX_OWNER', thread.object, mutex, 0, 0),
      });
    }
    const before = signalState(kernel, mutex);
    if (before + 1 > 0) {
      record.ownerId = undefined;
      kernel.view('KMUTANT', mutex).set('OwnerThread', 0);
      noteDropped(kernel, thread.id, mutex);
    }
    setSignal(kernel, mutex, before + 1);
    if (args.bool(1)) promiseWait(kernel, 'KeReleaseMutex');
    return returns(before);
  },
  KeReadStateMutex: (kernel, { arguments: args }) =>
    checkInitialised(kernel, 'KeReadStateMutex', args.pointer(0), ['mutex']) ??
    returns(signalState(kernel, args.pointer(0))),
} satisfies KernelApis;

function checkNew(kernel: Kernel, call: string, address: GuestAddress): NativeResult | undefined {
  return checkPageable(kernel, call, address) ?? checkNewObject(kernel, call, address);
}

function resetEvent(kernel: Kernel, call: string, event: GuestAddress): NativeResult {
  const bad = checkInitialised(kernel, call, event, eventKinds);
  if (bad !== undefined) return bad;
  const before = signalState(kernel, event);
  checkResetAfterSend(kernel, call, event);
  if (before > 0) clearSignal(kernel, event, call);
  return returns(before);
}
