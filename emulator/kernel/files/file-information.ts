/** What a file says of itself and what can be set of it: times, sizes, position, name, deletion; the entries of a folder. */
import type { NativeCall } from '../../machine/machine-types.ts';
import { type GuestAddress, type NativeResult, returns } from '../../machine/native.ts';
import { readText, unicodeString, writeText } from '../guest-text.ts';
import { setSignal } from '../ke/dispatcher.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel, StructView } from '../kernel-types.ts';
import { handleObject } from '../ob/handles.ts';
import {
  STATUS_ACCESS_DENIED,
  STATUS_BUFFER_OVERFLOW,
  STATUS_DISK_FULL,
  STATUS_INFO_LENGTH_MISMATCH,
  STATUS_INVALID_DEVICE_REQUEST,
  STATUS_INVALID_INFO_CLASS,
  STATUS_INVALID_PARAMETER,
  STATUS_NO_MORE_FILES,
  STATUS_NO_SUCH_FILE,
  STATUS_OBJECT_NAME_COLLISION,
  STATUS_OBJECT_PATH_NOT_FOUND,
} from '../statuses.ts';
import {
  attributeDirectory,
  childrenOf,
  type FileNode,
  leafOf,
  nodeAt,
  normalPath,
  type OpenFile,
  parentOf,
  removeNode,
  resize,
} from './file-system.ts';
import { deletable, fileOf, finish } from './open-files.ts';

const clusterBytes = 4096;
const rightWriteData = 0x2;
const rightDelete = 0x1_0000;

/** Values of FILE_INFORMATION_CLASS. */
const kind = {
  basic: 4,
  standard: 5,
  name: 9,
  rename: 10,
  disposition: 13,
  position: 14,
  allocation: 19,
  end: 20,
  open: 34,
};
/** Structures of a folder's entries. */
const entryTypes = new Map([
  [1, 'FILE_DIRECTORY_INFORMATION'],
  [2, 'FILE_FULL_DIR_INFORMATION'],
  [3, 'FILE_BOTH_DIR_INFORMATION'],
  [12, 'FILE_NAMES_INFORMATION'],
]);

export const fileInformationApis = {
  ZwQueryInformationFile: (kernel, { arguments: args }) => {
    const opened = fileOf(kernel, args.uint64(0));
    if (typeof opened === 'number') return returns(opened);
    if (opened.kind === 'device') return returns(STATUS_INVALID_DEVICE_REQUEST);
    return query(kernel, opened.file, args.pointer(1), args.pointer(2), args.uint(3), args.int(4));
  },
  ZwSetInformationFile: (kernel, { arguments: args }) => {
    const opened = fileOf(kernel, args.uint64(0));
    if (typeof opened === 'number') return returns(opened);
    if (opened.kind === 'device') return returns(STATUS_INVALID_DEVICE_REQUEST);
    const status = set(kernel, opened.file, args.pointer(2), args.uint(3), args.int(4));
    return status < 0 ? returns(status) : finish(kernel, args.pointer(1), status, 0);
  },
  ZwQueryDirectoryFile: (kernel, call) => list(kernel, call),
} satisfies KernelApis;

function allocationSize({ bytes }: FileNode): number {
  return Math.ceil(bytes.length / clusterBytes) * clusterBytes;
}

