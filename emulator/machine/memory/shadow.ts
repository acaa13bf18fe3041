/**
 * Shadow state: one byte for every byte of guest memory that says what may be done with it.
 *
 * 0 is ordinary memory. Every reason to look closer is a bit, so that one 32-bit compare clears four bytes at once.
 * The lower half of a shadow byte qualifies memory that is in use; the upper half marks bytes nobody may touch.
 */
import type { Fault } from '../machine-types.ts';

/** Never written since it was allocated. */
export const UNINITIALISED = 0x01;
export const READ_ONLY = 0x02;
/** Pageable: not to be touched at DISPATCH_LEVEL or above. */
export const PAGED = 0x04;
/** Belongs to the user-mode address range. */
export const USER = 0x08;
/** Around a region: past its end or before its start. */
export const RED_ZONE = 0x10;
export const FREED = 0x20;
/** Stack memory that no frame uses now. */
export const DEAD_FRAME = 0x40;
/** Never given to anybody. */
export const UNMAPPED = 0x80;

/** Bits that make any access wrong. */
export const INACCESSIBLE = RED_ZONE | FREED | DEAD_FRAME | UNMAPPED;

/**
 * Ordinary memory, or such that was never written, of which the kernel is asked when guest code touches it
 * ('watched-memory'). No byte has both bits otherwise.
 */
export const WATCHED = FREED | DEAD_FRAME;

export function isWatchedState(state: number): boolean {
  return (state & ~UNINITIALISED) === WATCHED;
}

/** `bits` in each of the four bytes of a word. */
export function inEachByte(bits: number): number {
  return Math.imul(bits, 0x01010101);
}

/** What is wrong with touching a byte in this state; undefined when nothing is. */
export function faultKind(state: number, access: 'read' | 'write', irql: number): Fault['kind'] | undefined {
  if ((state & INACCESSIBLE) !== 0) {
    if ((state & FREED) !== 0) return 'use-after-free';
    if ((state & DEAD_FRAME) !== 0) return 'use-after-return';
    return (state & RED_ZONE) !== 0 ? 'out-of-bounds' : 'wild-address';
  }
  if ((state & PAGED) !== 0 && irql >= DISPATCH_LEVEL) return 'paged-at-raised-irql';
  if (access === 'write') return (state & READ_ONLY) !== 0 ? 'write-to-read-only' : undefined;
  return (state & UNINITIALISED) !== 0 ? 'uninitialised-read' : undefined;
}

const DISPATCH_LEVEL = 2;
