/**
 * The loop that runs one thread: guest code in the interpreter, natives in between, and what stops it.
 *
 * Everything that can go wrong in guest code comes to `run` as a `GuestFault` and leaves it as a `RunStop`.
 */
import { assert } from '../../../base/assert.ts';
import { GuestFault } from '../faults.ts';
import type { Fault, RunStop } from '../machine-types.ts';
import { overlookByte } from '../memory/guest-memory.ts';
import { Op, WORDS } from '../opcodes.ts';
import { EXIT } from '../vm/host.ts';
import { execute } from '../vm/vm.ts';
import { describeFault } from './describe.ts';
import { filterEnded, isGuarded, raiseFault, unwind } from './exceptions.ts';
import { endThread, resumeNative, settle, startThread } from './natives.ts';
import type { MachineState } from './state.ts';
import { type ThreadState, TO_NATIVE } from './thread.ts';
import { registerValue } from './values.ts';
import { warmUpOnce } from './warm-up.ts';

/**
 * From here on a run is long: what the warm-up costs, some tenths of a second, comes back many times. Most runs of a
 * driver are over long before.
 */
const STATEMENTS_COLD = 20_000_000;
const IN_GUEST = { kind: 'guest' } as const;
/** A context's result is its own. */
const TO_ITSELF = { kind: 'thread' } as const;

/** Runs a thread until it stops; what guest code does wrong leaves here as a `RunStop`. */
export function run(m: MachineState, thread: ThreadState, budget: number): RunStop {
  assert(m.current === undefined, 'a machine runs one thread at a time');
  assert(budget < 2 ** 31, 'the interpreter counts statements in 32 bits');
  if (thread.state === 'ended') return { kind: 'ended' };
  if (thread.state === 'blocked') return { kind: 'blocked' };
  if (m.statementsBefore > STATEMENTS_COLD) warmUpOnce();
  m.current = thread;
  m.budget = budget;
  m.host.left = budget;
  m.hasMarks = m.mayHaveMarks && m.pauseMarks.includes(1);
  // Where the statement of the last pause has no mark any more, the interpreter runs over it without asking.
  if (m.host.marks()[m.program.code[thread.pc + 1] ?? 0] === 0) thread.passesMark = false;
  try {
    for (;;) {
      const stop = step(m, thread);
      if (stop !== undefined) return stop;
    }
  } finally {
    m.statementsBefore += budget - m.host.left;
    m.budget = 0;
    m.host.left = 0;
    m.current = undefined;
  }
}

function step(m: MachineState, thread: ThreadState): RunStop | undefined {
  try {
    return advance(m, thread);
  } catch (error) {
    if (!(error instanceof GuestFault)) throw error;
    const { fault } = error;
    if (overlook(m, thread, fault)) return undefined;
    if (fault.kind === 'breakpoint-instruction' && m.breaksAtInstruction(thread)) {
      thread.pc += WORDS;
      return { kind: 'paused', atInstruction: true };
    }
    // What it is about is described where it happened: filters run in other frames.
    return raiseFault(m, thread, describeFault(m, thread, fault));
  }
}

/** Reports a fault after which the run may go on; the instruction is executed once more and passes. */
function overlook(m: MachineState, thread: ThreadState, fault: Fault): boolean {
  switch (fault.kind) {
    case 'shift-out-of-range':
    case 'argument-mismatch':
      if (!m.tolerates(thread, describeFault(m, thread, fault))) return false;
      m.overlooked.add(thread.pc);
      return true;
    case 'watched-memory':
      // The kernel watches these bytes no longer.
      return m.tolerates(thread, describeFault(m, thread, fault));
    case 'unchecked-user-memory':
      // The kernel has been told, and lets the same access pass.
      return m.tolerates(thread, { ...describeFault(m, thread, fault), detail: isGuarded(m, thread) ? 'guarded' : '' });
    case 'uninitialised-read': {
      // A native that was asked already says so itself; what it has done can't be done again.
      const op = m.program.code[thread.pc];
      if (op === Op.CALLN || op === Op.CALLI) return false;
      // The other bytes of the same access come one by one.
      const isSame = m.asked?.pc === thread.pc && fault.address > m.asked.from && fault.address < m.asked.end;
      if (!isSame && !m.tolerates(thread, describeFault(m, thread, fault))) return false;
      if (!isSame) m.asked = { pc: thread.pc, from: fault.address, end: fault.address + BigInt(fault.size) };
      if (op === Op.CHECK) thread.words[thread.fp + (m.program.code[thread.pc + 1] ?? 0)] = 1;
      else overlookByte(m.store, fault.address);
      return true;
    }
    default:
      return false;
  }
}

function advance(m: MachineState, thread: ThreadState): RunStop | undefined {
  const { next } = thread;
  thread.next = IN_GUEST;
  if (next.kind === 'start') return startThread(m, thread, next.entry, next.arguments);
  if (next.kind === 'resume') return resumeNative(m, thread, next.value);
  if (next.kind === 'context') return settle(m, thread, m.natives.begin(thread), TO_ITSELF);
  switch (execute(m.vmProgram, thread, m.host)) {
    case EXIT.attention:
      return attend(m, thread);
    case EXIT.returned: {
      const form = thread.pc === TO_NATIVE ? thread.natives.at(-1)?.resultForm : thread.resultForm;
      const value = registerValue(thread, thread.fp, form ?? thread.resultForm);
      return thread.pc === TO_NATIVE ? resumeNative(m, thread, value) : endThread(thread, value);
    }
    case EXIT.native: {
      const { pending } = m;
      assert(pending !== undefined, 'a native left what it said');
      m.pending = undefined;
      return settle(m, thread, pending.result, pending.returnTo);
    }
    case EXIT.unwind:
      return unwind(m, thread);
    case EXIT.filter:
      return filterEnded(m, thread);
  }
}

/** Before a statement: the budget is used up, or somebody wants to look. */
function attend(m: MachineState, thread: ThreadState): RunStop | undefined {
  if (m.host.left === 0) return { kind: 'budget' };
  const statement = m.program.code[thread.pc + 1] ?? 0;
  if (!thread.passesMark && (m.pauseAlways || m.pauseMarks[statement] !== 0) && m.shouldPause(thread, statement)) {
    thread.passesMark = true;
    return { kind: 'paused' };
  }
  thread.passesMark = false;
  m.host.left--;
  thread.pc += 5;
  return undefined;
}
