/** NTSTATUS values and other constants of the headers by name, so that no number is written by hand. */
import type { Kernel } from '../kernel/kernel-types.ts';

/** As the driver sees it: a signed 32-bit integer. */
export function ntstatus(kernel: Kernel, name: `STATUS_${string}`): number {
  return kernel.types.constant(name) | 0;
}

/** A constant as an unsigned 32-bit integer, for flags and option codes. */
export function constant(kernel: Kernel, name: string): number {
  return kernel.types.constant(name) >>> 0;
}
