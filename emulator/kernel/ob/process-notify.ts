/**
 * Routines that a driver has called when processes, threads and images come and go: kept in the order of registration,
 * counted as Windows counts them, a leak where the driver goes without taking them back. `notify` calls them: one after
 * the other, at PASSIVE_LEVEL inside a critical region, in the thread that makes the news. What makes news are system
 * threads of the driver and the scenario's programs; the system's own workers are no part of what is modelled.
 */
import type { NativeCall } from '../../machine/machine-types.ts';
import { type Continuation, type GuestAddress, type NativeResult, returns } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import { currentThread } from '../ke/blocking.ts';
import { continueWith } from '../ke/kernel-threads.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable, Kernel } from '../kernel-types.ts';
import { currentSpan, functionName } from '../places.ts';
import { STATUS_INSUFFICIENT_RESOURCES, STATUS_INVALID_PARAMETER, STATUS_PROCEDURE_NOT_FOUND } from '../statuses.ts';

/** `thread-itself` is called in the new thread, and not for system threads. */
export type NotifyKind = 'process' | 'process-ex' | 'thread' | 'thread-itself' | 'image';

export interface NotifyCall {
  readonly routine: GuestAddress;
  readonly arguments: readonly bigint[];
}

/** Of each kind, as on Windows since Vista. */
const routinesMax = 64;
const notifySubsystems = 0;
const threadNotifyNonSystem = 0;
const threadNotifySubsystems = 1;
/** PS_IMAGE_NOTIFY_CONFLICTING_ARCHITECTURE */
const imageNotifyFlags = 1;
const threadUndo = 'PsRemoveCreateThreadNotifyRoutine';
const imageUndo = 'PsRemoveLoadImageNotifyRoutine';

export const processNotifyApis = {
  PsSetCreateProcessNotifyRoutine: (kernel, call) =>
    setProcessRoutine(kernel, call, 'process', 0, call.arguments.bool(1)),
  PsSetCreateProcessNotifyRoutineEx: (kernel, call) =>
    setProcessRoutine(kernel, call, 'process-ex', 0, call.arguments.bool(1)),
  PsSetCreateProcessNotifyRoutineEx2: (kernel, call) =>
    call.arguments.int(0) === notifySubsystems
      ? setProcessRoutine(kernel, call, 'process-ex', 1, call.arguments.bool(2))
      : returns(STATUS_INVALID_PARAMETER),
  PsSetCreateThreadNotifyRoutine: (kernel, call) => addOrFail(kernel, call, 'thread', 0, threadUndo),
  PsSetCreateThreadNotifyRoutineEx: (kernel, call) => {
    const type = call.arguments.int(0);
    if (type !== threadNotifyNonSystem && type !== threadNotifySubsystems) return returns(STATUS_INVALID_PARAMETER);
    return addOrFail(kernel, call, type === threadNotifyNonSystem ? 'thread-itself' : 'thread', 1, threadUndo);
  },
  PsRemoveCreateThreadNotifyRoutine: (kernel, call) => remove(kernel, call.arguments.pointer(0)),
  PsSetLoadImageNotifyRoutine: (kernel, call) => addOrFail(kernel, call, 'image', 0, imageUndo),
  PsSetLoadImageNotifyRoutineEx: (kernel, call) =>
    (call.arguments.uint64(1) & ~BigInt(imageNotifyFlags)) === 0n
      ? addOrFail(kernel, call, 'image', 0, imageUndo)
      : returns(STATUS_INVALID_PARAMETER),
  PsRemoveLoadImageNotifyRoutine: (kernel, call) => remove(kernel, call.arguments.pointer(0)),
} satisfies KernelApis;

export const processNotifyContinuations = {
  'ps.notify-next': (kernel, _thread, given) => {
    const { calls, call, then } = given as unknown as NotifyState;
    const [done, ...rest] = calls;
    if (done !== undefined && kernel.irql !== 0) return reportIrql(kernel, done.routine);
    return nextCall(kernel, { calls: rest, call, then });
  },
} satisfies ContinuationTable;

