/**
 * The driver touches bytes that are watched: of an IRP that it has given away, or of a buffer that a subsystem fills.
 * Whoever watches them says what is wrong, and watches them no longer.
 */
import type { GuestAddress } from '../../machine/native.ts';
import type { Kernel, MemoryTouch } from '../kernel-types.ts';
import { givenAwayTouched } from './given-away.ts';

/** The access is made after this. */
export function watchedTouched(kernel: Kernel, touch: MemoryTouch): void {
  const { subsystems } = kernel.parts.tables;
  if (!subsystems.some((subsystem) => subsystem.memoryTouched?.(kernel, touch) === true))
    givenAwayTouched(kernel, touch);
}

/** A function that touches memory in the driver's name is about to. */
export function askBeforeTouch(
  kernel: Kernel,
  address: GuestAddress,
  size: number,
  access: MemoryTouch['access'],
): void {
  // Each of them answers for its own bytes.
  for (let asked = 0; asked < watchersMax; asked++) {
    const at = kernel.memory.firstWatched(address, size);
    if (at === undefined) return;
    watchedTouched(kernel, { address: at, size: size - Number(at - address), access });
  }
}

/** More watchers than this in one block are not told one by one. */
const watchersMax = 8;
