/**
 * Devices that are open: a file object for each opening, from IRP_MJ_CREATE over IRP_MJ_CLEANUP, which comes with the last
 * handle, to IRP_MJ_CLOSE, which comes with the last reference. Requests under way and drivers hold references too.
 */

import { defined } from '../../../base/assert.ts';
import { sentence } from '../../../base/sentence.ts';
import type { Span } from '../../../base/source.ts';
import { type Continuation, type GuestAddress, type NativeResult, NULL_ADDRESS } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import { wakeKey } from '../ke/blocking.ts';
import { continueWith } from '../ke/kernel-threads.ts';
import type { ContinuationTable, Kernel } from '../kernel-types.ts';
import { grantedAccess } from '../ob/handle-access.ts';
import { kernelHandleFlag, openHandle } from '../ob/handles.ts';
import { dereferenceObject, objectAt } from '../ob/objects.ts';
import { describeAddress } from '../places.ts';
import {
  STATUS_ACCESS_DENIED,
  STATUS_NO_SUCH_DEVICE,
  STATUS_OBJECT_NAME_NOT_FOUND,
  STATUS_OBJECT_PATH_NOT_FOUND,
} from '../statuses.ts';
import { thenDone } from '../verifier/lock-records.ts';
import { resolveDevice } from './device-names.ts';
import { topOfStack } from './device-stacks.ts';
import { createFileObject, finishDelete, writeUnicodeString } from './devices.ts';
import { type CreateParameters, sendFileRequest } from './file-requests.ts';
import { closedKey } from './pnp-requests.ts';

export interface DeviceFile {
  readonly address: GuestAddress;
  readonly device: GuestAddress;
  /** As it was asked for. */
  readonly path: string;
  readonly access: number;
  readonly isUserMode: boolean;
  readonly isSynchronous: boolean;
  handles: number;
}

export interface OpenRequest extends CreateParameters {
  readonly path: string;
  readonly isUserMode: boolean;
  /** The handle is the driver's own, and a leak if it is left. */
  readonly isDrivers: boolean;
  /** OBJ_KERNEL_HANDLE or not. */
  readonly handleAttributes: number;
}

const synchronousOptions = 0x30;
/** FILE_OPEN. */
const dispositionOpen = 1;

/** An opening by a driver, as IoGetDeviceObjectPointer and the like make it. */
export function openRequest(path: string, access: number): OpenRequest {
  const rest = {
    share: 0,
    disposition: dispositionOpen,
    options: 0x60,
    attributes: 0,
    handleAttributes: kernelHandleFlag,
  };
  return { path, access: specificAccess(access), ...rest, isUserMode: false, isDrivers: false };
}

/** GENERIC_READ and the like as the rights of files that they stand for. */
export function specificAccess(access: number): number {
  return grantedAccess('file', access);
}

/** What is known while the driver answers IRP_MJ_CREATE. */
interface Opened {
  readonly file: GuestAddress;
  readonly isDrivers: boolean;
  readonly handleAttributes: number;
  readonly access: number;
  readonly then: Continuation;
}

