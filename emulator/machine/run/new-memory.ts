/**
 * New memory gets its type: padding of the records that it is for is not "never written yet".
 *
 * In: the address that a native function gave to the driver. Where a block of the pool begins there and the result
 * becomes a pointer to a record, here or in a caller that got it handed through (`return ExAllocatePool2(…)` in a
 * function of the driver's own), the padding in the block is forgiven. A block gets a type once.
 */
import type { CType } from '../../../cfront/types/types.ts';
import { highWord, KERNEL_HIGH, lowWord } from '../memory/layout.ts';
import { regionAtOffset } from '../memory/regions.ts';
import { UNINITIALISED } from '../memory/shadow.ts';
import type { GuestAddress } from '../native.ts';
import { forgivePadding } from '../padding.ts';
import type { CallShape } from '../program.ts';
import type { MachineState } from './state.ts';
import type { ThreadState } from './thread.ts';

/** Functions through which a new block may be handed on. */
const CALLERS_MAX = 4;

export function typeNewMemory(m: MachineState, thread: ThreadState, address: bigint, shape: CallShape): void {
  if (highWord(address) !== KERNEL_HIGH) return;
  const offset = lowWord(address) >>> 0;
  const { shadow8 } = m.store;
  if (((shadow8[offset] ?? 0) & UNINITIALISED) === 0) return;
  const region = regionAtOffset(m.store, offset);
  if (region?.kind !== 'pool' || region.offset !== offset) return;
  const type = shape.pointee ?? pointeeInCallers(m, thread);
  if (type?.kind === 'record') forgivePadding(shadow8, offset, type, region.size);
}

/** Lets the kernel know the record that a block is for, so that what lies in it has a name. */
export function tellWhatFor(m: MachineState, thread: ThreadState, address: bigint, shape: CallShape): void {
  const { natives } = m;
  const type = natives.madeFor === undefined ? undefined : (shape.pointee ?? pointeeInCallers(m, thread));
  if (type?.kind === 'record') natives.madeFor?.(address as GuestAddress, type.definition);
}

function pointeeInCallers(m: MachineState, thread: ThreadState): CType | undefined {
  for (let up = 1; up <= CALLERS_MAX; up++) {
    const back = thread.control[thread.controlTop - 5 * up] ?? -1;
    const shape = back < 5 ? undefined : m.program.calls[m.program.code[back - 1] ?? -1];
    if (shape?.resultType.kind !== 'pointer') return undefined;
    if (shape.pointee !== undefined) return shape.pointee;
  }
  return undefined;
}
