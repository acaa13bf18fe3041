/**
 * The RegistryPath of DriverEntry: a counted string in memory of the I/O manager. Nothing promises a zero behind it, so
 * whoever reads up to one is told; Windows happens to have one there, and so has this.
 */
import type { GuestAddress } from '../../machine/native.ts';
import type { Kernel } from '../kernel-types.ts';
import { writeUnicodeString } from './devices.ts';

/** The address of its UNICODE_STRING; undefined when memory is used up. */
export function createRegistryPath(kernel: Kernel, text: string): GuestAddress | undefined {
  const size = kernel.types.sizeOf('UNICODE_STRING');
  const region = kernel.memory.allocate({ size, kind: 'object', label: 'RegistryPath' });
  if (region === undefined) return undefined;
  writeUnicodeString(kernel, region.start, text);
  const start = kernel.view('UNICODE_STRING', region.start).getPointer('Buffer');
  kernel.parts.io.registryPath = { start, end: (start + BigInt(text.length * 2)) as GuestAddress, isTold: false };
  return region.start;
}
