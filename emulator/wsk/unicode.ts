/** UNICODE_STRING in guest memory as text. */
import type { Kernel } from '../kernel/kernel-types.ts';
import type { GuestAddress } from '../machine/native.ts';

/** Text of a UNICODE_STRING; '' for NULL. */
export function readUnicode(kernel: Kernel, address: GuestAddress): string {
  if (address === 0n) return '';
  const view = kernel.view('UNICODE_STRING', address);
  const length = view.getNumber('Length');
  if (length === 0) return '';
  const bytes = kernel.memory.readBytes(view.getPointer('Buffer'), length);
  let text = '';
  for (let i = 0; i + 1 < bytes.length; i += 2)
    text += String.fromCharCode((bytes[i] ?? 0) | ((bytes[i + 1] ?? 0) << 8));
  return text;
}

export function utf16Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  for (let i = 0; i < text.length; i++) {
    bytes[2 * i] = text.charCodeAt(i) & 0xff;
    bytes[2 * i + 1] = text.charCodeAt(i) >> 8;
  }
  return bytes;
}
