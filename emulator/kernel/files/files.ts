/**
 * Files and devices as drivers open and use them by handle: ZwCreateFile, ZwReadFile and their relatives. A path of a drive
 * leads to the run's file system in memory, any other to a device, whose driver gets a request. Nothing touches the host.
 */
import { defined } from '../../../base/assert.ts';
import type { NativeCall } from '../../machine/machine-types.ts';
import {
  type Continuation,
  type GuestAddress,
  type NativeResult,
  NULL_ADDRESS,
  returns,
} from '../../machine/native.ts';
import { unicodeString } from '../guest-text.ts';
import { closeDeviceHandle, type DeviceFile, openDevice, specificAccess } from '../io/device-files.ts';
import { topOfStack } from '../io/devices.ts';
import { sendFileRequest } from '../io/file-requests.ts';
import { createDispatcher, setSignal } from '../ke/dispatcher.ts';
import { systemTimeNow } from '../ke/system-time.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable, Kernel } from '../kernel-types.ts';
import { handleAttributes, handleHere, handleObject, openHandle, warnProgramHandle } from '../ob/handles.ts';
import { createObject, dereferenceObject, objectAt } from '../ob/objects.ts';
import {
  STATUS_ACCESS_DENIED,
  STATUS_CANNOT_DELETE,
  STATUS_DELETE_PENDING,
  STATUS_DISK_FULL,
  STATUS_END_OF_FILE,
  STATUS_FILE_IS_A_DIRECTORY,
  STATUS_INVALID_DEVICE_REQUEST,
  STATUS_INVALID_HANDLE,
  STATUS_INVALID_PARAMETER,
  STATUS_NOT_A_DIRECTORY,
  STATUS_OBJECT_NAME_COLLISION,
  STATUS_OBJECT_NAME_INVALID,
  STATUS_OBJECT_NAME_NOT_FOUND,
  STATUS_OBJECT_PATH_NOT_FOUND,
  STATUS_OBJECT_PATH_SYNTAX_BAD,
  STATUS_OBJECT_TYPE_MISMATCH,
  STATUS_SHARING_VIOLATION,
} from '../statuses.ts';
import {
  attributeReadOnly,
  childrenOf,
  type FileNode,
  isFilePath,
  newNode,
  nodeAt,
  normalPath,
  type OpenFile,
  parentOf,
  removeNode,
  resize,
} from './file-system.ts';

const disposition = { supersede: 0, open: 1, create: 2, openIf: 3, overwrite: 4, overwriteIf: 5 };
const result = { superseded: 0, opened: 1, created: 2, overwritten: 3 };
const optionDirectory = 0x1;
const optionSynchronous = 0x30;
const optionNonDirectory = 0x40;
const optionDeleteOnClose = 0x1000;
const rightRead = 0x1;
const rightWrite = 0x2;
const rightAppend = 0x4;
const rightDelete = 0x1_0000;
const rightSynchronize = 0x10_0000;
const writeToEnd = -1n;
const usePointer = -2n;

interface Opening {
  readonly handleAt: GuestAddress;
  readonly handleAttributes: number;
  readonly iosb: GuestAddress;
  readonly path: string;
  readonly access: number;
  readonly attributes: number;
  readonly share: number;
  readonly disposition: number;
  readonly options: number;
}

