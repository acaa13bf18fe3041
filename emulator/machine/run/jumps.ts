/**
 * setjmp and longjmp. The guest's jmp_buf holds a number; where it stands is kept beside the thread, where no guest bug
 * reaches it. A jump to a function that has returned is a fault, where Windows would go on in a frame that is gone.
 */
import { defined } from '../../../base/assert.ts';
import { operationFault } from '../faults.ts';
import { createGuestMemory } from '../memory/guest-memory.ts';
import { DEAD_FRAME } from '../memory/shadow.ts';
import type { GuestAddress } from '../native.ts';
import { WORDS } from '../opcodes.ts';
import type { MachineState } from './state.ts';
import { activate, activationOf, type ThreadState } from './thread.ts';

/** Places kept for one thread; the oldest are forgotten. */
const JUMPS_MAX = 4096;

/** The thread stands at the call of setjmp, whose result goes into the first register of `window`. */
export function setJump(m: MachineState, thread: ThreadState, buffer: GuestAddress, window: number): void {
  const key = BigInt(m.nextJump++);
  createGuestMemory(m.store).writeU64(buffer, key);
  const { controlTop } = thread;
  thread.jumps.set(key, {
    at: activationOf(thread),
    controlTop,
    control: [...thread.control.subarray(0, controlTop)],
    nativeCount: thread.natives.length,
    window,
  });
  if (thread.jumps.size > JUMPS_MAX) thread.jumps.delete(defined(thread.jumps.keys().next().value, 'the oldest jump'));
}

/** Leaves the thread behind the call of setjmp that filled the buffer, with `value` (1 for 0) as its result. */
export function longJump(m: MachineState, thread: ThreadState, buffer: GuestAddress, value: number): void {
  const target = thread.jumps.get(createGuestMemory(m.store).readU64(buffer));
  if (target === undefined)
    throw operationFault('bad-jump', 'the buffer was not filled by setjmp in this thread', buffer);
  const stands =
    target.controlTop <= thread.controlTop &&
    target.nativeCount <= thread.natives.length &&
    target.control.every((word, i) => word === thread.control[i]);
  if (!stands) throw operationFault('bad-jump', 'the function that called setjmp has returned', buffer);
  if (target.at.top > thread.top) m.store.shadow8.fill(DEAD_FRAME, thread.top, target.at.top);
  thread.natives.length = target.nativeCount;
  thread.controlTop = target.controlTop;
  activate(thread, target.at);
  thread.words[target.window] = value === 0 ? 1 : value;
  thread.pc += WORDS;
}
