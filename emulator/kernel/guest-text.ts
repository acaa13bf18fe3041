/** Strings in guest memory, as JavaScript strings of code units: one per byte, or one per UTF-16 unit. */
import type { GuestAddress } from '../machine/native.ts';
import type { Kernel } from './kernel-types.ts';

export interface TextRequest {
  /** Bytes per character. */
  readonly unit: 1 | 2;
  /** Characters at most. */
  readonly limit?: number | undefined;
  /** Exactly `limit` characters, zeros included. */
  readonly isCounted?: boolean;
}

/** Characters after which a string without an end is cut. */
export const textMax = 1_000_000;

/** Up to the terminating zero, or the limit. A string that leaves its memory is a fault there. */
export function readText(kernel: Kernel, address: GuestAddress, request: TextRequest): string {
  const { memory } = kernel;
  const limit = Math.min(request.limit ?? textMax, textMax);
  const units: string[] = [];
  for (let i = 0; i < limit; i++) {
    const at = (address + BigInt(i * request.unit)) as GuestAddress;
    const code = request.unit === 1 ? memory.readU8(at) : memory.readU16(at);
    if (code === 0 && request.isCounted !== true) break;
    units.push(String.fromCharCode(code));
  }
  return units.join('');
}

/** Writes characters, without a terminating zero. */
export function writeText(kernel: Kernel, address: GuestAddress, text: string, unit: 1 | 2): void {
  const bytes = new Uint8Array(text.length * unit);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    bytes[i * unit] = code & 0xff;
    if (unit === 2) bytes[i * unit + 1] = code >> 8;
  }
  if (bytes.length > 0) kernel.memory.writeBytes(address, bytes);
}

/** The text of a UNICODE_STRING. */
export function unicodeString(kernel: Kernel, address: GuestAddress): string {
  const view = kernel.view('UNICODE_STRING', address);
  const length = view.getNumber('Length') >> 1;
  return length === 0 ? '' : readText(kernel, view.getPointer('Buffer'), { unit: 2, limit: length, isCounted: true });
}