export const fileApis = {
  ZwCreateFile: (kernel, call) => openAsTold(kernel, call),
  ZwOpenFile: (kernel, call) => {
    const { arguments: args } = call;
    return open(kernel, call, {
      share: args.uint(4),
      disposition: disposition.open,
      options: args.uint(5),
      attributes: 0,
    });
  },
  ZwReadFile: (kernel, call) => transfer(kernel, call, 'read'),
  ZwWriteFile: (kernel, call) => transfer(kernel, call, 'write'),
  ZwDeviceIoControlFile: (kernel, call) => control(kernel, call, 'control'),
  /** No file system control is known to the run's own volume. */
  ZwFsControlFile: (kernel, call) => control(kernel, call, 'fs-control'),
  /** What follows the arguments of ZwCreateFile is for named pipes, mailslots and filters. */
  IoCreateFile: (kernel, call) => openForDriver(kernel, call),
  IoCreateFileEx: (kernel, call) => openForDriver(kernel, call),
  ZwFlushBuffersFile: (kernel, { name, arguments: args }) => {
    const file = fileOf(kernel, args.uint64(0));
    if (typeof file === 'number') return returns(file);
    const iosb = args.pointer(1);
    if (file.kind === 'file') return finish(kernel, iosb, 0, 0);
    const device = topOfStack(kernel, file.device.device);
    return sendFileRequest(
      kernel,
      { major: 'flush', call: name, file: file.device, device, iosb, isWaited: true },
      dispatched,
    );
  },
  ZwDeleteFile: (kernel, { arguments: args }) => {
    const path = pathOf(kernel, args.pointer(0));
    if (typeof path === 'number') return returns(path);
    const node = nodeAt(kernel.parts.files, path);
    if (node === undefined) return returns(STATUS_OBJECT_NAME_NOT_FOUND);
    const status = deletable(kernel, node);
    if (status === 0) removeNode(kernel.parts.files, node);
    return returns(status);
  },
} satisfies KernelApis;

/** CreateFileTypeNone: neither a named pipe nor a mailslot, which the run has none of. */
const createFileTypeNone = 0;

function openForDriver(kernel: Kernel, call: NativeCall): NativeResult {
  return call.arguments.int(11) === createFileTypeNone ? openAsTold(kernel, call) : returns(STATUS_INVALID_PARAMETER);
}

function openAsTold(kernel: Kernel, call: NativeCall): NativeResult {
  const { arguments: args } = call;
  return open(kernel, call, {
    share: args.uint(6),
    disposition: args.uint(7),
    options: args.uint(8),
    attributes: args.uint(5),
  });
}

function control(kernel: Kernel, { name, arguments: args }: NativeCall, major: 'control' | 'fs-control'): NativeResult {
  const file = fileOf(kernel, args.uint64(0));
  if (typeof file === 'number') return returns(file);
  if (file.kind === 'file') return returns(STATUS_INVALID_DEVICE_REQUEST);
  const event = eventOf(kernel, args.uint64(1));
  if (event === undefined) return returns(STATUS_INVALID_HANDLE);
  const [input, output] = [args.pointer(6), args.pointer(8)];
  return sendFileRequest(
    kernel,
    {
      major,
      call: name,
      file: file.device,
      device: topOfStack(kernel, file.device.device),
      code: args.uint(5),
      ...(input === 0n ? {} : { input: { address: input, length: args.uint(7) } }),
      ...(output === 0n ? {} : { output: { address: output, length: args.uint(9) } }),
      event,
      iosb: args.pointer(4),
      isWaited: file.device.isSynchronous,
    },
    dispatched,
  );
}

/** A request's status is what the Zw function returns. */
const dispatched: Continuation = { name: 'io.dispatched', state: {} };

export const fileContinuations = {
  'file.device-opened': (kernel, _thread, state, value) => {
    const status = Number(BigInt.asIntN(32, value));
    if (status < 0) return returns(status);
    kernel.memory.writeU64(state.handleAt as GuestAddress, state.handle as bigint);
    return finish(kernel, state.iosb as GuestAddress, status, result.opened);
  },
} satisfies ContinuationTable;

/** What a handle stands for: a file of the file system, an open device, or the status of a handle that is neither. */
export function fileOf(
  kernel: Kernel,
  handle: bigint,
):
  | { readonly kind: 'file'; readonly file: OpenFile; readonly object: GuestAddress }
  | { readonly kind: 'device'; readonly device: DeviceFile }
  | number {
  const object = handleObject(kernel, handle);
  if (object === undefined) return STATUS_INVALID_HANDLE;
  const file = kernel.parts.files.open.get(object);
  if (file !== undefined) return { kind: 'file', file, object };
  const device = kernel.parts.io.files.get(object);
  return device === undefined ? STATUS_OBJECT_TYPE_MISMATCH : { kind: 'device', device };
}

