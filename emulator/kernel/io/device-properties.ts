/**
 * IoGetDeviceProperty: what the PnP manager would know of a device of the scenario, as if the root bus listed them in their
 * order. What only an INF file or real hardware could say is not there: STATUS_OBJECT_NAME_NOT_FOUND.
 */
import { returns } from '../../machine/native.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import {
  STATUS_BUFFER_TOO_SMALL,
  STATUS_INVALID_DEVICE_REQUEST,
  STATUS_INVALID_PARAMETER_2,
  STATUS_OBJECT_NAME_NOT_FOUND,
} from '../statuses.ts';
import type { AnsweringDevice } from './device-plans.ts';

/** Text and lists end in zeros of their own; a number is a ULONG. */
type Property = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'number'; readonly value: number };

/** GUID_DEVCLASS_SYSTEM: the class of devices that the root bus lists. */
const systemClass = '{4d36e97d-e325-11ce-bfc1-08002be10318}';
/** INTERFACE_TYPE */
const pnpBus = 15;
/** RemovalPolicyExpectNoRemoval */
const noRemoval = 1;

/** Under which the root bus lists each device. */
const hardwareId = 'ROOT\\EMULATED';

const text = (value: string): Property => ({ kind: 'text', text: value });
const number = (value: number): Property => ({ kind: 'number', value });

/** By DEVICE_REGISTRY_PROPERTY, but for what each device has of its own. */
const properties: Readonly<Record<string, Property>> = {
  DevicePropertyDeviceDescription: text('Emulated device'),
  DevicePropertyHardwareID: text(`${hardwareId}\0`),
  DevicePropertyClassName: text('System'),
  DevicePropertyClassGuid: text(systemClass),
  DevicePropertyManufacturer: text('WSK Workbench'),
  DevicePropertyEnumeratorName: text('ROOT'),
  DevicePropertyLegacyBusType: number(pnpBus),
  DevicePropertyBusNumber: number(0),
  DevicePropertyAddress: number(0),
  DevicePropertyInstallState: number(0),
  DevicePropertyRemovalPolicy: number(noRemoval),
};
const ownProperties: Readonly<Record<string, (device: AnsweringDevice) => Property>> = {
  DevicePropertyDriverKeyName: (device) => text(driverKeyName(device)),
  DevicePropertyPhysicalDeviceObjectName: ({ name }) => text(name),
};
const lastProperty = 'DevicePropertyContainerID';

export const devicePropertyApis = {
  IoGetDeviceProperty: (kernel, { arguments: args }) => {
    const device = kernel.parts.io.answering.get(args.pointer(0));
    // Devices that drivers make are none of the PnP manager's.
    if (device === undefined) return returns(STATUS_INVALID_DEVICE_REQUEST);
    if (args.uint(1) > kernel.types.constant(lastProperty)) return returns(STATUS_INVALID_PARAMETER_2);
    const bytes = propertyBytes(kernel, args.uint(1), device);
    if (bytes === undefined) return returns(STATUS_OBJECT_NAME_NOT_FOUND);
    kernel.memory.writeU32(args.pointer(4), bytes.length);
    if (bytes.length > args.uint(2)) return returns(STATUS_BUFFER_TOO_SMALL);
    kernel.memory.writeBytes(args.pointer(3), bytes);
    return returns(0);
  },
} satisfies KernelApis;

/** Where the root bus has the device: "ROOT\\EMULATED\\0000". */
export function devicePath({ instance }: Pick<AnsweringDevice, 'instance'>): string {
  return `${hardwareId}\\${instance}`;
}

/** Of the key in which its driver has what it was installed with: class and number. */
export function driverKeyName({ instance }: AnsweringDevice): string {
  return `${systemClass}\\${instance}`;
}

function propertyBytes(kernel: Kernel, asked: number, device: AnsweringDevice): Uint8Array | undefined {
  const names = [...Object.keys(properties), ...Object.keys(ownProperties)];
  const name = names.find((one) => kernel.types.constant(one) === asked);
  return name === undefined ? undefined : propertyNamed(name, device);
}

/** A property by the name of its constant, as bytes; undefined where the device does not have it. */
export function propertyNamed(name: string, device: AnsweringDevice): Uint8Array | undefined {
  const property = ownProperties[name]?.(device) ?? properties[name];
  if (property === undefined) return undefined;
  if (property.kind === 'number') return new Uint8Array(new Uint32Array([property.value]).buffer);
  return new Uint8Array(
    Uint16Array.from({ length: property.text.length + 1 }, (_, i) => property.text.charCodeAt(i) || 0).buffer,
  );
}
