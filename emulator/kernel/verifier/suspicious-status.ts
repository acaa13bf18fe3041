// Values that no driver means as a status: -1, bits that NTSTATUS reserves, facilities that nobody has, and the status
// that only a completion routine returns. What comes of a variable without a value mostly looks like one of these.

import { STATUS_MORE_PROCESSING_REQUIRED } from '../statuses.ts';

/** C: the code is the vendor's own, and may have any facility. */
const customerBit = 0x2000_0000;
const reservedBit = 0x1000_0000;
/** Microsoft's facilities for NTSTATUS are less than this. */
const facilitiesMax = 0x100;

export function isSuspicious(status: number): boolean {
  if (status === -1 || status === STATUS_MORE_PROCESSING_REQUIRED) return true;
  if ((status & customerBit) !== 0) return false;
  return (status & reservedBit) !== 0 || ((status >>> 16) & 0xfff) >= facilitiesMax;
}
