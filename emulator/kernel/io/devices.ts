/** Device and driver objects, names in the object namespace, stacks of devices, files that stand for an open device. */

import { defined } from '../../../base/assert.ts';
import {
  type GuestAddress,
  type NativeArguments,
  type NativeResult,
  NULL_ADDRESS,
  returns,
  returnsVoid,
} from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import { reportInUse } from '../ex/memory-in-use.ts';
import { checkRemoveLocks } from '../ex/rundown.ts';
import { setCountedString, unicodeString, writeText } from '../guest-text.ts';
import { createDispatcher } from '../ke/dispatcher.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { createObject, objectAt } from '../ob/objects.ts';
import { allocateObject, freeObject } from '../object-memory.ts';
import { currentSpan, describeAddress } from '../places.ts';
import { addKey } from '../registry/registry.ts';
import {
  STATUS_INSUFFICIENT_RESOURCES,
  STATUS_OBJECT_NAME_COLLISION,
  STATUS_OBJECT_NAME_NOT_FOUND,
  STATUS_OBJECT_PATH_NOT_FOUND,
  STATUS_OBJECT_PATH_SYNTAX_BAD,
} from '../statuses.ts';
import { linkPath } from './device-names.ts';
import type { DeviceRecord } from './io-state.ts';
import { majorFunctions } from './request-codes.ts';

/** Dispatch entry of majors that a driver leaves alone. */
const invalidRequestEntry = 'IopInvalidDeviceRequest';

export const deviceApis = {
  IoCreateDevice: (kernel, { arguments: args }) => createForDriver(kernel, args, args.pointer(6)),
  /** The security descriptor lets everybody in: nobody here is anybody. */
  IoCreateDeviceSecure: (kernel, { arguments: args }) => createForDriver(kernel, args, args.pointer(8)),
  IoDeleteDevice: (kernel, { name, arguments: args }) => {
    const record = deviceOf(kernel, name, args.pointer(0));
    if ('kind' in record) return record;
    return deleteDevice(kernel, record);
  },
  IoCreateSymbolicLink: (kernel, { arguments: args }) => createLink(kernel, args.pointer(0), args.pointer(1)),
  IoCreateUnprotectedSymbolicLink: (kernel, { arguments: args }) =>
    createLink(kernel, args.pointer(0), args.pointer(1)),
  IoDeleteSymbolicLink: (kernel, { arguments: args }) => {
    const name = linkPath(unicodeString(kernel, args.pointer(0))).toLowerCase();
    const object = kernel.parts.objects.names.get(name);
    if (object === undefined || objectAt(kernel, object)?.type !== 'symbolic link')
      return returns(STATUS_OBJECT_NAME_NOT_FOUND);
    kernel.parts.objects.names.delete(name);
    return returns(0);
  },
  IoAllocateDriverObjectExtension: (kernel, { arguments: args }) => {
    const key = `${args.pointer(0)}:${args.pointer(1)}`;
    const { extensions } = kernel.parts.io;
    kernel.memory.writePointer(args.pointer(3), NULL_ADDRESS);
    if (extensions.has(key)) return returns(STATUS_OBJECT_NAME_COLLISION);
    const region = kernel.memory.allocate({
      size: Math.max(1, args.uint(2)),
      kind: 'object',
      label: 'driver object extension',
    });
    if (region === undefined) return returns(STATUS_INSUFFICIENT_RESOURCES);
    extensions.set(key, region.start);
    kernel.memory.writePointer(args.pointer(3), region.start);
    return returns(0);
  },
  IoGetDriverObjectExtension: (kernel, { arguments: args }) =>
    returns(kernel.parts.io.extensions.get(`${args.pointer(0)}:${args.pointer(1)}`) ?? NULL_ADDRESS),
} satisfies KernelApis;

export interface DeviceRequest {
  readonly driver: GuestAddress;
  readonly extensionSize: number;
  readonly name: string | undefined;
  readonly type: number;
  readonly characteristics: number;
  readonly isExclusive?: boolean;
}

/** Directories of the object namespace that every Windows has. */
const folders = new Set(['', '\\device', '\\??', '\\global??', '\\dosdevices', '\\basenamedobjects', '\\driver']);

function isInFolder(kernel: Kernel, name: string): boolean {
  const folder = name.slice(0, name.lastIndexOf('\\')).toLowerCase();
  return folders.has(folder) || kernel.parts.objects.names.has(folder);
}

function createForDriver(kernel: Kernel, args: NativeArguments, deviceAt: GuestAddress): NativeResult {
  const name = args.pointer(2) === 0n ? undefined : unicodeString(kernel, args.pointer(2));
  if (name !== undefined && !name.startsWith('\\')) return returns(STATUS_OBJECT_PATH_SYNTAX_BAD);
  if (name !== undefined && kernel.parts.objects.names.has(name.toLowerCase()))
    return returns(STATUS_OBJECT_NAME_COLLISION);
  if (name !== undefined && !isInFolder(kernel, name)) return returns(STATUS_OBJECT_PATH_NOT_FOUND);
  const device = createDevice(kernel, {
    isExclusive: args.bool(5),
    driver: args.pointer(0),
    extensionSize: args.uint(1),
    name,
    type: args.uint(3),
    characteristics: args.uint(4),
  });
  if (device === undefined) return returns(STATUS_INSUFFICIENT_RESOURCES);
  kernel.memory.writePointer(deviceAt, device);
  return returns(0);
}

