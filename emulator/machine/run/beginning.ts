/**
 * Whether a thread stands where a call begins. In: a thread, and what the frame at its depth executed last. Out: true only
 * before the first statement of a function, where that is no loop's way back to it.
 *
 * The running code keeps no count of calls, so that one which follows another at the same depth is told from a loop by
 * the code: from the last statement of the call before, the way does not lead to the first without leaving the
 * function. The walk ends because it looks at each instruction once.
 */
import { BEGINS_STATEMENT, JUMP_OPERAND, Op, WORDS } from '../opcodes.ts';
import type { LinkedProgram } from '../program.ts';
import { type MachineState, routineAt } from './state.ts';
import type { ThreadState } from './thread.ts';

/** `after` is a statement; 'less-deep' where the thread has been in a caller since, 'unknown' where nobody has looked. */
export function beginsCall(m: MachineState, thread: ThreadState, after: number | 'less-deep' | 'unknown'): boolean {
  const { program } = m;
  const routine = standsBeforeStatement(m, thread) ? routineAt(m, thread.pc) : undefined;
  if (routine === undefined || !leadsTo(program, routine.entry, thread.pc)) return false;
  if (after === 'less-deep') return true;
  for (let at = routine.entry; at < routine.end; at += WORDS) {
    if (BEGINS_STATEMENT[program.code[at] ?? 0] !== true) continue;
    if (after !== 'unknown' && program.code[at + 1] !== after) continue;
    if (leadsTo(program, at + WORDS, thread.pc)) return false;
  }
  return true;
}

/** The thread is to go on in guest code, and no native waits on top of it. */
export function standsBeforeStatement(m: MachineState, thread: ThreadState): boolean {
  if (thread.state !== 'ready' || thread.next.kind !== 'guest') return false;
  if (thread.natives.at(-1)?.controlTop === thread.controlTop) return false;
  return BEGINS_STATEMENT[m.program.code[thread.pc] ?? 0] === true;
}

/** From an instruction, the next statement may be that one. Where a `__finally` goes on is not looked for: anywhere. */
function leadsTo({ code, jumpTables }: LinkedProgram, from: number, statement: number): boolean {
  const seen = new Set<number>();
  const open = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === statement) return true;
    const op = code[at] ?? 0;
    if (seen.has(at) || BEGINS_STATEMENT[op] === true) continue;
    seen.add(at);
    if (op === Op.ENDSUB) return true;
    if (op === Op.RET || op === Op.RETV || op === Op.RETNONE || op === Op.ENDFILTER) continue;
    if (op === Op.SWITCH) open.push(...(jumpTables[code[at + 4] ?? 0] ?? []));
    const target = JUMP_OPERAND[op] ?? -1;
    if (target >= 0) open.push(code[at + 1 + target] ?? 0);
    if (op !== Op.JMP && op !== Op.GOSUB) open.push(at + WORDS);
  }
  return false;
}
