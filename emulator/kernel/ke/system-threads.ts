/** Threads, handles and object references as drivers handle them: Ps, Ob, ZwClose. */

import type { NativeCall } from '../../machine/machine-types.ts';
import { type GuestAddress, type NativeResult, returns } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import { closeFileHandle } from '../files/open-files.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { grantedAccess } from '../ob/handle-access.ts';
import {
  accessOf,
  addDriverReference,
  closeHandle,
  handleObject,
  isKernelHandle,
  isOpenKernelHandle,
  openKernelHandle,
} from '../ob/handles.ts';
import { openWatchedHandle } from '../ob/object-callbacks.ts';
import { dereferenceObject, objectAt } from '../ob/objects.ts';
import { currentProcess, processId, systemProcess, systemProcessId } from '../ob/process-context.ts';
import { endSystemThread, hearsOfThreads, tellThreadCreated } from '../ob/process-news.ts';
import { currentProcessHandle } from '../ob/processes.ts';
import { describeAddress, functionName, hexAddress } from '../places.ts';
import { closeWatchedKey } from '../registry/registry-callbacks.ts';
import { endRegistryWatches } from '../registry/registry-watches.ts';
import {
  STATUS_ACCESS_DENIED,
  STATUS_INVALID_CID,
  STATUS_INVALID_HANDLE,
  STATUS_OBJECT_TYPE_MISMATCH,
  STATUS_PENDING,
} from '../statuses.ts';
import { thenReturn } from '../verifier/lock-records.ts';
import { blockOn, currentThread } from './blocking.ts';
import { satisfiedBy, takeObjects } from './dispatcher.ts';
import { createKernelThread, threadByObject, threadNumber } from './kernel-threads.ts';
import { scheduleAt } from './timed-events.ts';
import { deadlineOf } from './waits.ts';

