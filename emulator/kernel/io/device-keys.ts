/**
 * The keys of devices in the registry: where a device of the scenario has its settings, those of its driver, and those of
 * a device interface. The PnP manager has made the first two; a key for parameters is made when it is first opened.
 */
import { type GuestAddress, returns } from '../../machine/native.ts';
import { unicodeString } from '../guest-text.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { addKey, keyAt, openKernelKey } from '../registry/registry.ts';
import { STATUS_INVALID_DEVICE_REQUEST, STATUS_INVALID_PARAMETER, STATUS_OBJECT_NAME_NOT_FOUND } from '../statuses.ts';
import type { AnsweringDevice } from './device-plans.ts';
import { devicePath, driverKeyName } from './device-properties.ts';

const currentSet = '\\Registry\\Machine\\System\\CurrentControlSet';
const parameters = 'Device Parameters';
const ofDevice = 1;
const ofDriver = 2;
const ofProfile = 4;

export const deviceKeyApis = {
  IoOpenDeviceRegistryKey: (kernel, { arguments: args }) => {
    const kind = args.uint(1);
    if ((kind & (ofDevice | ofDriver)) === 0) return returns(STATUS_INVALID_PARAMETER);
    const device = kernel.parts.io.answering.get(args.pointer(0));
    // Devices that drivers make have no key.
    if (device === undefined) return returns(STATUS_INVALID_DEVICE_REQUEST);
    // What differs by hardware profile nobody has written.
    if ((kind & ofProfile) !== 0) return returns(STATUS_OBJECT_NAME_NOT_FOUND);
    const keys = keysOf(device);
    return open(
      kernel,
      (kind & ofDriver) === 0 ? `${keys.device}\\${parameters}` : keys.driver,
      args.uint(2),
      args.pointer(3),
    );
  },
  IoOpenDeviceInterfaceRegistryKey: (kernel, { arguments: args }) => {
    const known = kernel.parts.io.interfaces.get(unicodeString(kernel, args.pointer(0)).toLowerCase());
    if (known === undefined) return returns(STATUS_OBJECT_NAME_NOT_FOUND);
    const [, name = '', reference = ''] = /^\\\?\?\\([^\\]*)\\?(.*)$/.exec(known.link) ?? [];
    const key = `${currentSet}\\Control\\DeviceClasses\\${known.guid}\\##?#${name}\\#${reference}\\${parameters}`;
    return open(kernel, key, args.uint(1), args.pointer(2));
  },
} satisfies KernelApis;

/** The keys of a device that there are before its driver is loaded. */
export function addDeviceKeys(kernel: Kernel, device: AnsweringDevice): void {
  const keys = keysOf(device);
  addKey(kernel, keys.device, []);
  addKey(kernel, keys.driver, []);
}

/** The key below which a device has its settings, and the one of its driver's for it. */
export function keysOf(device: AnsweringDevice): { readonly device: string; readonly driver: string } {
  return {
    device: `${currentSet}\\Enum\\${devicePath(device)}`,
    driver: `${currentSet}\\Control\\Class\\${driverKeyName(device)}`,
  };
}

function open(kernel: Kernel, path: string, access: number, handleAt: GuestAddress) {
  if (keyAt(kernel, path) === undefined) addKey(kernel, path, []);
  kernel.memory.writeU64(handleAt, openKernelKey(kernel, path, access));
  return returns(0);
}
