/** What was accessed, where and how, in words: a fault comes in, pieces of its finding's sentence go out. */

import { unreachable } from '../../base/assert.ts';
import { countText } from '../../base/count.ts';
import type { Span } from '../../base/source.ts';
import type { Fault } from '../machine/machine-types.ts';
import type { Kernel } from './kernel-types.ts';
import { describeAddress } from './places.ts';
import { statusText } from './status-names.ts';

export function accessText(fault: Fault): string {
  const bytes = countText(sizeOfAccess(fault), 'byte');
  switch (fault.access) {
    case 'read':
      return `Reads ${bytes}`;
    case 'write':
      return `Writes ${bytes}`;
    case 'execute':
      return 'Executes';
    case 'none':
      return 'Goes wrong';
    default:
      return unreachable(fault.access);
  }
}

export function named(fault: Fault): string {
  return fault.detail === '' || fault.detail === fault.region?.label ? '' : ` (${fault.detail})`;
}

/** "b[i], which has not been given a value: byte 15 of local b of DriverEntry"; a call has no expression but a place. */
export function unwrittenText(fault: Fault, isInCall: boolean, where: string): string {
  const { detail, region } = fault;
  const what = 'which has not been given a value';
  const offset = region === undefined ? 0n : fault.address - region.start;
  const byte = offset === 0n && region?.size === fault.size ? '' : `byte ${offset} of `;
  if (isInCall || detail === '') return `${region === undefined ? where : `${byte}${region.label}`}, ${what}`;
  // A local in a register has a name alone, and one that is named need not be named twice.
  if (region === undefined || region.label.startsWith(`local ${detail} of `)) return `${detail}, ${what}`;
  return `${detail}, ${what}: ${byte}${region.label}`;
}

export function sourceText({ file, start, end }: Span): string {
  return file.text.slice(start, end).replace(/\s+/g, ' ');
}

/** "pool block 'Lstn' of 16 bytes, by 4 bytes behind its end". */
export function boundsText(kernel: Kernel, fault: Fault): string {
  const { region } = fault;
  if (region === undefined) return describeAddress(kernel, fault.address);
  const end = region.start + BigInt(region.size);
  const last = (fault.start ?? fault.address) + sizeOfAccess(fault);
  const how =
    fault.address < region.start
      ? `${countText(region.start - fault.address, 'byte')} before its start`
      : `${countText(last - end, 'byte')} past its end`;
  return `${region.label} of ${countText(BigInt(region.size), 'byte')}: ${how}`;
}

/** A negative size is one of 64 bits that wrapped. */
function sizeOfAccess({ size }: Fault): bigint {
  return BigInt.asUintN(64, BigInt(size));
}

/** "STATUS_ACCESS_VIOLATION (0xC0000005)", or what the fault says where that is no status with a name. */
export function exceptionText(kernel: Kernel, detail: string): string {
  const text = statusText(kernel, Number(detail) | 0);
  return text.startsWith('STATUS_') ? `${text} (${detail})` : detail;
}