function query(
  kernel: Kernel,
  file: OpenFile,
  iosb: GuestAddress,
  buffer: GuestAddress,
  length: number,
  wanted: number,
): NativeResult {
  const { node } = file;
  const fill = (type: string, write: (view: StructView) => void): NativeResult => {
    const size = kernel.types.sizeOf(type);
    if (length < size) return returns(STATUS_INFO_LENGTH_MISMATCH);
    kernel.memory.fill(buffer, size, 0);
    write(kernel.view(type, buffer));
    return finish(kernel, iosb, 0, size);
  };
  switch (wanted) {
    case kind.basic:
      return fill('FILE_BASIC_INFORMATION', (view) => {
        setTimes(view, node);
        view.set('FileAttributes', node.attributes);
      });
    case kind.standard:
      return fill('FILE_STANDARD_INFORMATION', (view) => {
        view.set('AllocationSize', allocationSize(node));
        view.set('EndOfFile', node.bytes.length);
        view.set('NumberOfLinks', 1);
        view.set('DeletePending', node.isDeletePending ? 1 : 0);
        view.set('Directory', node.isDirectory ? 1 : 0);
      });
    case kind.position:
      return fill('FILE_POSITION_INFORMATION', (view) => view.set('CurrentByteOffset', file.offset));
    case kind.open:
      return fill('FILE_NETWORK_OPEN_INFORMATION', (view) => {
        setTimes(view, node);
        view.set('AllocationSize', allocationSize(node));
        view.set('EndOfFile', node.bytes.length);
        view.set('FileAttributes', node.attributes);
      });
    case kind.name: {
      const name = node.path.replace(/^\\\?\?\\[a-z]:/i, '') || '\\';
      const fixed = kernel.types.offsetOf('FILE_NAME_INFORMATION', 'FileName');
      if (length < fixed) return returns(STATUS_INFO_LENGTH_MISMATCH);
      kernel.view('FILE_NAME_INFORMATION', buffer).set('FileNameLength', name.length * 2);
      const fits = Math.min(name.length, (length - fixed) >> 1);
      writeText(kernel, plus(buffer, fixed), name.slice(0, fits), 2);
      return finish(kernel, iosb, fits < name.length ? STATUS_BUFFER_OVERFLOW : 0, fixed + fits * 2);
    }
    default:
      return returns(STATUS_INVALID_INFO_CLASS);
  }
}

function setTimes(view: StructView, node: FileNode): void {
  view.set('CreationTime', node.createdAt);
  view.set('LastAccessTime', node.writtenAt);
  view.set('LastWriteTime', node.writtenAt);
  view.set('ChangeTime', node.writtenAt);
}

/** The status of a setting. */
function set(kernel: Kernel, file: OpenFile, buffer: GuestAddress, length: number, wanted: number): number {
  const { node } = file;
  switch (wanted) {
    case kind.basic: {
      if (length < kernel.types.sizeOf('FILE_BASIC_INFORMATION')) return STATUS_INFO_LENGTH_MISMATCH;
      const view = kernel.view('FILE_BASIC_INFORMATION', buffer);
      const attributes = view.getNumber('FileAttributes');
      if (attributes !== 0) node.attributes = (attributes & ~0x80) | (node.attributes & attributeDirectory);
      if (view.get('CreationTime') !== 0n) node.createdAt = view.get('CreationTime');
      if (view.get('LastWriteTime') !== 0n) node.writtenAt = view.get('LastWriteTime');
      return 0;
    }
    case kind.disposition: {
      if (length < 1) return STATUS_INFO_LENGTH_MISMATCH;
      if ((file.access & rightDelete) === 0) return STATUS_ACCESS_DENIED;
      const isDeleted = kernel.memory.readU8(buffer) !== 0;
      const status = isDeleted ? deletable(kernel, node) : 0;
      if (status === 0) node.isDeletePending = isDeleted;
      return status;
    }
    case kind.position: {
      if (length < 8) return STATUS_INFO_LENGTH_MISMATCH;
      const offset = BigInt.asIntN(64, kernel.memory.readU64(buffer));
      if (offset < 0n || offset > 0x7fff_ffffn) return STATUS_INVALID_PARAMETER;
      file.offset = Number(offset);
      return 0;
    }
    case kind.end:
    case kind.allocation: {
      if (length < 8) return STATUS_INFO_LENGTH_MISMATCH;
      if ((file.access & rightWriteData) === 0) return STATUS_ACCESS_DENIED;
      const size = BigInt.asIntN(64, kernel.memory.readU64(buffer));
      if (size < 0n) return STATUS_INVALID_PARAMETER;
      if (size > 0x7fff_ffffn) return STATUS_DISK_FULL;
      // Space that is set aside changes the file only where it is less than its bytes.
      if (wanted === kind.allocation && size >= BigInt(node.bytes.length)) return 0;
      return resize(kernel.parts.files, node, Number(size)) ? 0 : STATUS_DISK_FULL;
    }
    case kind.rename:
      return rename(kernel, file, buffer, length);
    default:
      return STATUS_INVALID_INFO_CLASS;
  }
}

