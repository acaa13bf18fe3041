/**
 * IRPs whose members are watched, because whoever gave them away must not touch them: what is watched, and until when. Who
 * touches them all the same is judged in verifier/given-away.ts.
 */
import type { GuestAddress } from '../../machine/native.ts';
import type { IrpRecord, Kernel } from '../kernel-types.ts';
import { offsetAddress } from '../struct-view.ts';
import { irpOffsets, locationAddress } from './irp-offsets.ts';

export interface GivenAway {
  /** By a call that has left the IRP with somebody, or by completing it. */
  readonly how: 'sent' | 'completed';
  readonly call: string;
  /** Its former owner's frames; undefined: nobody of the driver may touch it. */
  readonly former: FormerFrames | undefined;
  /** The former owner's stack location, from 1; 0 where it has none. */
  readonly location: number;
}

export interface FormerFrames {
  readonly threadId: number;
  readonly frames: readonly { readonly functionName: string; readonly base: GuestAddress }[];
}

const IO_STATUS_SIZE = 16;

/** Watches an IRP that a call has left pending with somebody outside of the driver; `location` is the caller's. */
export function watchHeld(kernel: Kernel, record: IrpRecord, location: number): void {
  watchIrp(kernel, record, { how: 'sent', call: record.call ?? 'a lower driver', former: undefined, location });
}

/** The IRP is on its way again, or is somebody's whom nobody needs to watch. */
export function unwatchIrp(kernel: Kernel, record: IrpRecord): void {
  const { givenAway } = record;
  if (givenAway === undefined) return;
  record.givenAway = undefined;
  setWatch(kernel, record, givenAway, 'unwatch');
}

/** Watches an IRP's status, and the stack location of whoever has given it away. */
export function watchIrp(kernel: Kernel, record: IrpRecord, given: GivenAway): void {
  unwatchIrp(kernel, record);
  record.givenAway = given;
  setWatch(kernel, record, given, 'watch');
}

function setWatch(kernel: Kernel, record: IrpRecord, { location }: GivenAway, how: 'watch' | 'unwatch'): void {
  const at = irpOffsets(kernel);
  kernel.memory[how](offsetAddress(record.address, at.status), IO_STATUS_SIZE);
  if (location < 1 || location > record.stackSize) return;
  kernel.memory[how](locationAddress(at, record.address, location), at.locationSize);
}
