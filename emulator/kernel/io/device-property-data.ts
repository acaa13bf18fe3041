/**
 * IoGetDevicePropertyData and IoSetDevicePropertyData: properties of a device of the scenario by key. What PnP keeps itself
 * is there from the start; what the driver sets stays for the run, whether it is persistent or not.
 */
import { type GuestAddress, returns } from '../../machine/native.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import {
  STATUS_BUFFER_TOO_SMALL,
  STATUS_INVALID_DEVICE_REQUEST,
  STATUS_INVALID_PARAMETER,
  STATUS_OBJECT_NAME_NOT_FOUND,
} from '../statuses.ts';
import { offsetAddress } from '../struct-view.ts';
import type { AnsweringDevice } from './device-plans.ts';
import { propertyNamed } from './device-properties.ts';

export interface PropertyData {
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** {a45c254e-df1c-4efd-8020-67d146a850e0}, the format of what PnP keeps of each device, as it lies in memory. */
const deviceFormat = '4e255ca41cdffd4e802067d146a850e0';
const typeUint32 = 0x07;
const typeGuid = 0x0d;
const typeString = 0x12;
const typeStringList = 0x2012;
/** PLUGPLAY_PROPERTY_PERSISTENT */
const knownFlags = 1;

/** By number of the key: its name for IoGetDeviceProperty and its type. */
const kept: Readonly<Record<number, readonly [name: string, type: number]>> = {
  2: ['DevicePropertyDeviceDescription', typeString],
  3: ['DevicePropertyHardwareID', typeStringList],
  9: ['DevicePropertyClassName', typeString],
  10: ['DevicePropertyClassGuid', typeGuid],
  11: ['DevicePropertyDriverKeyName', typeString],
  13: ['DevicePropertyManufacturer', typeString],
  16: ['DevicePropertyPhysicalDeviceObjectName', typeString],
  24: ['DevicePropertyEnumeratorName', typeString],
  30: ['DevicePropertyAddress', typeUint32],
};

export const devicePropertyDataApis = {
  IoGetDevicePropertyData: (kernel, { arguments: args }) => {
    const device = kernel.parts.io.answering.get(args.pointer(0));
    if (device === undefined) return returns(STATUS_INVALID_DEVICE_REQUEST);
    if (args.uint(3) !== 0) return returns(STATUS_INVALID_PARAMETER);
    const key = keyText(kernel, args.pointer(1));
    const found = device.properties.get(`${key}:${args.uint(2)}`) ?? keptProperty(key, device);
    if (found === undefined) return returns(STATUS_OBJECT_NAME_NOT_FOUND);
    kernel.memory.writeU32(args.pointer(6), found.bytes.length);
    kernel.memory.writeU32(args.pointer(7), found.type);
    if (found.bytes.length > args.uint(4)) return returns(STATUS_BUFFER_TOO_SMALL);
    kernel.memory.writeBytes(args.pointer(5), found.bytes);
    return returns(0);
  },
  IoSetDevicePropertyData: (kernel, { arguments: args }) => {
    const device = kernel.parts.io.answering.get(args.pointer(0));
    if (device === undefined) return returns(STATUS_INVALID_DEVICE_REQUEST);
    if ((args.uint(3) & ~knownFlags) !== 0) return returns(STATUS_INVALID_PARAMETER);
    const key = `${keyText(kernel, args.pointer(1))}:${args.uint(2)}`;
    const data = args.pointer(6);
    // Without data a property is deleted.
    if (data === 0n) device.properties.delete(key);
    else device.properties.set(key, { type: args.uint(4), bytes: kernel.memory.readBytes(data, args.uint(5)) });
    return returns(0);
  },
} satisfies KernelApis;

/** "4e255c…:2" */
function keyText(kernel: Kernel, key: GuestAddress): string {
  const format = Array.from(kernel.memory.readBytes(key, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${format}:${kernel.memory.readU32(offsetAddress(key, kernel.types.offsetOf('DEVPROPKEY', 'pid')))}`;
}

function keptProperty(key: string, device: AnsweringDevice): PropertyData | undefined {
  const [format, number] = key.split(':');
  const [name, type] = kept[Number(number)] ?? [];
  if (format !== deviceFormat || name === undefined || type === undefined) return undefined;
  const bytes = propertyNamed(name, device);
  if (bytes === undefined) return undefined;
  return { type, bytes: type === typeGuid ? guidBytes(bytes) : bytes };
}

/** A GUID out of its text in UTF-16: `{4d36e97d-e325-11ce-bfc1-08002be10318}`. */
function guidBytes(wide: Uint8Array): Uint8Array {
  const digits = String.fromCharCode(...wide.filter((byte) => byte !== 0)).replace(/[^0-9a-f]/g, '');
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
  return Uint8Array.from(order, (at) => Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16));
}