export const threadApis = {
  PsCreateSystemThread: (kernel, { arguments: args }) =>
    createThread(kernel, args.pointer(0), args.uint(1), args.pointer(4), args.pointer(5), args.uint64(6)),
  IoCreateSystemThread: (kernel, { arguments: args }) =>
    createThread(kernel, args.pointer(1), args.uint(2), args.pointer(5), args.pointer(6), args.uint64(7)),
  PsTerminateSystemThread: (kernel, { arguments: args }) => {
    const thread = currentThread(kernel);
    if (thread.kind !== 'system') {
      return kernel.report({
        rule: 'thread-not-own',
        severity: 'error',
        message: `PsTerminateSystemThread is called in ${thread.name}, which PsCreateSystemThread did not make.`,
      });
    }
    return endSystemThread(kernel, BigInt(args.int(0)));
  },
  PsGetCurrentThread: (kernel) => returns(currentThread(kernel).object),
  KeGetCurrentThread: (kernel) => returns(currentThread(kernel).object),
  PsGetCurrentThreadId: (kernel) => returns(threadNumber(currentThread(kernel).id)),
  PsGetThreadId: (kernel, { arguments: args }) => {
    const id = objectAt(kernel, args.pointer(0))?.details.id ?? threadByObject(kernel, args.pointer(0))?.id;
    return returns(threadNumber(typeof id === 'number' ? id : 0));
  },
  PsGetThreadExitStatus: (kernel, { arguments: args }) => {
    const status = objectAt(kernel, args.pointer(0))?.details.exitStatus;
    return returns(typeof status === 'number' ? status : STATUS_PENDING);
  },
  PsIsThreadTerminating: (kernel, { arguments: args }) =>
    returns(typeof objectAt(kernel, args.pointer(0))?.details.exitStatus === 'number' ? 1 : 0),
  PsGetThreadProcessId: (kernel, { arguments: args }) =>
    returns(processId(kernel, threadByObject(kernel, args.pointer(0))?.process ?? systemProcess(kernel))),
  IoThreadToProcess: (kernel, { arguments: args }) =>
    returns(threadByObject(kernel, args.pointer(0))?.process ?? systemProcess(kernel)),
  PsGetThreadProcess: (kernel, { arguments: args }) =>
    returns(threadByObject(kernel, args.pointer(0))?.process ?? systemProcess(kernel)),
  IoIsSystemThread: (kernel, { arguments: args }) =>
    returns(threadByObject(kernel, args.pointer(0))?.process === undefined ? 1 : 0),
  PsIsSystemThread: (kernel, { arguments: args }) =>
    returns(threadByObject(kernel, args.pointer(0))?.process === undefined ? 1 : 0),
  PsLookupThreadByThreadId: (kernel, { arguments: args }) => {
    const thread = [...kernel.parts.scheduler.threads.values()].find(
      ({ id, kind }) => kind !== 'context' && BigInt(threadNumber(id)) === args.uint64(0),
    );
    if (thread === undefined) return returns(STATUS_INVALID_CID);
    addDriverReference(kernel, thread.object);
    kernel.memory.writePointer(args.pointer(1), thread.object);
    return returns(0);
  },

  KeSetPriorityThread: (kernel, { arguments: args }) => {
    const thread = threadByObject(kernel, args.pointer(0));
    const before = thread?.priority ?? 0;
    if (thread !== undefined) thread.priority = Math.max(1, Math.min(31, args.int(1)));
    return returns(before);
  },
  KeQueryPriorityThread: (kernel, { arguments: args }) =>
    returns(threadByObject(kernel, args.pointer(0))?.priority ?? 0),
  KeSetBasePriorityThread: (kernel, { arguments: args }) => {
    const thread = threadByObject(kernel, args.pointer(0));
    if (thread === undefined) return returns(0);
    const before = thread.priority - 8;
    thread.priority = Math.max(1, Math.min(31, 8 + args.int(1)));
    return returns(before);
  },

  ObReferenceObjectByHandle: (kernel, { name, arguments: args }) => {
    const handle = args.uint64(0);
    if (handle === 0n) return reportBadHandle(kernel, name, handle, 0xf5);
    const isOfProgram = currentThread(kernel).process !== undefined;
    // No program gets at a handle of the kernel, not even where the System process is current.
    const isBarred = args.bool(3) && isOpenKernelHandle(kernel, handle);
    const object =
      handle === currentProcessHandle ? currentProcess(kernel) : isBarred ? undefined : handleObject(kernel, handle);
    // Whatever number a program gives is looked up among its own handles, and refused where it is none.
    if (object === undefined && isOfProgram && args.bool(3)) return returns(STATUS_INVALID_HANDLE);
    if (object === undefined) return reportBadHandle(kernel, name, handle, isBarred ? 0xf7 : 0x3c, { isOfProgram });
    const wanted = args.pointer(2);
    if (wanted !== 0n && typeObjectName(kernel, wanted) !== objectAt(kernel, object)?.type)
      return returns(STATUS_OBJECT_TYPE_MISMATCH);
    const granted = accessOf(kernel, handle, object);
    if (args.bool(3) && (grantedAccess(objectAt(kernel, object)?.type ?? 'type', args.uint(1)) & ~granted) !== 0)
      return returns(STATUS_ACCESS_DENIED);
    addDriverReference(kernel, object);
    kernel.memory.writePointer(args.pointer(4), object);
    if (args.pointer(5) !== 0n) {
      const information = kernel.view('OBJECT_HANDLE_INFORMATION', args.pointer(5));
      information.set('HandleAttributes', 0);
      information.set('GrantedAccess', granted);
    }
    return returns(0);
  },
  ObReferenceObjectByPointer: (kernel, call) => {
    const { name, arguments: args } = call;
    const bad = checkObject(kernel, name, args.pointer(0)) ?? checkType(kernel, call, args.pointer(2), args.bool(3));
    if (bad !== undefined) return bad;
    addDriverReference(kernel, args.pointer(0));
    return returns(0);
  },
  ObReferenceObject: (kernel, { name, arguments: args }) => reference(kernel, name, args.pointer(0)),
  ObfReferenceObject: (kernel, { name, arguments: args }) => reference(kernel, name, args.pointer(0)),
  ObReferenceObjectWithTag: (kernel, { name, arguments: args }) => reference(kernel, name, args.pointer(0)),
  ObDereferenceObject: (kernel, { name, arguments: args }) => dereference(kernel, name, args.pointer(0)),
  ObfDereferenceObject: (kernel, { name, arguments: args }) => dereference(kernel, name, args.pointer(0)),
  ObDereferenceObjectWithTag: (kernel, { name, arguments: args }) => dereference(kernel, name, args.pointer(0)),
  ObDereferenceObjectDeferDelete: (kernel, { name, arguments: args }) => dereference(kernel, name, args.pointer(0)),
  ObOpenObjectByPointer: (kernel, call) => {
    const { name, arguments: args } = call;
    const bad = checkObject(kernel, name, args.pointer(0)) ?? checkType(kernel, call, args.pointer(4), args.bool(5));
    if (bad !== undefined) return bad;
    return openWatchedHandle(kernel, {
      operation: 'create',
      object: args.pointer(0),
      isKernelHandle: isKernelHandle(args.uint(1)),
      access: args.uint(3),
      handleAt: args.pointer(6),
    });
  },
  NtClose: (kernel, call) => closeWatchedKey(kernel, call) ?? close(kernel, call),
  ZwClose: (kernel, call) => closeWatchedKey(kernel, call) ?? close(kernel, call),
  ObCloseHandle: (kernel, call) => closeWatchedKey(kernel, call) ?? close(kernel, call),
  ZwWaitForSingleObject: (kernel, { arguments: args }) => {
    const object = handleObject(kernel, args.uint64(0));
    if (object === undefined) return returns(STATUS_INVALID_HANDLE);
    return waitForHandle(kernel, object, args.pointer(2));
  },
  ExGetPreviousMode: (kernel) => returns(currentThread(kernel).isUserMode === true ? 1 : 0),
} satisfies KernelApis;

