/** Directories of the object manager: made and opened by name, and objects that are kept by their name alone. */
import type { NativeCall } from '../../machine/machine-types.ts';
import { type NativeResult, returns } from '../../machine/native.ts';
import { unicodeString } from '../guest-text.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import {
  STATUS_INVALID_HANDLE,
  STATUS_OBJECT_NAME_COLLISION,
  STATUS_OBJECT_NAME_EXISTS,
  STATUS_OBJECT_NAME_INVALID,
  STATUS_OBJECT_NAME_NOT_FOUND,
  STATUS_OBJECT_PATH_NOT_FOUND,
  STATUS_OBJECT_PATH_SYNTAX_BAD,
  STATUS_OBJECT_TYPE_MISMATCH,
} from '../statuses.ts';
import { handleAttributes, handleObject, openDriverHandle } from './handles.ts';
import { createObject, dereferenceObject, objectAt } from './objects.ts';

const objPermanent = 0x10;
const objOpenIf = 0x80;
const directorySize = 64;
/** Directories that every Windows has. */
const systemDirectories =
  /^\\?$|^\\(device|driver|filesystem|callback|basenamedobjects|dosdevices|\?\?|global\?\?|kernelobjects|objecttypes|rpc control|security|sessions)$/;

export const directoryApis = {
  ZwCreateDirectoryObject: (kernel, call) => {
    const name = nameOf(kernel, call);
    if (typeof name === 'number') return returns(name);
    const flags = handleAttributes(kernel, call.arguments.pointer(2));
    const path = name?.toLowerCase();
    const known = path === undefined ? undefined : directoryAt(kernel, path);
    if (known === 'other') return returns(STATUS_OBJECT_TYPE_MISMATCH);
    if (known !== undefined && (flags & objOpenIf) === 0) return returns(STATUS_OBJECT_NAME_COLLISION);
    if (known !== undefined) return give(kernel, call, known, STATUS_OBJECT_NAME_EXISTS);
    const parent = path === undefined ? '' : path.slice(0, path.lastIndexOf('\\'));
    if (path !== undefined && typeof directoryAt(kernel, parent) !== 'bigint')
      return returns(STATUS_OBJECT_PATH_NOT_FOUND);
    const isPermanent = (flags & objPermanent) !== 0;
    const object = makeDirectory(kernel, name, { isPermanent });
    const result = give(kernel, call, object, 0);
    // Its handles keep it, unless it is permanent.
    if (!isPermanent) dereferenceObject(kernel, object);
    return result;
  },
  ZwOpenDirectoryObject: (kernel, call) => {
    const name = nameOf(kernel, call);
    if (typeof name === 'number') return returns(name);
    const known = name === undefined ? undefined : directoryAt(kernel, name.toLowerCase());
    if (known === undefined) return returns(STATUS_OBJECT_NAME_NOT_FOUND);
    return known === 'other' ? returns(STATUS_OBJECT_TYPE_MISMATCH) : give(kernel, call, known, 0);
  },
  ZwMakeTemporaryObject: (kernel, { arguments: args }) => {
    const object = handleObject(kernel, args.uint64(0));
    const record = object === undefined ? undefined : objectAt(kernel, object);
    if (object === undefined || record === undefined) return returns(STATUS_INVALID_HANDLE);
    if (record.details.isPermanent === true) {
      record.details = { ...record.details, isPermanent: false };
      dereferenceObject(kernel, object);
    }
    return returns(0);
  },
} satisfies KernelApis;

function nameOf(kernel: Kernel, { arguments: args }: NativeCall): string | undefined | number {
  const view = kernel.view('OBJECT_ATTRIBUTES', args.pointer(2));
  const nameAt = view.getPointer('ObjectName');
  const name = nameAt === 0n ? undefined : unicodeString(kernel, nameAt);
  const root = view.get('RootDirectory');
  if (root === 0n) return name === undefined || name.startsWith('\\') ? name : STATUS_OBJECT_PATH_SYNTAX_BAD;
  const object = handleObject(kernel, root);
  const parent = object === undefined ? undefined : objectAt(kernel, object);
  if (parent === undefined) return STATUS_INVALID_HANDLE;
  if (parent.type !== 'directory') return STATUS_OBJECT_TYPE_MISMATCH;
  if (name === undefined || name === '') return STATUS_OBJECT_NAME_INVALID;
  const { path } = parent.details;
  return `${typeof path === 'string' ? path : ''}\\${name}`;
}

/** The directory of that name, those of the system made when they are asked for; 'other' for another kind of object. */
function directoryAt(kernel: Kernel, path: string): ReturnType<typeof createObject> | 'other' | undefined {
  const full = path.length > 1 ? path.replace(/\\+$/, '') : '\\';
  const object = kernel.parts.objects.names.get(full);
  if (object !== undefined) return objectAt(kernel, object)?.type === 'directory' ? object : 'other';
  return systemDirectories.test(full) ? makeDirectory(kernel, full, { isPermanent: true }) : undefined;
}

function makeDirectory(
  kernel: Kernel,
  name: string | undefined,
  { isPermanent }: { readonly isPermanent: boolean },
): ReturnType<typeof createObject> {
  const label = `directory ${name ?? 'without a name'}`;
  const object = createObject(kernel, 'directory', label, directorySize, { path: name ?? '', isPermanent });
  if (name !== undefined) kernel.parts.objects.names.set(name.toLowerCase(), object);
  return object;
}

function give(kernel: Kernel, call: NativeCall, object: ReturnType<typeof createObject>, status: number): NativeResult {
  kernel.memory.writeU64(
    call.arguments.pointer(0),
    openDriverHandle(kernel, object, call.arguments.pointer(2), call.arguments.uint(1)),
  );
  return returns(status);
}
