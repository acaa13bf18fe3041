/** Stacks of devices: one device attached over another, the uppermost and the lowest of a stack. */
import { type GuestAddress, type NativeResult, NULL_ADDRESS, returns, returnsVoid } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { addDriverReference } from '../ob/handles.ts';
import { describeAddress } from '../places.ts';
import { STATUS_NO_SUCH_DEVICE } from '../statuses.ts';
import { deviceOf, finishDelete } from './devices.ts';
import type { DeviceRecord } from './io-state.ts';

/** Devices of a stack; more run in a circle. */
const linksMax = 16;

export const deviceStackApis = {
  IoAttachDeviceToDeviceStack: (kernel, { name, arguments: args }) => {
    const result = attach(kernel, name, args.pointer(0), args.pointer(1));
    return typeof result === 'bigint' ? returns(result) : result;
  },
  IoAttachDeviceToDeviceStackSafe: (kernel, { name, arguments: args }) => {
    const result = attach(kernel, name, args.pointer(0), args.pointer(1));
    if (typeof result !== 'bigint') return result;
    kernel.memory.writePointer(args.pointer(2), result);
    return returns(result === 0n ? STATUS_NO_SUCH_DEVICE : 0);
  },
  IoDetachDevice: (kernel, { name, arguments: args }) => {
    const record = deviceOf(kernel, name, args.pointer(0));
    if ('kind' in record) return record;
    const lower = kernel.view('DEVICE_OBJECT', record.address);
    if (lower.get('AttachedDevice') === 0n) {
      return kernel.report({
        rule: 'device-not-attached',
        severity: 'error',
        message: `IoDetachDevice is given ${describeAddress(kernel, record.address)}, to which no device is attached. It takes the lower device.`,
        also: ['0xC9/0x202'],
        bugCheck: bugCheck('DRIVER_VERIFIER_IOMANAGER_VIOLATION', 0x202, record.address),
      });
    }
    lower.set('AttachedDevice', 0);
    finishDelete(kernel, record);
    return returnsVoid;
  },
  IoGetAttachedDeviceReference: (kernel, { name, arguments: args }) => {
    const record = deviceOf(kernel, name, args.pointer(0));
    if ('kind' in record) return record;
    const top = topOfStack(kernel, record.address);
    addDriverReference(kernel, top);
    return returns(top);
  },
  IoGetAttachedDevice: (kernel, { name, arguments: args }) => {
    const record = deviceOf(kernel, name, args.pointer(0));
    return 'kind' in record ? record : returns(topOfStack(kernel, record.address));
  },
  IoGetLowerDeviceObject: (kernel, { name, arguments: args }) => {
    const record = deviceOf(kernel, name, args.pointer(0));
    if ('kind' in record) return record;
    const lower = lowerDevice(kernel, record.address);
    if (lower === undefined) return returns(NULL_ADDRESS);
    addDriverReference(kernel, lower);
    return returns(lower);
  },
  IoGetDeviceAttachmentBaseRef: (kernel, { name, arguments: args }) => {
    const record = deviceOf(kernel, name, args.pointer(0));
    if ('kind' in record) return record;
    let base = record.address;
    for (let next = lowerDevice(kernel, base); next !== undefined; next = lowerDevice(kernel, base)) base = next;
    addDriverReference(kernel, base);
    return returns(base);
  },
  IoGetRelatedDeviceObject: (kernel, { arguments: args }) =>
    returns(topOfStack(kernel, kernel.view('FILE_OBJECT', args.pointer(0)).getPointer('DeviceObject'))),
} satisfies KernelApis;

/** The device that a device is attached to; undefined at the bottom. */
function lowerDevice(kernel: Kernel, device: GuestAddress): GuestAddress | undefined {
  for (const { address, isDeleted } of kernel.parts.io.devices.values()) {
    if (!isDeleted && kernel.view('DEVICE_OBJECT', address).getPointer('AttachedDevice') === device) return address;
  }
  return undefined;
}

/** The uppermost device attached over one. */
export function topOfStack(kernel: Kernel, device: GuestAddress): GuestAddress {
  let top = device;
  for (let i = 0; i < linksMax; i++) {
    const above = kernel.view('DEVICE_OBJECT', top).getPointer('AttachedDevice');
    if (above === 0n) return top;
    top = above;
  }
  return top;
}

/** The device that `source` is attached to: the top of the target's stack so far. */
function attach(kernel: Kernel, call: string, source: GuestAddress, target: GuestAddress): GuestAddress | NativeResult {
  const [above, below] = [deviceOf(kernel, call, source), deviceOf(kernel, call, target)];
  if ('kind' in above) return above;
  if ('kind' in below) return below;
  const top = topOfStack(kernel, target);
  const lower = kernel.view('DEVICE_OBJECT', top);
  lower.set('AttachedDevice', source);
  nameAttached(kernel, above, below);
  kernel.view('DEVICE_OBJECT', source).set('StackSize', lower.getNumber('StackSize') + 1);
  return top;
}

/** A device without a name of its own is known by what it is attached to. */
function nameAttached(kernel: Kernel, above: DeviceRecord, below: DeviceRecord): void {
  const region = kernel.memory.regionAt(above.address);
  if (above.name === undefined && below.name !== undefined && region !== undefined)
    region.label = `${region.label.replace(/ over .*/, '')} over ${below.name}`;
}