/** Opens a device: `then` gets the status, and in its state `file` and `handle` where that is a success. */
export function openDevice(kernel: Kernel, request: OpenRequest, then: Continuation): NativeResult {
  const found = resolveDevice(kernel, request.path);
  const fail = (status: number): NativeResult => continueWith(kernel, then, BigInt(status));
  if (found === undefined)
    return fail(/\\.+\\.+\\/.test(request.path) ? STATUS_OBJECT_PATH_NOT_FOUND : STATUS_OBJECT_NAME_NOT_FOUND);
  const io = kernel.parts.io.devices.get(found.device);
  if (io === undefined || io.isDeleted || io.isDeletePending === true) return fail(STATUS_NO_SUCH_DEVICE);
  if (!mayOpen(kernel, found.device)) return fail(STATUS_NO_SUCH_DEVICE);
  const view = kernel.view('DEVICE_OBJECT', found.device);
  const flags = view.getNumber('Flags');
  if ((flags & kernel.types.constant('DO_DEVICE_INITIALIZING')) !== 0) {
    // Programs come after DriverEntry, and what it made is open to them.
    if (request.isUserMode) warnInitializing(kernel, found.device, io.createdAt);
    return fail(STATUS_NO_SUCH_DEVICE);
  }
  const isTaken = (flags & kernel.types.constant('DO_EXCLUSIVE')) !== 0 && view.getNumber('ReferenceCount') > 0;
  if (isTaken) return fail(STATUS_ACCESS_DENIED);
  const file = createFile(kernel, request, found.device, found.rest);
  view.set('ReferenceCount', view.getNumber('ReferenceCount') + 1);
  const top = topOfStack(kernel, found.device);
  const { isDrivers, handleAttributes, access } = request;
  const state = { file: file.address, isDrivers, handleAttributes, access, then };
  return sendFileRequest(
    kernel,
    { major: 'create', call: 'NtCreateFile', file, device: top, create: request, isWaited: true },
    { name: 'io.device-opened', state },
  );
}

/** A device of the scenario that is being removed, or has been, is not opened any more, and nothing in its stack is. */
function mayOpen(kernel: Kernel, device: GuestAddress): boolean {
  const top = topOfStack(kernel, device);
  for (const [base, { state }] of kernel.parts.io.answering)
    if (state !== 'there' && topOfStack(kernel, base) === top) return false;
  return true;
}

/** Only devices that DriverEntry made are let out of initialisation by the I/O manager. */
function warnInitializing(kernel: Kernel, device: GuestAddress, createdAt: Span | undefined): void {
  kernel.report({
    rule: 'device-initializing-not-cleared',
    severity: 'warning',
    span: createdAt,
    message: `${sentence(describeAddress(kernel, device))} can't be opened (STATUS_NO_SUCH_DEVICE): DO_DEVICE_INITIALIZING is still set in it. A device that is not made in DriverEntry must have the flag cleared by its driver.`,
    also: ['C28152', '0xC9/0x243'],
    bugCheck: bugCheck('DRIVER_VERIFIER_IOMANAGER_VIOLATION', 0x243, device),
  });
}

/** Closes a handle to a device: cleanup with the last handle, close with the last reference. */
export function closeDeviceHandle(kernel: Kernel, handle: bigint, then: Continuation): NativeResult {
  const { handles } = kernel.parts.objects;
  const record = defined(handles.get(handle), 'an open handle');
  const file = defined(kernel.parts.io.files.get(record.object), 'the file of a handle');
  handles.delete(handle);
  file.handles--;
  const state = { file: file.address, then };
  const next: Continuation = { name: 'io.device-cleaned-up', state };
  if (file.handles > 0) return continueWith(kernel, next, 0n);
  const device = topOfStack(kernel, file.device);
  return sendFileRequest(kernel, { major: 'cleanup', call: 'NtClose', file, device, isWaited: true }, next);
}

