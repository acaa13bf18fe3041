/** What the C library remembers between calls. */
import { type GuestAddress, NULL_ADDRESS } from '../../machine/native.ts';

export interface LibraryState {
  /** Where strtok goes on. */
  tokenAt: GuestAddress;
  /** Of rand. */
  randomSeed: number;
  /** Functions of atexit, in the order of their registration. */
  readonly atExit: GuestAddress[];
}

export function createLibraryState(): LibraryState {
  return { tokenAt: NULL_ADDRESS, randomSeed: 1, atExit: [] };
}
