// Values that no driver means as a status: -1, bits that NTSTATUS reserves, facilities that nobody has, the status that
// only a completion routine returns, small numbers that are Win32 errors or a BOOLEAN, and HRESULTs of Win32 errors. What
// comes of a variable without a value mostly looks like one of these.

import type { Kernel } from '../kernel-types.ts';
import { statusName } from '../status-names.ts';
import { STATUS_MORE_PROCESSING_REQUIRED, STATUS_USER_APC } from '../statuses.ts';

/** C: the code is the vendor's own, and may have any facility. */
const customerBit = 0x2000_0000;
const reservedBit = 0x1000_0000;
/** Microsoft's facilities for NTSTATUS are less than this. */
const facilitiesMax = 0x100;

/** STATUS_ABANDONED_WAIT_0 to STATUS_USER_APC: what a wait came to, passed on. */
const firstAbandoned = 0x80;
/** HRESULT_FROM_WIN32. */
const win32Result = 0x8007;

export function isSuspicious(kernel: Kernel, status: number): boolean {
  if (status === 0) return false;
  if (status === -1 || status === STATUS_MORE_PROCESSING_REQUIRED || status >>> 16 === win32Result) return true;
  // STATUS_WAIT_n is what a wait returns, and no result of a request; those above it are told by their names.
  const isOfWait = status >= firstAbandoned && status <= STATUS_USER_APC;
  if (status >>> 16 === 0 && !isOfWait) return statusName(kernel.parts.tables.headers(), status) === undefined;
  if ((status & customerBit) !== 0) return false;
  return (status & reservedBit) !== 0 || ((status >>> 16) & 0xfff) >= facilitiesMax;
}