function createThread(
  kernel: Kernel,
  handleAt: GuestAddress,
  access: number,
  clientIdAt: GuestAddress,
  routine: GuestAddress,
  context: bigint,
): NativeResult {
  const name = functionName(kernel, routine);
  const startup = hearsOfThreads(kernel) ? kernel.machine.functionAddress('PspSystemThreadStartup') : undefined;
  const how = { name, kind: 'system', startRoutine: routine } as const;
  const thread =
    startup === undefined
      ? createKernelThread(kernel, { ...how, entry: routine, arguments: [context] })
      : createKernelThread(kernel, { ...how, entry: startup, arguments: [routine, context] });
  kernel.memory.writeU64(handleAt, openKernelHandle(kernel, thread.object, access));
  if (clientIdAt !== 0n) {
    const id = kernel.view('CLIENT_ID', clientIdAt);
    id.set('UniqueProcess', systemProcessId);
    id.set('UniqueThread', threadNumber(thread.id));
  }
  return tellThreadCreated(kernel, thread, thenReturn(0));
}

function checkObject(kernel: Kernel, call: string, object: GuestAddress): NativeResult | undefined {
  kernel.memory.readU8(object);
  if (objectAt(kernel, object) !== undefined || kernel.parts.io.devices.has(object)) return undefined;
  return kernel.report({
    rule: 'not-an-object',
    severity: 'error',
    message: `${call} is given ${describeAddress(kernel, object)}, which is no object of the object manager.`,
    bugCheck: bugCheck('REFERENCE_BY_POINTER', 0, object, 0, 0),
  });
}

/** A reference by pointer is held against the type for user mode only, a handle wherever a type is given. */
function checkType(
  kernel: Kernel,
  { name, arguments: args }: NativeCall,
  type: GuestAddress,
  isUser: boolean,
): NativeResult | undefined {
  const isHeld = isUser || (name === 'ObOpenObjectByPointer' && type !== 0n);
  const isOther = isHeld && typeObjectName(kernel, type) !== objectAt(kernel, args.pointer(0))?.type;
  return isOther ? returns(STATUS_OBJECT_TYPE_MISMATCH) : undefined;
}

function reference(kernel: Kernel, call: string, object: GuestAddress): NativeResult {
  const bad = checkObject(kernel, call, object);
  if (bad !== undefined) return bad;
  if (objectAt(kernel, object) === undefined) return returns(1);
  addDriverReference(kernel, object);
  return returns(objectAt(kernel, object)?.references ?? 1);
}

function dereference(kernel: Kernel, call: string, object: GuestAddress): NativeResult {
  const bad = checkObject(kernel, call, object);
  if (bad !== undefined) return bad;
  const record = objectAt(kernel, object);
  if (record === undefined) return returns(1);
  if (record.driverReferences.length === 0) {
    return kernel.report({
      rule: 'reference-underflow',
      severity: 'error',
      message: `${call} gives back a reference to ${record.label} that the driver does not hold.`,
      also: ['0xC4/0x3F'],
      bugCheck: bugCheck('REFERENCE_BY_POINTER', 0, object, 1, record.references - 1),
    });
  }
  record.driverReferences.pop();
  const left = record.references - 1;
  dereferenceObject(kernel, object);
  return returns(left);
}