/** ZwClose of a handle to a file or a device; undefined for other handles. */
export function closeFileHandle(kernel: Kernel, handle: bigint): NativeResult | undefined {
  const object = handleHere(kernel, handle)?.object;
  if (object === undefined) return undefined;
  if (kernel.parts.io.files.has(object))
    return closeDeviceHandle(kernel, handle, { name: 'kernel.return', state: { value: 0 } });
  const file = kernel.parts.files.open.get(object);
  if (file === undefined) return undefined;
  kernel.parts.objects.handles.delete(handle);
  const { references } = defined(objectAt(kernel, object), 'the file object');
  if (references === 1) closeFile(kernel, object, file);
  dereferenceObject(kernel, object);
  return returns(0);
}

/** Writes the status block of a call that is over. */
export function finish(kernel: Kernel, iosb: GuestAddress, status: number, information: number): NativeResult {
  const view = kernel.view('IO_STATUS_BLOCK', iosb);
  view.set('Status', status);
  view.set('Information', information);
  return returns(status);
}

/** Whether a file may be deleted: 0, or the status that says why not. */
export function deletable(kernel: Kernel, node: FileNode): number {
  if ((node.attributes & attributeReadOnly) !== 0) return STATUS_CANNOT_DELETE;
  if (node.isDirectory && childrenOf(kernel.parts.files, node).length > 0) return 0xc0000101 | 0;
  return 0;
}

function closeFile(kernel: Kernel, object: GuestAddress, file: OpenFile): void {
  const { files } = kernel.parts;
  files.open.delete(object);
  if (file.deletesOnClose) file.node.isDeletePending = true;
  const isOpen = [...files.open.values()].some(({ node }) => node === file.node);
  if (file.node.isDeletePending && !isOpen) removeNode(files, file.node);
}

function open(
  kernel: Kernel,
  { name, arguments: args }: NativeCall,
  how: Pick<Opening, 'share' | 'disposition' | 'options' | 'attributes'>,
): NativeResult {
  const path = pathOf(kernel, args.pointer(2));
  if (typeof path === 'number') return returns(path);
  const access = specificAccess(args.uint(1));
  const handle = { handleAt: args.pointer(0), handleAttributes: handleAttributes(kernel, args.pointer(2)) };
  const opening: Opening = { ...handle, iosb: args.pointer(3), path, access, ...how };
  // Windows asks for the right itself, before GENERIC_READ stands for it.
  if ((opening.options & optionSynchronous) !== 0 && (args.uint(1) & rightSynchronize) === 0)
    return returns(STATUS_INVALID_PARAMETER);
  warnProgramHandle(kernel, name, handle.handleAttributes);
  if (isFilePath(path)) return openFile(kernel, opening);
  const { share, disposition: wanted, options, attributes } = opening;
  const owner = { isUserMode: false, isDrivers: true, handleAttributes: opening.handleAttributes };
  const request = { path, access, share, disposition: wanted, options, attributes, ...owner };
  const state = { handleAt: opening.handleAt, iosb: opening.iosb };
  return openDevice(kernel, request, { name: 'file.device-opened', state });
}

/** The path of OBJECT_ATTRIBUTES, under its root folder where there is one. */
function pathOf(kernel: Kernel, attributes: GuestAddress): string | number {
  const view = kernel.view('OBJECT_ATTRIBUTES', attributes);
  const nameAt = view.getPointer('ObjectName');
  const name = nameAt === 0n ? '' : unicodeString(kernel, nameAt);
  const root = view.get('RootDirectory');
  if (root === 0n) return name.startsWith('\\') ? name : STATUS_OBJECT_PATH_SYNTAX_BAD;
  if (name.startsWith('\\')) return STATUS_OBJECT_NAME_INVALID;
  const parent = fileOf(kernel, root);
  if (typeof parent === 'number') return parent;
  return `${parent.kind === 'file' ? parent.file.node.path : parent.device.path}\\${name}`;
}

