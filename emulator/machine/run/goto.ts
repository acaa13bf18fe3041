/**
 * A debugger's jump: a thread that stands before a statement goes on at another one of the same call.
 *
 * Between statements no value is in a temporary register: all that the code of a function relies on lies in its
 * variables, but for what a `__try` keeps, and for objects of blocks, which are dead outside of them. So a jump within one
 * function is what a goto would be, as long as it neither enters nor leaves a `__try`, nor enters a block whose objects
 * are dead. Anything else is refused and changes nothing.
 */
import { DEAD_FRAME } from '../memory/shadow.ts';
import { BEGINS_STATEMENT, WORDS } from '../opcodes.ts';
import type { DebugVariable, Routine, TryRange } from '../program.ts';
import { standsBeforeStatement } from './beginning.ts';
import { type MachineState, routineAt } from './state.ts';
import type { ThreadState } from './thread.ts';

/** Undefined when the thread stands before the statement now; else why it can't. */
export function jump(m: MachineState, thread: ThreadState, statement: number): string | undefined {
  if (!standsBeforeStatement(m, thread))
    return 'the thread is in the middle of a statement; step to the next one first';
  const routine = routineAt(m, thread.pc);
  const target = routine === undefined ? undefined : positionOf(m, routine, statement);
  if (routine === undefined || target === undefined) return 'it is in another function than the thread';
  if (routine.tries.some((one) => partAt(one, thread.pc) !== partAt(one, target))) {
    return 'a __try, or a part of one, lies around one of the two places and not around the other';
  }
  const dead = routine.variables.find((one) => isDeadAt(m, thread, one, target));
  if (dead !== undefined) return `${dead.symbol.name} does not exist there before its block is entered`;
  thread.pc = target;
  return undefined;
}

function positionOf(
  { program: { code } }: MachineState,
  { entry, end }: Routine,
  statement: number,
): number | undefined {
  for (let at = entry; at < end; at += WORDS) {
    if (BEGINS_STATEMENT[code[at] ?? 0] === true && code[at + 1] === statement) return at;
  }
  return undefined;
}

function partAt(range: TryRange, at: number): 'body' | 'filter' | 'handler' | 'outside' {
  if (range.start <= at && at < range.end) return 'body';
  if (range.handler <= at && at < range.handlerEnd) return 'handler';
  return range.filter >= 0 && range.filter <= at && at < range.handler ? 'filter' : 'outside';
}

/** The name means the variable at the target, and its memory is that of a block that was left. */
function isDeadAt(m: MachineState, thread: ThreadState, { place, start, end }: DebugVariable, target: number): boolean {
  if (place.kind !== 'frame' || target < start || target >= end) return false;
  return ((m.store.shadow8[thread.frame + place.offset] ?? 0) & DEAD_FRAME) !== 0;
}
