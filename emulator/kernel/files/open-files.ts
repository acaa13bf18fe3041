/** What a handle to a file or a device stands for, and what its last close brings about. */
import { defined } from '../../../base/assert.ts';
import { type GuestAddress, type NativeResult, returns } from '../../machine/native.ts';
import { closeDeviceHandle, type DeviceFile } from '../io/device-files.ts';
import type { Kernel } from '../kernel-types.ts';
import { handleHere, handleObject } from '../ob/handles.ts';
import { dereferenceObject, objectAt } from '../ob/objects.ts';
import { STATUS_CANNOT_DELETE, STATUS_INVALID_HANDLE, STATUS_OBJECT_TYPE_MISMATCH } from '../statuses.ts';
import { attributeReadOnly, childrenOf, type FileNode, type OpenFile, removeNode } from './file-system.ts';

export const rightRead = 0x1;
export const rightWrite = 0x2;
export const rightAppend = 0x4;

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
