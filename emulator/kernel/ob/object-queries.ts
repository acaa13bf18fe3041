/**
 * Questions about objects and handles (ObQueryNameString, ZwQueryObject), second handles, and processes opened by their
 * id. A name is what the object manager knows an object by: `\Device\Echo`, `\REGISTRY\MACHINE\…`, the path of a file.
 */
import type { NativeCall } from '../../machine/machine-types.ts';
import { type GuestAddress, type NativeResult, returns } from '../../machine/native.ts';
import { endCaller } from '../callers/callers.ts';
import { setCountedString, writeText } from '../guest-text.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { shownPath } from '../registry/registry-filters.ts';
import {
  STATUS_ACCESS_DENIED,
  STATUS_INFO_LENGTH_MISMATCH,
  STATUS_INVALID_CID,
  STATUS_INVALID_HANDLE,
  STATUS_INVALID_INFO_CLASS,
  STATUS_INVALID_PARAMETER_MIX,
  STATUS_OBJECT_TYPE_MISMATCH,
} from '../statuses.ts';
import { accessOf, closeHandle, handleObject, handleObjectIn, isKernelHandle, openHandle } from './handles.ts';
import { openWatchedHandle } from './object-callbacks.ts';
import { objectAt } from './objects.ts';
import { currentProcess, processId, systemProcess } from './process-context.ts';
import { currentProcessHandle, processOfHandle } from './processes.ts';

const queryBasic = 0;
const queryName = 1;
const queryType = 2;
const duplicateSameAccess = 2;
const duplicateCloseSource = 1;

/** Names of object types, as Windows gives them. */
const typeNames: Readonly<Record<string, string>> = {
  callback: 'Callback',
  device: 'Device',
  directory: 'Directory',
  driver: 'Driver',
  event: 'Event',
  file: 'File',
  key: 'Key',
  process: 'Process',
  section: 'Section',
  semaphore: 'Semaphore',
  'symbolic link': 'SymbolicLink',
  thread: 'Thread',
  timer: 'Timer',
  type: 'Type',
};

export const objectQueryApis = {
  ObQueryNameString: (kernel, { arguments: args }) => {
    kernel.memory.readU8(args.pointer(0));
    return nameInformation(kernel, args.pointer(0), args.pointer(1), args.uint(2), args.pointer(3));
  },
  ZwQueryObject: (kernel, { arguments: args }) => {
    const object = handleObject(kernel, args.uint64(0));
    const record = object === undefined ? undefined : objectAt(kernel, object);
    if (object === undefined || record === undefined) return returns(STATUS_INVALID_HANDLE);
    const [buffer, length, resultAt] = [args.pointer(2), args.uint(3), args.pointer(4)];
    switch (args.int(1)) {
      case queryBasic: {
        const size = kernel.types.sizeOf('PUBLIC_OBJECT_BASIC_INFORMATION');
        if (resultAt !== 0n) kernel.memory.writeU32(resultAt, size);
        if (length !== size) return returns(STATUS_INFO_LENGTH_MISMATCH);
        kernel.memory.fill(buffer, size, 0);
        const view = kernel.view('PUBLIC_OBJECT_BASIC_INFORMATION', buffer);
        const handles = [...kernel.parts.objects.handles.values()].filter((one) => one.object === object);
        view.set('GrantedAccess', accessOf(kernel, args.uint64(0), object));
        view.set('HandleCount', handles.length);
        view.set('PointerCount', record.references);
        return returns(0);
      }
      case queryName:
        return nameInformation(kernel, object, buffer, length, resultAt);
      case queryType: {
        const type = 'PUBLIC_OBJECT_TYPE_INFORMATION';
        return textInformation(kernel, type, 'TypeName', typeNames[record.type] ?? '', buffer, length, resultAt);
      }
      default:
        return returns(STATUS_INVALID_INFO_CLASS);
    }
  },
  ZwDuplicateObject: (kernel, { arguments: args }) => {
    for (const process of [args.uint64(0), args.uint64(2)]) {
      if (process === currentProcessHandle || (process === 0n && args.pointer(3) === 0n)) continue;
      const object = handleObject(kernel, process);
      if (object === undefined) return returns(STATUS_INVALID_HANDLE);
      if (objectAt(kernel, object)?.type !== 'process') return returns(STATUS_OBJECT_TYPE_MISMATCH);
    }
    const source = args.uint64(1);
    const object = handleObjectIn(kernel, processBehind(kernel, args.uint64(0)), source);
    if (object === undefined) return returns(STATUS_INVALID_HANDLE);
    const isSame = (args.uint(6) & duplicateSameAccess) !== 0;
    const access = isSame ? accessOf(kernel, source, object) : args.uint(4);
    if (args.pointer(3) !== 0n && /^(process|thread)$/.test(objectAt(kernel, object)?.type ?? '')) {
      if ((args.uint(6) & duplicateCloseSource) !== 0) closeSource(kernel, source, object);
      return openWatchedHandle(kernel, {
        operation: 'duplicate',
        object,
        isKernelHandle: isKernelHandle(args.uint(5)),
        access,
        handleAt: args.pointer(3),
        source: processBehind(kernel, args.uint64(0)),
        target: processBehind(kernel, args.uint64(2)),
      });
    }
    if (args.pointer(3) !== 0n) {
      const process = processBehind(kernel, args.uint64(2));
      const handle = openHandle(kernel, { object, access, attributes: args.uint(5), owner: 'driver', process });
      kernel.memory.writeU64(args.pointer(3), handle);
      const file = kernel.parts.io.files.get(object);
      if (file !== undefined) file.handles++;
    }
    if ((args.uint(6) & duplicateCloseSource) !== 0) closeSource(kernel, source, object);
    return returns(0);
  },
  ZwOpenProcess: (kernel, call) => openProcess(kernel, call),
  ZwTerminateProcess: (kernel, { arguments: args }) => {
    const object = processOfHandle(kernel, args.uint64(0));
    if (typeof object === 'object') return returns(object.status);
    if (object === systemProcess(kernel)) return returns(STATUS_ACCESS_DENIED);
    endCaller(kernel, object);
    return returns(0);
  },
} satisfies KernelApis;

