/**
 * Device interfaces: a driver registers one by its class GUID and enables it; from then on its symbolic link leads to the
 * device, and others find it by the class. Strings and lists are pool memory that the driver frees.
 */
import { type GuestAddress, type NativeResult, returns } from '../../machine/native.ts';
import { allocatePool } from '../ex/pool.ts';
import { setCountedString, unicodeString, writeText } from '../guest-text.ts';
import { guidText } from '../guid-text.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { STATUS_INSUFFICIENT_RESOURCES, STATUS_OBJECT_NAME_EXISTS, STATUS_OBJECT_NAME_NOT_FOUND } from '../statuses.ts';
import { devicePath } from './device-properties.ts';
import { announceInterface } from './pnp-notifications.ts';

const includeNonactive = 1;
/** 'Io  ' and 'Strg': RtlFreeUnicodeString wants the tag of strings. */
const listTag = 0x20206f49;
const stringTag = 0x67727453;

export const deviceInterfaceApis = {
  IoRegisterDeviceInterface: (kernel, { name, arguments: args }) => {
    const guid = guidText(kernel.memory.readBytes(args.pointer(1), 16));
    const reference = args.pointer(2) === 0n ? '' : `\\${unicodeString(kernel, args.pointer(2))}`;
    // A device that no bus lists could have no interface on Windows; it is taken for the first one.
    const device = kernel.parts.io.answering.get(args.pointer(0)) ?? { instance: '0000' };
    const link = `\\??\\${devicePath(device).replaceAll('\\', '#')}#${guid}${reference}`;
    const buffer = textInPool(kernel, name, `${link}\0`, stringTag);
    if (buffer === 0n) return returns(STATUS_INSUFFICIENT_RESOURCES);
    setCountedString(kernel, args.pointer(3), { length: link.length * 2, room: link.length * 2 + 2, buffer });
    kernel.parts.io.interfaces.set(link.toLowerCase(), { guid, link, device: args.pointer(0) });
    return returns(0);
  },
  /** An interface that is enabled can be opened by its link. */
  IoSetDeviceInterfaceState: (kernel, { arguments: args }) => {
    const link = unicodeString(kernel, args.pointer(0)).toLowerCase();
    const known = kernel.parts.io.interfaces.get(link);
    if (known === undefined) return returns(STATUS_OBJECT_NAME_NOT_FOUND);
    const { names } = kernel.parts.objects;
    const isEnabled = names.has(link);
    if (args.bool(1) === isEnabled)
      return returns(isEnabled ? STATUS_OBJECT_NAME_EXISTS : STATUS_OBJECT_NAME_NOT_FOUND);
    if (isEnabled) names.delete(link);
    else names.set(link, known.device);
    announceInterface(kernel, known, isEnabled ? 'removal' : 'arrival');
    return returns(0);
  },
  IoGetDeviceInterfaces: (kernel, { name, arguments: args }): NativeResult => {
    const guid = guidText(kernel.memory.readBytes(args.pointer(0), 16));
    const device = args.pointer(1);
    const isAll = (args.uint(2) & includeNonactive) !== 0;
    const found = [...kernel.parts.io.interfaces].filter(
      ([link, known]) =>
        known.guid === guid &&
        (device === 0n || known.device === device) &&
        (isAll || kernel.parts.objects.names.has(link)),
    );
    const list = textInPool(kernel, name, `${found.map(([, { link }]) => `${link}\0`).join('')}\0`, listTag);
    kernel.memory.writePointer(args.pointer(3), list);
    return returns(list === 0n ? STATUS_INSUFFICIENT_RESOURCES : 0);
  },
} satisfies KernelApis;

function textInPool(kernel: Kernel, call: string, text: string, tag: number): GuestAddress {
  const how = { isPaged: true, isUninitialised: true, isCacheAligned: false };
  const buffer = allocatePool(kernel, { size: text.length * 2, tag, ...how, call });
  if (buffer !== 0n) writeText(kernel, buffer, text, 2);
  return buffer;
}