function openFile(kernel: Kernel, opening: Opening): NativeResult {
  const { files } = kernel.parts;
  const { disposition: wanted, options, access, share } = opening;
  const path = normalPath(opening.path);
  const old = nodeAt(files, path);
  const refused = old === undefined ? refuseNew(kernel, path, opening) : refuseOld(kernel, old, opening);
  if (refused !== 0) return returns(refused);
  const now = systemTimeNow(kernel);
  let information = old === undefined ? result.created : result.opened;
  let node = old;
  if (node === undefined) {
    const isDirectory = (options & optionDirectory) !== 0;
    node = newNode(path, { isDirectory, now, attributes: opening.attributes & 0x27 });
    files.nodes.set(path.toLowerCase(), node);
  } else if (
    wanted === disposition.supersede ||
    wanted === disposition.overwrite ||
    wanted === disposition.overwriteIf
  ) {
    node.bytes = new Uint8Array();
    node.writtenAt = now;
    information = wanted === disposition.supersede ? result.superseded : result.overwritten;
  }
  const object = createObject(kernel, 'file', `file ${path}`, kernel.types.sizeOf('FILE_OBJECT'));
  const view = kernel.view('FILE_OBJECT', object);
  view.set('Type', 5);
  view.set('Size', kernel.types.sizeOf('FILE_OBJECT'));
  createDispatcher(kernel, view.addressOf('Event'), 'notification event', 0);
  files.open.set(object, {
    node,
    access,
    share,
    isSynchronous: (options & optionSynchronous) !== 0,
    deletesOnClose: (options & optionDeleteOnClose) !== 0,
    offset: 0,
    listed: 0,
    pattern: undefined,
  });
  kernel.memory.writeU64(
    opening.handleAt,
    openHandle(kernel, { object, access: opening.access, attributes: opening.handleAttributes, owner: 'driver' }),
  );
  dereferenceObject(kernel, object);
  return finish(kernel, opening.iosb, 0, information);
}