function processBehind(kernel: Kernel, handle: bigint): GuestAddress {
  return handle === currentProcessHandle
    ? currentProcess(kernel)
    : (handleObject(kernel, handle) ?? systemProcess(kernel));
}

/** The name of an object; the empty text for one without. */
function objectName(kernel: Kernel, object: GuestAddress): string {
  const file = kernel.parts.files.open.get(object);
  if (file !== undefined) return file.node.path.replace(/^\\\?\?\\[a-z]:/i, '\\Device\\HarddiskVolume1');
  const opened = kernel.parts.io.files.get(object);
  if (opened !== undefined) return `${kernel.parts.io.devices.get(opened.device)?.name ?? ''}${restOf(kernel, object)}`;
  const device = kernel.parts.io.devices.get(object);
  if (device !== undefined) return device.name ?? '';
  const record = objectAt(kernel, object);
  const { path } = record?.details ?? {};
  if (typeof path === 'string') return record?.type === 'key' ? shownPath(kernel, path) : path;
  for (const [name, named] of kernel.parts.objects.names) if (named === object) return name;
  return '';
}

/** What was asked for behind the device's name. */
function restOf(kernel: Kernel, file: GuestAddress): string {
  const name = kernel.view('FILE_OBJECT', file);
  const length = name.getNumber('FileName.Length') >> 1;
  if (length === 0) return '';
  const bytes = kernel.memory.readBytes(name.getPointer('FileName.Buffer'), length * 2);
  return String.fromCharCode(...new Uint16Array(bytes.buffer, bytes.byteOffset, length));
}

function nameInformation(
  kernel: Kernel,
  object: GuestAddress,
  buffer: GuestAddress,
  length: number,
  resultAt: GuestAddress,
): NativeResult {
  const name = objectName(kernel, object);
  return textInformation(kernel, 'OBJECT_NAME_INFORMATION', 'Name', name, buffer, length, resultAt);
}

/** A structure that begins with a UNICODE_STRING whose text lies behind it, with its zero. */
function textInformation(
  kernel: Kernel,
  type: string,
  member: string,
  text: string,
  buffer: GuestAddress,
  length: number,
  resultAt: GuestAddress,
): NativeResult {
  const fixed = kernel.types.sizeOf(type);
  const total = fixed + (text === '' ? 0 : text.length * 2 + 2);
  if (resultAt !== 0n) kernel.memory.writeU32(resultAt, total);
  if (length < total) return returns(STATUS_INFO_LENGTH_MISMATCH);
  kernel.memory.fill(buffer, total, 0);
  if (text === '') return returns(0);
  const textAt = (buffer + BigInt(fixed)) as GuestAddress;
  const string = kernel.view(type, buffer).addressOf(member);
  setCountedString(kernel, string, { length: text.length * 2, room: text.length * 2 + 2, buffer: textAt });
  writeText(kernel, textAt, text, 2);
  return returns(0);
}

/** The file of the source has another handle, so that this is never its last. */
function closeSource(kernel: Kernel, source: bigint, object: GuestAddress): void {
  const file = kernel.parts.io.files.get(object);
  if (file !== undefined) file.handles--;
  closeHandle(kernel, source);
}

function openProcess(kernel: Kernel, { arguments: args }: NativeCall): NativeResult {
  const attributes = kernel.view('OBJECT_ATTRIBUTES', args.pointer(2));
  const named = attributes.getPointer('ObjectName') !== 0n;
  // By name or by id, never by both or by neither; no process of a run has a name.
  if (named || args.pointer(3) === 0n) return returns(STATUS_INVALID_PARAMETER_MIX);
  const wanted = kernel.view('CLIENT_ID', args.pointer(3)).get('UniqueProcess');
  systemProcess(kernel);
  for (const record of kernel.parts.objects.records.values()) {
    if (record.type !== 'process' || BigInt(processId(kernel, record.address)) !== wanted) continue;
    const isKernels = isKernelHandle(attributes.getNumber('Attributes'));
    const request = {
      object: record.address,
      isKernelHandle: isKernels,
      access: args.uint(1),
      handleAt: args.pointer(0),
    };
    return openWatchedHandle(kernel, { operation: 'create', ...request });
  }
  return returns(STATUS_INVALID_CID);
}
