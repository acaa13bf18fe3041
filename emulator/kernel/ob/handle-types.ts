/** A handle as the object manager keeps it. */
import type { Span } from '../../../base/source.ts';
import type { GuestAddress } from '../../machine/native.ts';

export interface HandleRecord {
  readonly value: bigint;
  readonly object: GuestAddress;
  /** What it allows, in the rights of the object's type. */
  readonly access: number;
  readonly openedAt: Span | undefined;
  readonly isDrivers: boolean;
  /** The process in whose table it is; undefined for a handle of the kernel, which is good in every process. */
  readonly process: GuestAddress | undefined;
}