function refuseNew(kernel: Kernel, path: string, { disposition: wanted }: Opening): number {
  const parent = nodeAt(kernel.parts.files, parentOf(path));
  if (parent === undefined) return STATUS_OBJECT_PATH_NOT_FOUND;
  if (!parent.isDirectory) return STATUS_OBJECT_PATH_NOT_FOUND;
  if (/[<>"|*?]/.test(path.slice(4))) return STATUS_OBJECT_NAME_INVALID;
  return wanted === disposition.open || wanted === disposition.overwrite ? STATUS_OBJECT_NAME_NOT_FOUND : 0;
}

function refuseOld(kernel: Kernel, node: FileNode, { disposition: wanted, options, access, share }: Opening): number {
  if (node.isDeletePending) return STATUS_DELETE_PENDING;
  if (wanted === disposition.create) return STATUS_OBJECT_NAME_COLLISION;
  if (node.isDirectory && (options & optionNonDirectory) !== 0) return STATUS_FILE_IS_A_DIRECTORY;
  if (!node.isDirectory && (options & optionDirectory) !== 0) return STATUS_NOT_A_DIRECTORY;
  const isReplaced = wanted !== disposition.open && wanted !== disposition.openIf;
  if (node.isDirectory && isReplaced) return STATUS_OBJECT_NAME_COLLISION;
  const writes = (access & (rightWrite | rightAppend)) !== 0;
  if ((node.attributes & attributeReadOnly) !== 0 && (writes || isReplaced)) return STATUS_ACCESS_DENIED;
  for (const other of kernel.parts.files.open.values())
    if (other.node === node && (!agrees(access, other.share) || !agrees(other.access, share)))
      return STATUS_SHARING_VIOLATION;
  return 0;
}

/** Whether an opening with these rights may be beside one that shares so. */
function agrees(access: number, share: number): boolean {
  if ((access & rightRead) !== 0 && (share & 1) === 0) return false;
  if ((access & (rightWrite | rightAppend)) !== 0 && (share & 2) === 0) return false;
  return (access & rightDelete) === 0 || (share & 4) !== 0;
}

function eventOf(kernel: Kernel, handle: bigint): GuestAddress | undefined {
  return handle === 0n ? NULL_ADDRESS : handleObject(kernel, handle);
}

function transfer(kernel: Kernel, { name, arguments: args }: NativeCall, major: 'read' | 'write'): NativeResult {
  const opened = fileOf(kernel, args.uint64(0));
  if (typeof opened === 'number') return returns(opened);
  const event = eventOf(kernel, args.uint64(1));
  if (event === undefined) return returns(STATUS_INVALID_HANDLE);
  const [iosb, address, length, offsetAt] = [args.pointer(4), args.pointer(5), args.uint(6), args.pointer(7)];
  const given = offsetAt === 0n ? undefined : BigInt.asIntN(64, kernel.memory.readU64(offsetAt));
  if (opened.kind === 'device') {
    const range = { address, length };
    return sendFileRequest(
      kernel,
      {
        major,
        call: name,
        file: opened.device,
        device: topOfStack(kernel, opened.device.device),
        ...(major === 'read' ? { output: range } : { input: range }),
        offset: given ?? 0n,
        event,
        iosb,
        isWaited: opened.device.isSynchronous,
      },
      dispatched,
    );
  }
  const { file } = opened;
  const needed = major === 'read' ? rightRead : rightWrite | rightAppend;
  if ((file.access & needed) === 0) return returns(STATUS_ACCESS_DENIED);
  if (file.node.isDirectory) return returns(STATUS_INVALID_DEVICE_REQUEST);
  const offset = offsetOf(file, given, major);
  if (offset === undefined) return returns(STATUS_INVALID_PARAMETER);
  if (event !== 0n) setSignal(kernel, event, 1);
  return major === 'read'
    ? readFile(kernel, file, { iosb, address, length, offset })
    : writeFile(kernel, file, { iosb, address, length, offset });
}

/** Where a transfer begins; undefined where its caller has not said so. */
function offsetOf(file: OpenFile, given: bigint | undefined, major: 'read' | 'write'): number | undefined {
  const isAppendOnly = (file.access & rightWrite) === 0;
  if (major === 'write' && (isAppendOnly || given === writeToEnd)) return file.node.bytes.length;
  if (given === undefined || given === usePointer) return file.isSynchronous ? file.offset : undefined;
  return given < 0n || given > 0x7fff_ffffn ? undefined : Number(given);
}

interface Transfer {
  readonly iosb: GuestAddress;
  readonly address: GuestAddress;
  readonly length: number;
  readonly offset: number;
}

function readFile(kernel: Kernel, file: OpenFile, { iosb, address, length, offset }: Transfer): NativeResult {
  const bytes = file.node.bytes.subarray(offset, offset + length);
  if (length > 0 && bytes.length === 0) return finish(kernel, iosb, STATUS_END_OF_FILE, 0);
  if (bytes.length > 0) kernel.memory.writeBytes(address, bytes);
  if (file.isSynchronous) file.offset = offset + bytes.length;
  return finish(kernel, iosb, 0, bytes.length);
}

function writeFile(kernel: Kernel, file: OpenFile, { iosb, address, length, offset }: Transfer): NativeResult {
  const { node } = file;
  const bytes = length === 0 ? new Uint8Array() : kernel.memory.readBytes(address, length);
  const end = offset + length;
  if (end > node.bytes.length && !resize(kernel.parts.files, node, end)) return returns(STATUS_DISK_FULL);
  node.bytes.set(bytes, offset);
  node.writtenAt = systemTimeNow(kernel);
  if (file.isSynchronous) file.offset = end;
  return finish(kernel, iosb, 0, length);
}
