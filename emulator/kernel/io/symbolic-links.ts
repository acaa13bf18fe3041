/** Symbolic links of the object namespace by handle. */
import { returns } from '../../machine/native.ts';
import { unicodeString, writeText } from '../guest-text.ts';
import type { KernelApis } from '../kernel-apis.ts';
import { handleObject, openDriverHandle } from '../ob/handles.ts';
import { objectAt } from '../ob/objects.ts';
import {
  STATUS_BUFFER_TOO_SMALL,
  STATUS_INVALID_HANDLE,
  STATUS_OBJECT_NAME_NOT_FOUND,
  STATUS_OBJECT_TYPE_MISMATCH,
} from '../statuses.ts';
import { objectPath } from './device-names.ts';

export const symbolicLinkApis = {
  ZwOpenSymbolicLinkObject: (kernel, { arguments: args }) => {
    const nameAt = kernel.view('OBJECT_ATTRIBUTES', args.pointer(2)).getPointer('ObjectName');
    const path = nameAt === 0n ? '' : objectPath(kernel, unicodeString(kernel, nameAt)).toLowerCase();
    const link = kernel.parts.objects.names.get(path);
    if (link === undefined) return returns(STATUS_OBJECT_NAME_NOT_FOUND);
    if (objectAt(kernel, link)?.type !== 'symbolic link') return returns(STATUS_OBJECT_TYPE_MISMATCH);
    kernel.memory.writeU64(args.pointer(0), openDriverHandle(kernel, link, args.pointer(2), args.uint(1)));
    return returns(0);
  },
  ZwQuerySymbolicLinkObject: (kernel, { arguments: args }) => {
    const object = handleObject(kernel, args.uint64(0));
    if (object === undefined) return returns(STATUS_INVALID_HANDLE);
    const target = objectAt(kernel, object)?.details.target;
    if (typeof target !== 'string') return returns(STATUS_OBJECT_TYPE_MISMATCH);
    const view = kernel.view('UNICODE_STRING', args.pointer(1));
    const bytes = target.length * 2;
    if (args.pointer(2) !== 0n) kernel.memory.writeU32(args.pointer(2), bytes);
    if (view.getNumber('MaximumLength') < bytes) return returns(STATUS_BUFFER_TOO_SMALL);
    writeText(kernel, view.getPointer('Buffer'), target, 2);
    view.set('Length', bytes);
    return returns(0);
  },
} satisfies KernelApis;
