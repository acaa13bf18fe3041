/** The control codes of d4drvif.h, and which of them a request has. */
import type { StructView } from '../kernel-types.ts';
import { majors, methods } from './request-codes.ts';

const fileDeviceDot4 = 0x3a;
const userBase = 2049;

function controlCode(index: number, method: keyof typeof methods): number {
  return (fileDeviceDot4 << 16) | ((userBase + index) << 2) | methods[method];
}

export const dot4Codes = {
  openChannel: controlCode(0, 'out-direct'),
  closeChannel: controlCode(1, 'buffered'),
  read: controlCode(2, 'out-direct'),
  write: controlCode(3, 'in-direct'),
  addActivityBroadcast: controlCode(4, 'buffered'),
  removeActivityBroadcast: controlCode(5, 'buffered'),
  waitActivityBroadcast: controlCode(6, 'out-direct'),
  createSocket: controlCode(7, 'out-direct'),
  destroySocket: controlCode(9, 'out-direct'),
} as const;

/** Undefined for a request that is no control request. */
export function controlCodeOf(location: StructView): number | undefined {
  const major = location.getNumber('MajorFunction');
  if (major !== majors.control && major !== majors['internal-control']) return undefined;
  return location.getNumber('Parameters.DeviceIoControl.IoControlCode') >>> 0;
}
