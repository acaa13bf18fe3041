/**
 * Handles, and references as drivers hold them: the object behind a handle, a reference that is a leak if it is left.
 *
 * A handle that is opened with OBJ_KERNEL_HANDLE is good in every process, and no program can use it. Any other one is
 * in the table of the process that is current when it is opened, which for a driver may be a program's or the System
 * process's; elsewhere its number means nothing. Numbers of all tables come from one counter, so that no two are alike.
 */
import { defined } from '../../../base/assert.ts';
import type { GuestAddress } from '../../machine/native.ts';
import { currentThread } from '../ke/blocking.ts';
import type { Kernel } from '../kernel-types.ts';
import { currentSpan, hexAddress } from '../places.ts';
import { grantedAccess, MAXIMUM_ALLOWED } from './handle-access.ts';
import type { HandleRecord } from './handle-types.ts';
import { dereferenceObject, objectAt, referenceObject } from './objects.ts';
import { currentProcess, systemProcess } from './process-context.ts';

const currentThreadHandle = BigInt.asUintN(64, -2n);
/** Kernel handles have their top bits set, as Windows' have. */
const kernelHandleBase = 0xffffffff80000000n;
/** OBJ_KERNEL_HANDLE */
export const kernelHandleFlag = 0x200;

export interface HandleRequest {
  readonly object: GuestAddress;
  /** The desired access; everything where it is not said. */
  readonly access?: number | undefined;
  /** OBJ_… of its OBJECT_ATTRIBUTES. */
  readonly attributes: number;
  /** Who has to close it. */
  readonly owner: 'driver' | 'program';
  /** In whose table a handle that is none of the kernel's is; the current process's where it is not said. */
  readonly process?: GuestAddress | undefined;
}

/** Opens a handle; it holds a reference. */
export function openHandle(kernel: Kernel, request: HandleRequest): bigint {
  const { objects } = kernel.parts;
  const { object } = request;
  const isKernels = isKernelHandle(request.attributes);
  const value = (isKernels ? kernelHandleBase : 0n) + BigInt(objects.nextHandle);
  objects.nextHandle += 4;
  referenceObject(kernel, object);
  objects.handles.set(value, {
    value,
    object,
    access: grantedAccess(defined(objectAt(kernel, object), 'the object').type, request.access ?? MAXIMUM_ALLOWED),
    openedAt: currentSpan(kernel),
    isDrivers: request.owner === 'driver',
    process: isKernels ? undefined : (request.process ?? currentProcess(kernel)),
  });
  return value;
}

/** For a driver, with what its OBJECT_ATTRIBUTES ask for, in a function that documents OBJ_KERNEL_HANDLE as a must. */
export function openDriverHandle(
  kernel: Kernel,
  object: GuestAddress,
  attributesAt: GuestAddress,
  access: number,
): bigint {
  const attributes = handleAttributes(kernel, attributesAt);
  warnProgramHandle(kernel, kernel.parts.currentCall?.name ?? 'A call', attributes);
  return openHandle(kernel, { object, access, attributes, owner: 'driver' });
}

/** In the context of a program, what is opened without OBJ_KERNEL_HANDLE is the program's too. */
export function warnProgramHandle(kernel: Kernel, call: string, attributes: number): void {
  const thread = kernel.current === undefined ? undefined : kernel.parts.scheduler.threads.get(kernel.current.id);
  if (thread?.process === undefined || isKernelHandle(attributes)) return;
  if (currentProcess(kernel) === systemProcess(kernel)) return;
  kernel.report({
    rule: 'handle-not-kernel',
    severity: 'warning',
    message: `${call} opens a handle in the context of ${thread.name} without OBJ_KERNEL_HANDLE: the program can use and close it.`,
    also: ['0xC4/0xF6'],
  });
}

/** A handle of the kernel for a driver, whatever it asked for. */
export function openKernelHandle(kernel: Kernel, object: GuestAddress, access?: number): bigint {
  return openHandle(kernel, { object, access, attributes: kernelHandleFlag, owner: 'driver' });
}

export function isKernelHandle(attributes: number): boolean {
  return (attributes & kernelHandleFlag) !== 0;
}

/** Whether it is an open handle of the kernel, which no program can use. */
export function isOpenKernelHandle(kernel: Kernel, handle: bigint): boolean {
  const record = kernel.parts.objects.handles.get(handle);
  return record !== undefined && record.process === undefined;
}

/** OBJECT_ATTRIBUTES.Attributes; 0 for NULL. */
export function handleAttributes(kernel: Kernel, at: GuestAddress): number {
  return at === 0n ? 0 : kernel.view('OBJECT_ATTRIBUTES', at).getNumber('Attributes');
}

/** What is open in the table of a process. */
export function handlesOfProcess(kernel: Kernel, process: GuestAddress): HandleRecord[] {
  return [...kernel.parts.objects.handles.values()].filter((record) => record.process === process);
}

/** False when there is no such handle. */
export function closeHandle(kernel: Kernel, value: bigint): boolean {
  const { handles } = kernel.parts.objects;
  const record = handles.get(value);
  if (record === undefined) return false;
  handles.delete(value);
  dereferenceObject(kernel, record.object);
  return true;
}

/** The object behind a handle in the current process, the pseudo handle of the current thread included. */
export function handleObject(kernel: Kernel, handle: bigint): GuestAddress | undefined {
  if (handle === currentThreadHandle) return currentThread(kernel).object;
  return handleHere(kernel, handle)?.object;
}

/** A handle that means something in the current process; that one of another is given is told. */
export function handleHere(kernel: Kernel, handle: bigint): HandleRecord | undefined {
  const record = kernel.parts.objects.handles.get(handle);
  // Who the current process is has to be looked for only where it matters.
  if (record?.process === undefined || record.process === currentProcess(kernel)) return record;
  reportElsewhere(kernel, record);
  return undefined;
}

/** The object behind a handle of that process, as ZwDuplicateObject looks for it. */
export function handleObjectIn(kernel: Kernel, process: GuestAddress, handle: bigint): GuestAddress | undefined {
  if (process === currentProcess(kernel)) return handleObject(kernel, handle);
  const record = kernel.parts.objects.handles.get(handle);
  return record?.process === undefined || record.process === process ? record?.object : undefined;
}

function reportElsewhere(kernel: Kernel, { value, object, process, openedAt, isDrivers }: HandleRecord): void {
  if (!isDrivers || process === undefined) return;
  const [owner, here] = [process, currentProcess(kernel)].map(
    (one) => objectAt(kernel, one)?.label ?? 'another process',
  );
  const opened = { what: `opened in ${owner}`, span: openedAt, statements: kernel.machine.statements };
  kernel.report({
    rule: 'handle-of-other-process',
    severity: 'warning',
    message: `${kernel.parts.currentCall?.name ?? 'A call'} is given the handle ${hexAddress(value)} to ${objectAt(kernel, object)?.label ?? 'an object'}, which was opened in ${owner} without OBJ_KERNEL_HANDLE: in ${here} it means nothing (STATUS_INVALID_HANDLE).`,
    history: [opened],
  });
}

/** What a handle allows; the pseudo handles of the current thread and process allow everything. */
export function accessOf(kernel: Kernel, handle: bigint, object: GuestAddress): number {
  const opened = kernel.parts.objects.handles.get(handle)?.access;
  return opened ?? grantedAccess(objectAt(kernel, object)?.type ?? 'type', MAXIMUM_ALLOWED);
}

export function addDriverReference(kernel: Kernel, object: GuestAddress): void {
  referenceObject(kernel, object);
  objectAt(kernel, object)?.driverReferences.push(currentSpan(kernel));
}