function close(kernel: Kernel, { name: call, arguments: args }: NativeCall): NativeResult {
  const handle = args.uint64(0);
  const file = closeFileHandle(kernel, handle);
  if (file !== undefined) return file;
  // Of another process, where it stays open: that has been told.
  if (kernel.parts.objects.handles.has(handle) && handleObject(kernel, handle) === undefined)
    return returns(STATUS_INVALID_HANDLE);
  if (closeHandle(kernel, handle)) {
    endRegistryWatches(kernel);
    return returns(0);
  }
  if (handle >= BigInt.asUintN(64, -6n)) return closePseudoHandle(kernel, call, handle);
  // Windows declines NULL, and whatever it is told to take for a program's, and goes on.
  if (handle === 0n || (call === 'ObCloseHandle' && args.bool(1))) return returns(STATUS_INVALID_HANDLE);
  return kernel.report({
    rule: 'bad-handle',
    severity: 'error',
    message: `${call} is given the handle ${hexAddress(handle)}, which is not open: it is closed already, or never was one.`,
    bugCheck: bugCheck('INVALID_KERNEL_HANDLE', handle, 1, 0, 0),
  });
}

/** Handles that stand for something without being open: (HANDLE)-1 is the current process. */
function closePseudoHandle(kernel: Kernel, call: string, handle: bigint): NativeResult {
  const number = BigInt.asIntN(64, handle);
  const what = ['process', 'thread'][Number(-1n - number)] ?? 'token';
  kernel.report({
    rule: 'bad-handle',
    severity: 'warning',
    message: `${call} is given (HANDLE)${number}, which stands for the current ${what} and is never open; it returns STATUS_INVALID_HANDLE. Keep NULL where no handle is open.`,
  });
  return returns(STATUS_INVALID_HANDLE);
}

function reportBadHandle(
  kernel: Kernel,
  call: string,
  handle: bigint,
  subcode: number,
  options: { readonly isOfProgram: boolean } = { isOfProgram: false },
): NativeResult {
  const why = subcode === 0xf7 ? 'which is one of the kernel, with UserMode' : 'which is not open';
  const what = handle === 0n ? 'a NULL handle' : `the handle ${hexAddress(handle)}, ${why}`;
  const remedy = options.isOfProgram
    ? ' With KernelMode a program that gives the number of a kernel handle gets at what that stands for: reference a handle of a program with UserMode, which Irp->RequestorMode says.'
    : '';
  kernel.report({
    rule: 'bad-handle',
    severity: 'warning',
    message: `${call} is given ${what}; it returns STATUS_INVALID_HANDLE.${handle === 0n ? ' The call that was to open it has failed, or was never made.' : remedy}`,
    also: [...(options.isOfProgram ? ['C28126'] : []), `0xC4/0x${subcode.toString(16).toUpperCase()}`],
    bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', subcode, handle),
  });
  return returns(STATUS_INVALID_HANDLE);
}

/** The kind of objects that an object type (`*PsThreadType`) stands for. */
function typeObjectName(kernel: Kernel, type: GuestAddress): string | undefined {
  const details = objectAt(kernel, type)?.details.typeOf;
  return typeof details === 'string' ? details : undefined;
}

function waitForHandle(kernel: Kernel, object: GuestAddress, timeoutAt: GuestAddress): NativeResult {
  const thread = currentThread(kernel);
  const objects = [object];
  const index = satisfiedBy(kernel, thread, objects, 'any');
  if (index !== undefined) return returns(takeObjects(kernel, thread, objects, 'any', index));
  const due = timeoutAt === 0n ? 'never' : deadlineOf(kernel, BigInt.asIntN(64, kernel.memory.readU64(timeoutAt)));
  if (due === 'now') return returns(kernel.types.constant('STATUS_TIMEOUT'));
  const timeout =
    due === 'never' ? undefined : scheduleAt(kernel, due.dueNs, { kind: 'wait-timeout', threadId: thread.id });
  const sequence = kernel.parts.scheduler.nextSequence++;
  return blockOn(
    kernel,
    { kind: 'objects', objects, type: 'any', timeout, sinceNs: kernel.timeNs, sequence, isUserMode: false },
    'ZwWaitForSingleObject',
    {
      name: 'ke.waited',
      state: {},
    },
  );
}
