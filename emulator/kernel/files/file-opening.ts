/**
 * Opening and deleting by name: ZwCreateFile and its relatives. A path of a drive leads to the run's file system in memory,
 * any other to a device, whose driver gets a request. Access, sharing and disposition are held against what is there.
 */
import type { NativeCall } from '../../machine/machine-types.ts';
import { type GuestAddress, type NativeResult, returns } from '../../machine/native.ts';
import { unicodeString } from '../guest-text.ts';
import { openDevice, specificAccess } from '../io/device-files.ts';
import { createDispatcher } from '../ke/dispatcher.ts';
import { systemTimeNow } from '../ke/system-time.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable, Kernel } from '../kernel-types.ts';
import { handleAttributes, openHandle, warnProgramHandle } from '../ob/handles.ts';
import { createObject, dereferenceObject } from '../ob/objects.ts';
import {
  STATUS_ACCESS_DENIED,
  STATUS_DELETE_PENDING,
  STATUS_FILE_IS_A_DIRECTORY,
  STATUS_INVALID_PARAMETER,
  STATUS_NOT_A_DIRECTORY,
  STATUS_OBJECT_NAME_COLLISION,
  STATUS_OBJECT_NAME_INVALID,
  STATUS_OBJECT_NAME_NOT_FOUND,
  STATUS_OBJECT_PATH_NOT_FOUND,
  STATUS_OBJECT_PATH_SYNTAX_BAD,
  STATUS_SHARING_VIOLATION,
} from '../statuses.ts';
import {
  attributeReadOnly,
  type FileNode,
  isFilePath,
  newNode,
  nodeAt,
  normalPath,
  parentOf,
  removeNode,
} from './file-system.ts';
import { deletable, fileOf, finish, rightAppend, rightRead, rightWrite } from './open-files.ts';

const disposition = { supersede: 0, open: 1, create: 2, openIf: 3, overwrite: 4, overwriteIf: 5 };
const result = { superseded: 0, opened: 1, created: 2, overwritten: 3 };
const optionDirectory = 0x1;
const optionSynchronous = 0x30;
const optionNonDirectory = 0x40;
const optionDeleteOnClose = 0x1000;
const rightDelete = 0x1_0000;
const rightSynchronize = 0x10_0000;

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

export const fileOpeningApis = {
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
  /** What follows the arguments of ZwCreateFile is for named pipes, mailslots and filters. */
  IoCreateFile: (kernel, call) => openForDriver(kernel, call),
  IoCreateFileEx: (kernel, call) => openForDriver(kernel, call),
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

export const fileContinuations = {
  'file.device-opened': (kernel, _thread, state, value) => {
    const status = Number(BigInt.asIntN(32, value));
    if (status < 0) return returns(status);
    kernel.memory.writeU64(state.handleAt as GuestAddress, state.handle as bigint);
    return finish(kernel, state.iosb as GuestAddress, status, result.opened);
  },
} satisfies ContinuationTable;

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
