/** Numbers of the DDI that say what a request is: IRP_MJ_…, IRP_MN_… and the METHOD_… in a control code; and their names. */
import type { Kernel } from '../kernel-types.ts';

/** IRP_MJ_… by what people call them. */
export const majors = {
  create: 0x00,
  close: 0x02,
  read: 0x03,
  write: 0x04,
  flush: 0x09,
  'fs-control': 0x0d,
  control: 0x0e,
  'internal-control': 0x0f,
  cleanup: 0x12,
  power: 0x16,
  pnp: 0x1b,
} as const;

/** Minor functions of IRP_MJ_PNP that move a device from state to state. */
export const pnpMinors = {
  IRP_MN_START_DEVICE: 0x00,
  IRP_MN_QUERY_REMOVE_DEVICE: 0x01,
  IRP_MN_REMOVE_DEVICE: 0x02,
  IRP_MN_CANCEL_REMOVE_DEVICE: 0x03,
  IRP_MN_STOP_DEVICE: 0x04,
  IRP_MN_QUERY_STOP_DEVICE: 0x05,
  IRP_MN_CANCEL_STOP_DEVICE: 0x06,
  IRP_MN_SURPRISE_REMOVAL: 0x17,
} as const;

export type PnpRequest = keyof typeof pnpMinors;

/** Entries of a dispatch table: IRP_MJ_MAXIMUM_FUNCTION and one more. */
export const majorFunctions = 0x1c;

/** How the buffers of a control code come: its two lowest bits. */
export const methods = { buffered: 0, 'in-direct': 1, 'out-direct': 2, neither: 3 } as const;

/** The second buffer comes as an MDL. */
export function isDirect(method: number): boolean {
  return method === methods['in-direct'] || method === methods['out-direct'];
}

export function methodOf(controlCode: number): number {
  return controlCode & 3;
}

/** IRP_MJ_… by their numbers. */
const majorNames = [
  'CREATE',
  'CREATE_NAMED_PIPE',
  'CLOSE',
  'READ',
  'WRITE',
  'QUERY_INFORMATION',
  'SET_INFORMATION',
  'QUERY_EA',
  'SET_EA',
  'FLUSH_BUFFERS',
  'QUERY_VOLUME_INFORMATION',
  'SET_VOLUME_INFORMATION',
  'DIRECTORY_CONTROL',
  'FILE_SYSTEM_CONTROL',
  'DEVICE_CONTROL',
  'INTERNAL_DEVICE_CONTROL',
  'SHUTDOWN',
  'LOCK_CONTROL',
  'CLEANUP',
  'CREATE_MAILSLOT',
  'QUERY_SECURITY',
  'SET_SECURITY',
  'POWER',
  'SYSTEM_CONTROL',
  'DEVICE_CHANGE',
  'QUERY_QUOTA',
  'SET_QUOTA',
  'PNP',
];

/** "IRP_MJ_READ". */
export function majorName(major: number): string {
  const name = majorNames[major];
  return name === undefined ? `major function ${major}` : `IRP_MJ_${name}`;
}

const pnpNames = [
  'START_DEVICE',
  'QUERY_REMOVE_DEVICE',
  'REMOVE_DEVICE',
  'CANCEL_REMOVE_DEVICE',
  'STOP_DEVICE',
  'QUERY_STOP_DEVICE',
  'CANCEL_STOP_DEVICE',
  'QUERY_DEVICE_RELATIONS',
  'QUERY_INTERFACE',
  'QUERY_CAPABILITIES',
  'QUERY_RESOURCES',
  'QUERY_RESOURCE_REQUIREMENTS',
  'QUERY_DEVICE_TEXT',
  'FILTER_RESOURCE_REQUIREMENTS',
  undefined,
  'READ_CONFIG',
  'WRITE_CONFIG',
  'EJECT',
  'SET_LOCK',
  'QUERY_ID',
  'QUERY_PNP_DEVICE_STATE',
  'QUERY_BUS_INFORMATION',
  'DEVICE_USAGE_NOTIFICATION',
  'SURPRISE_REMOVAL',
  'QUERY_LEGACY_BUS_INFORMATION',
  'DEVICE_ENUMERATED',
];
const powerNames = ['WAIT_WAKE', 'POWER_SEQUENCE', 'SET_POWER', 'QUERY_POWER'];

/** "IRP_MN_START_DEVICE"; undefined of major functions whose minor ones say nothing. */
function minorName(major: number, minor: number): string | undefined {
  const names = major === majors.pnp ? pnpNames : major === majors.power ? powerNames : [];
  const name = names[minor];
  return name === undefined ? undefined : `IRP_MN_${name}`;
}

const withCode: readonly number[] = [majors['fs-control'], majors.control, majors['internal-control']];

/**
 * What a request asks for, in the shortest words that say it: "IOCTL_DOT4_READ", or "0x222004" where nobody names the
 * code, "IRP_MN_START_DEVICE", "IRP_MJ_READ".
 */
export function requestName(
  kernel: Kernel,
  { major, minor, code }: { readonly major: number; readonly minor: number; readonly code: number },
): string {
  if (withCode.includes(major)) return controlCodeText(kernel, code);
  return minorName(major, minor) ?? majorName(major);
}

/** `code` is unsigned. */
function controlCodeText(kernel: Kernel, code: number): string {
  return kernel.types.controlCode(code) ?? `0x${code.toString(16).toUpperCase()}`;
}