export const deviceFileContinuations = {
  'io.device-opened': (kernel, _thread, given, value) => {
    const state = given as unknown as Opened;
    const file = defined(kernel.parts.io.files.get(state.file), 'the file that is opened');
    if (Number(BigInt.asIntN(32, value)) < 0) {
      forgetFile(kernel, file);
      dereferenceObject(kernel, file.address);
      return continueWith(kernel, state.then, value);
    }
    const view = kernel.view('FILE_OBJECT', file.address);
    view.set('Flags', view.getNumber('Flags') | kernel.types.constant('FO_HANDLE_CREATED'));
    const object = defined(objectAt(kernel, file.address), 'the file object');
    object.beforeDelete = { name: 'io.device-closing', state: { file: file.address } };
    const handle = openHandle(kernel, {
      object: file.address,
      access: state.access,
      attributes: state.handleAttributes,
      owner: state.isDrivers ? 'driver' : 'program',
    });
    file.handles = 1;
    // From here on the handle keeps it.
    dereferenceObject(kernel, file.address);
    const { then } = state;
    const withFile = { name: then.name, state: { ...then.state, file: file.address, handle } };
    return continueWith(kernel, withFile, value);
  },
  'io.device-cleaned-up': (kernel, _thread, given) => {
    const state = given as unknown as { file: GuestAddress; then: Continuation };
    const object = defined(objectAt(kernel, state.file), 'the file object');
    const file = defined(kernel.parts.io.files.get(state.file), 'the file of a handle');
    if (file.handles === 0) {
      const view = kernel.view('FILE_OBJECT', state.file);
      view.set('Flags', view.getNumber('Flags') | kernel.types.constant('FO_CLEANUP_COMPLETE'));
    }
    if (object.references > 1) {
      dereferenceObject(kernel, state.file);
      return continueWith(kernel, state.then, 0n);
    }
    // The last reference: the close comes in the thread of whoever gave it up.
    object.beforeDelete = undefined;
    return sendClose(kernel, file, { name: 'io.device-closed', state: { ...state } });
  },
  /** A request or a driver held the last reference: the system closes the file. */
  'io.device-closing': (kernel, _thread, state) => {
    const file = defined(kernel.parts.io.files.get(state.file as GuestAddress), 'the file that closes');
    const then = thenDone;
    return sendClose(kernel, file, { name: 'io.device-closed', state: { file: file.address, then } });
  },
  'io.device-closed': (kernel, _thread, given) => {
    const state = given as unknown as { file: GuestAddress; then: Continuation };
    const file = defined(kernel.parts.io.files.get(state.file), 'the file that closes');
    forgetFile(kernel, file);
    dereferenceObject(kernel, file.address);
    return continueWith(kernel, state.then, 0n);
  },
} satisfies ContinuationTable;

/** A program's file is there still: its device has not seen the end of its close. */
export function areFilesOpen(kernel: Kernel): boolean {
  for (const { isUserMode } of kernel.parts.io.files.values()) if (isUserMode) return true;
  return false;
}

function sendClose(kernel: Kernel, file: DeviceFile, then: Continuation): NativeResult {
  const device = topOfStack(kernel, file.device);
  return sendFileRequest(kernel, { major: 'close', call: 'NtClose', file, device, isWaited: true }, then);
}

function createFile(kernel: Kernel, request: OpenRequest, device: GuestAddress, rest: string): DeviceFile {
  const address = createFileObject(kernel, device, `file object of ${request.path}`);
  const view = kernel.view('FILE_OBJECT', address);
  if (rest !== '') writeUnicodeString(kernel, view.addressOf('FileName'), rest);
  const isSynchronous = (request.options & synchronousOptions) !== 0;
  view.set('Flags', isSynchronous ? kernel.types.constant('FO_SYNCHRONOUS_IO') : 0);
  view.set('ReadAccess', (request.access & 0x1) === 0 ? 0 : 1);
  view.set('WriteAccess', (request.access & 0x6) === 0 ? 0 : 1);
  view.set('SharedRead', request.share & 1);
  view.set('SharedWrite', (request.share >> 1) & 1);
  view.set('SharedDelete', (request.share >> 2) & 1);
  view.set('RelatedFileObject', NULL_ADDRESS);
  const { path, access, isUserMode } = request;
  const file: DeviceFile = { address, device, path, access, isUserMode, isSynchronous, handles: 0 };
  kernel.parts.io.files.set(address, file);
  return file;
}

/** The device is open once less; one that was deleted meanwhile goes now. */
function forgetFile(kernel: Kernel, file: DeviceFile): void {
  kernel.parts.io.files.delete(file.address);
  wakeKey(kernel, closedKey, 0n);
  const io = kernel.parts.io.devices.get(file.device);
  if (io === undefined || io.isDeleted) return;
  const view = kernel.view('DEVICE_OBJECT', file.device);
  const count = Math.max(0, view.getNumber('ReferenceCount') - 1);
  view.set('ReferenceCount', count);
  finishDelete(kernel, io);
}