/** A driver object with the name `\Driver\NAME`; every major function refuses until the driver sets its own. */
export function createDriverObject(kernel: Kernel, name: string): GuestAddress {
  const size = kernel.types.sizeOf('DRIVER_OBJECT');
  const driver = createObject(kernel, 'driver', `driver object of ${name}`, size);
  const view = kernel.view('DRIVER_OBJECT', driver);
  view.set('Type', 4);
  view.set('Size', size);
  writeUnicodeString(kernel, view.addressOf('DriverName'), `\\Driver\\${name}`);
  const extension = defined(
    kernel.memory.allocate({
      size: kernel.types.sizeOf('DRIVER_EXTENSION'),
      kind: 'object',
      label: 'driver extension',
    }),
    'memory for a driver extension',
  );
  kernel.view('DRIVER_EXTENSION', extension.start).set('DriverObject', driver);
  view.set('DriverExtension', extension.start);
  const refuse = kernel.machine.functionAddress(invalidRequestEntry) ?? NULL_ADDRESS;
  for (let i = 0; i < majorFunctions; i++)
    kernel.memory.writePointer((view.addressOf('MajorFunction') + BigInt(i * 8)) as GuestAddress, refuse);
  addKey(kernel, `\\Registry\\Machine\\System\\CurrentControlSet\\Services\\${name}`, []);
  return driver;
}

/** A UNICODE_STRING in kernel memory whose characters are too. */
export function writeUnicodeString(kernel: Kernel, address: GuestAddress, text: string): void {
  const bytes = text.length * 2;
  const region = kernel.memory.allocate({ size: bytes + 2, kind: 'object', label: `string "${text}"` });
  setCountedString(kernel, address, { length: bytes, room: bytes + 2, buffer: region?.start ?? NULL_ADDRESS });
  if (region !== undefined) writeText(kernel, region.start, text, 2);
}

/** What a device without a name is called: "device of \Driver\echo", from its second one on with a number. */
function unnamedLabel(kernel: Kernel, driver: GuestAddress): string {
  const before = [...kernel.parts.io.devices.values()].filter((one) => one.driver === driver && one.name === undefined);
  const of = unicodeString(kernel, kernel.view('DRIVER_OBJECT', driver).addressOf('DriverName'));
  return `device of ${of}${before.length === 0 ? '' : ` #${before.length + 1}`}`;
}

/** Undefined when memory is short. */
export function createDevice(kernel: Kernel, request: DeviceRequest): GuestAddress | undefined {
  const size = kernel.types.sizeOf('DEVICE_OBJECT');
  const label = request.name === undefined ? unnamedLabel(kernel, request.driver) : `device ${request.name}`;
  const device = createObject(kernel, 'device', label, size);
  const view = kernel.view('DEVICE_OBJECT', device);
  view.set('Type', 3);
  view.set('Size', size + request.extensionSize);
  view.set('DriverObject', request.driver);
  view.set('DeviceType', request.type);
  view.set('Characteristics', request.characteristics);
  view.set('StackSize', 1);
  view.set(
    'Flags',
    kernel.types.constant('DO_DEVICE_INITIALIZING') |
      (request.name === undefined ? 0 : 0x40) |
      (request.isExclusive === true ? 0x8 : 0),
  );
  if (request.extensionSize > 0) {
    const extension = allocateObject(kernel, request.extensionSize, `extension of ${label}`);
    if (extension === undefined) return undefined;
    view.set('DeviceExtension', extension.start);
  }
  const driver = kernel.view('DRIVER_OBJECT', request.driver);
  view.set('NextDevice', driver.get('DeviceObject'));
  driver.set('DeviceObject', device);
  kernel.parts.io.devices.set(device, {
    address: device,
    name: request.name,
    driver: request.driver,
    createdAt: currentSpan(kernel),
    isDeleted: false,
  });
  if (request.name !== undefined) kernel.parts.objects.names.set(request.name.toLowerCase(), device);
  return device;
}

export function createFileObject(kernel: Kernel, device: GuestAddress, label = 'file object'): GuestAddress {
  const size = kernel.types.sizeOf('FILE_OBJECT');
  const file = createObject(kernel, 'file', label, size, { device });
  const view = kernel.view('FILE_OBJECT', file);
  view.set('Type', 5);
  view.set('Size', size);
  view.set('DeviceObject', device);
  createDispatcher(kernel, view.addressOf('Event'), 'notification event', 0);
  return file;
}