/** FILE_RENAME_INFORMATION: BOOLEAN, HANDLE at 8, length at 16, the name at 20. */
function rename(kernel: Kernel, { node, access }: OpenFile, buffer: GuestAddress, length: number): number {
  if (length < 20) return STATUS_INFO_LENGTH_MISMATCH;
  if ((access & rightDelete) === 0) return STATUS_ACCESS_DENIED;
  const nameLength = kernel.memory.readU32(plus(buffer, 16));
  if (20 + nameLength > length) return STATUS_INFO_LENGTH_MISMATCH;
  const name = readText(kernel, plus(buffer, 20), { unit: 2, limit: nameLength >> 1, isCounted: true });
  const path = name.includes('\\') ? normalPath(name) : `${parentOf(node.path)}\\${name}`;
  const { files } = kernel.parts;
  if (nodeAt(files, parentOf(path)) === undefined) return STATUS_OBJECT_PATH_NOT_FOUND;
  const other = nodeAt(files, path);
  if (other !== undefined && other !== node) {
    if (kernel.memory.readU8(buffer) === 0) return STATUS_OBJECT_NAME_COLLISION;
    removeNode(files, other);
  }
  removeNode(files, node);
  node.path = path;
  files.nodes.set(path.toLowerCase(), node);
  return 0;
}

function list(kernel: Kernel, { arguments: args }: NativeCall): NativeResult {
  const opened = fileOf(kernel, args.uint64(0));
  if (typeof opened === 'number') return returns(opened);
  if (opened.kind === 'device') return returns(STATUS_INVALID_DEVICE_REQUEST);
  const { file } = opened;
  if (!file.node.isDirectory) return returns(STATUS_INVALID_PARAMETER);
  const type = entryTypes.get(args.int(7));
  if (type === undefined) return returns(STATUS_INVALID_INFO_CLASS);
  const isFirst = file.pattern === undefined;
  if (isFirst) file.pattern = args.pointer(9) === 0n ? '*' : unicodeString(kernel, args.pointer(9)) || '*';
  if (args.bool(10)) file.listed = 0;
  const fits = patternOf(file.pattern ?? '*');
  const all = childrenOf(kernel.parts.files, file.node).filter((node) => fits.test(leafOf(node.path)));
  const [buffer, room] = [args.pointer(5), args.uint(6)];
  const fixed = kernel.types.offsetOf(type, 'FileName');
  let [at, last, count] = [0, -1, 0];
  for (; file.listed < all.length; file.listed++) {
    const node = all[file.listed] as FileNode;
    const name = leafOf(node.path);
    if (at + fixed + name.length * 2 > room) break;
    kernel.memory.fill(plus(buffer, at), fixed, 0);
    const view = kernel.view(type, plus(buffer, at));
    if (type !== 'FILE_NAMES_INFORMATION') {
      setTimes(view, node);
      view.set('EndOfFile', node.bytes.length);
      view.set('AllocationSize', allocationSize(node));
      view.set('FileAttributes', node.attributes);
    }
    view.set('FileNameLength', name.length * 2);
    writeText(kernel, plus(buffer, at + fixed), name, 2);
    if (last >= 0) kernel.memory.writeU32(plus(buffer, last), at - last);
    last = at;
    at = Math.ceil((at + fixed + name.length * 2) / 8) * 8;
    count++;
    if (args.bool(8)) {
      file.listed++;
      break;
    }
  }
  const event = args.uint64(1) === 0n ? undefined : handleObject(kernel, args.uint64(1));
  if (event !== undefined) setSignal(kernel, event, 1);
  if (count > 0) return finish(kernel, args.pointer(4), 0, at);
  if (file.listed < all.length) return returns(STATUS_BUFFER_OVERFLOW);
  return returns(isFirst ? STATUS_NO_SUCH_FILE : STATUS_NO_MORE_FILES);
}

/** `*.log`: a star is any text, a question mark one character. */
function patternOf(text: string): RegExp {
  const escaped = text.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(
    `^${escaped
      .replace(/\\\.\*$/, '(\\..*)?')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.')}$`,
    'i',
  );
}

function plus(address: GuestAddress, offset: number): GuestAddress {
  return (address + BigInt(offset)) as GuestAddress;
}
