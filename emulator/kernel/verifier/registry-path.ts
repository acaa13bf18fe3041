/** Whether a text that a function has read up to its zero is the RegistryPath of DriverEntry, which need not have one. */
import type { GuestAddress } from '../../machine/native.ts';
import type { Kernel } from '../kernel-types.ts';

/** A text was read up to the zero at `end`. */
export function checkRegistryPath(kernel: Kernel, start: GuestAddress, end: bigint): void {
  const path = kernel.parts.io.registryPath;
  if (path === undefined || path.isTold || end !== path.end || start < path.start) return;
  path.isTold = true;
  const call = kernel.parts.currentCall;
  kernel.report({
    rule: 'string-not-terminated',
    // A promise that Windows never gave and has always kept: nothing goes wrong with it today.
    severity: 'info',
    message: `${call === undefined ? 'The driver' : call.name} reads RegistryPath->Buffer up to a terminating zero, but it is a counted string: nothing promises one behind its Length bytes. Use the UNICODE_STRING itself (%wZ), or copy it into a buffer that is two bytes longer.`,
  });
}