export function deviceOf(kernel: Kernel, call: string, device: GuestAddress): DeviceRecord | NativeResult {
  const record = kernel.parts.io.devices.get(device);
  const isSecondDelete = call === 'IoDeleteDevice' && record?.isDeletePending === true;
  if (record !== undefined && !record.isDeleted && !isSecondDelete) return record;
  if (record === undefined) kernel.view('DEVICE_OBJECT', device).getNumber('Type');
  return kernel.report({
    rule: record === undefined ? 'not-a-device' : 'device-deleted-twice',
    severity: 'error',
    message: `${call} is given ${describeAddress(kernel, device)}, ${record === undefined ? 'which is no device object' : 'which has been deleted'}.`,
    also: [record === undefined ? '0xC9/0x4' : '0xC9/0x240'],
    bugCheck: bugCheck('DRIVER_VERIFIER_IOMANAGER_VIOLATION', record === undefined ? 0x4 : 0x240, device),
  });
}

function deleteDevice(kernel: Kernel, record: DeviceRecord): NativeResult {
  const lower = [...kernel.parts.io.devices.values()].find(
    (other) => !other.isDeleted && kernel.view('DEVICE_OBJECT', other.address).get('AttachedDevice') === record.address,
  );
  if (lower !== undefined) {
    return kernel.report({
      rule: 'device-deleted-while-attached',
      severity: 'error',
      message: `IoDeleteDevice deletes ${describeAddress(kernel, record.address)}, which is still attached to another device. Call IoDetachDevice first.`,
      also: ['0xC9/0x201'],
      bugCheck: bugCheck('DRIVER_VERIFIER_IOMANAGER_VIOLATION', 0x201, record.address),
    });
  }
  if (record.name !== undefined) kernel.parts.objects.names.delete(record.name.toLowerCase());
  record.isDeletePending = true;
  finishDelete(kernel, record);
  return returnsVoid;
}

/** A device that IoDeleteDevice was given stays until its last file is closed, nothing is attached, no work item is left. */
export function finishDelete(kernel: Kernel, record: DeviceRecord): void {
  const view = kernel.view('DEVICE_OBJECT', record.address);
  if (record.isDeletePending !== true || record.isDeleted || kernel.parts.workers.held.has(record.address)) return;
  if (view.getNumber('ReferenceCount') > 0 || view.get('AttachedDevice') !== 0n) return;
  removeDevice(kernel, record);
}

/** After DriverEntry the I/O manager lets the driver's devices be opened. */
export function finishInitialisation(kernel: Kernel, driver: GuestAddress): void {
  for (const { address, driver: owner, isDeleted } of kernel.parts.io.devices.values()) {
    if (owner !== driver || isDeleted) continue;
    const view = kernel.view('DEVICE_OBJECT', address);
    view.set('Flags', view.getNumber('Flags') & ~kernel.types.constant('DO_DEVICE_INITIALIZING'));
  }
}

/** Gives a device's memory back. */
function removeDevice(kernel: Kernel, record: DeviceRecord): void {
  const view = kernel.view('DEVICE_OBJECT', record.address);
  unlinkFromDriver(kernel, record);
  const extension = kernel.memory.regionAt(view.getPointer('DeviceExtension'));
  if (extension !== undefined) {
    checkRemoveLocks(kernel, extension);
    const created = { what: 'the device was created here', span: record.createdAt, statements: 0 };
    if (!extension.isFreed && reportInUse(kernel, 'IoDeleteDevice', extension, () => [created]) !== undefined) return;
  }
  if (extension !== undefined && !extension.isFreed && extension.start === view.get('DeviceExtension'))
    freeObject(kernel, extension);
  record.isDeleted = true;
  const region = kernel.memory.regionAt(record.address);
  kernel.parts.objects.records.delete(record.address);
  if (region !== undefined) freeObject(kernel, region);
}

function unlinkFromDriver(kernel: Kernel, record: DeviceRecord): void {
  const driver = kernel.view('DRIVER_OBJECT', record.driver);
  const next = kernel.view('DEVICE_OBJECT', record.address).get('NextDevice');
  if (driver.get('DeviceObject') === record.address) {
    driver.set('DeviceObject', next);
    return;
  }
  let at = driver.getPointer('DeviceObject');
  for (let i = 0; at !== 0n && i < kernel.parts.io.devices.size; i++) {
    const view = kernel.view('DEVICE_OBJECT', at);
    if (view.get('NextDevice') === record.address) {
      view.set('NextDevice', next);
      return;
    }
    at = view.getPointer('NextDevice');
  }
}

function createLink(kernel: Kernel, nameAt: GuestAddress, targetAt: GuestAddress): NativeResult {
  const name = unicodeString(kernel, nameAt);
  const target = unicodeString(kernel, targetAt);
  if (!name.startsWith('\\')) return returns(STATUS_OBJECT_PATH_SYNTAX_BAD);
  const path = linkPath(name).toLowerCase();
  if (kernel.parts.objects.names.has(path)) return returns(STATUS_OBJECT_NAME_COLLISION);
  const link = createObject(kernel, 'symbolic link', `symbolic link ${name}`, 16, {
    target,
    createdAt: currentSpan(kernel),
  });
  kernel.parts.objects.names.set(path, link);
  return returns(0);
}