interface NotifyState {
  /** The first is under way. */
  readonly calls: readonly NotifyCall[];
  /** What the call stack shows for the caller. */
  readonly call: string;
  readonly then: Continuation;
}

/** The routines of one kind, in the order of their registration. */
export function notifyRoutines(kernel: Kernel, kind: NotifyKind): GuestAddress[] {
  const routines: GuestAddress[] = [];
  for (const one of kernel.parts.registrations.values()) if (one.notifies === kind) routines.push(one.address);
  return routines;
}

/** Calls routines in the current thread; `then` goes on after the last of them, or at once. */
export function notify(kernel: Kernel, call: string, calls: readonly NotifyCall[], then: Continuation): NativeResult {
  if (calls.length === 0) return continueWith(kernel, then, 0n);
  currentThread(kernel).criticalRegions++;
  return nextCall(kernel, { calls, call, then });
}

function nextCall(kernel: Kernel, state: NotifyState): NativeResult {
  const [next] = state.calls;
  if (next === undefined) {
    currentThread(kernel).criticalRegions--;
    return continueWith(kernel, state.then, 0n);
  }
  return {
    kind: 'call',
    target: next.routine,
    arguments: next.arguments,
    frameLabel: state.call,
    then: { name: 'ps.notify-next', state: { ...state } },
  };
}

function reportIrql(kernel: Kernel, routine: GuestAddress): NativeResult {
  const name = functionName(kernel, routine);
  return kernel.report({
    rule: 'irql-not-restored',
    severity: 'error',
    message: `The notify routine ${name} returns at IRQL ${kernel.irql}, but was called at PASSIVE_LEVEL.`,
    span: kernel.machine.returnPlace(),
    also: ['IrqlReturn', 'C28167'],
    bugCheck: bugCheck('IRQL_NOT_LESS_OR_EQUAL', routine, kernel.irql, 0, routine),
  });
}

/** Process routines are set and removed by the same function. */
function setProcessRoutine(
  kernel: Kernel,
  call: NativeCall,
  kind: NotifyKind,
  parameter: number,
  isRemoved: boolean,
): NativeResult {
  const routine = call.arguments.pointer(parameter);
  if (isRemoved) return remove(kernel, routine);
  if (kernel.parts.registrations.has(routine)) return returns(STATUS_INVALID_PARAMETER);
  return returns(add(kernel, call, kind, parameter, `${call.name} with Remove = TRUE`) ? 0 : STATUS_INVALID_PARAMETER);
}

function addOrFail(kernel: Kernel, call: NativeCall, kind: NotifyKind, parameter: number, undo: string): NativeResult {
  return returns(add(kernel, call, kind, parameter, undo) ? 0 : STATUS_INSUFFICIENT_RESOURCES);
}

function add(kernel: Kernel, call: NativeCall, kind: NotifyKind, parameter: number, undo: string): boolean {
  const { registrations } = kernel.parts;
  const address = call.arguments.pointer(parameter);
  const family = (one: NotifyKind | undefined): string | undefined => one?.split('-')[0];
  const others = [...registrations.values()].filter(({ notifies }) => family(notifies) === family(kind));
  if (others.length >= routinesMax) return false;
  const what = `The routine ${functionName(kernel, address)} of ${call.name}`;
  registrations.set(freeKey(kernel, address), {
    address,
    what,
    undo,
    registeredAt: currentSpan(kernel),
    notifies: kind,
  });
  return true;
}

/** A routine of threads or images that is set twice is called twice, and stands there twice. */
function freeKey(kernel: Kernel, routine: GuestAddress): GuestAddress {
  let key = routine;
  for (let again = 1n; kernel.parts.registrations.has(key); again++) key = (routine - (again << 64n)) as GuestAddress;
  return key;
}

function remove(kernel: Kernel, routine: GuestAddress): NativeResult {
  const { registrations } = kernel.parts;
  const key = [...registrations].findLast(([, { address }]) => address === routine)?.[0];
  return returns(key !== undefined && registrations.delete(key) ? 0 : STATUS_PROCEDURE_NOT_FOUND);
}
