/**
 * Structured exceptions at run time, in Windows' two passes.
 *
 * First the filters of the enclosing `__except` blocks are asked, from the inside out, while all frames still stand;
 * then, for the one that takes it, the frames in between are unwound and their `__finally` blocks run. The search ends
 * at a native frame: an exception does not pass through the kernel.
 */
import { defined } from '../../../base/assert.ts';
import type { Fault, RunStop } from '../machine-types.ts';
import { USER_LIMIT } from '../memory/layout.ts';
import { DEAD_FRAME } from '../memory/shadow.ts';
import type { GuestAddress } from '../native.ts';
import type { TryRange } from '../program.ts';
import { type MachineState, routineAt } from './state.ts';
import { type Activation, activate, activationOf, type Dispatch, type ThreadState } from './thread.ts';

const STATUS_ACCESS_VIOLATION = 0xc0000005 | 0;

/** A native raises `code` at the call at which the thread stands. */
export function raise(m: MachineState, thread: ThreadState, code: number, isInGuest: boolean): RunStop | undefined {
  const detail = `0x${(code >>> 0).toString(16).toUpperCase().padStart(8, '0')}`;
  const fault: Fault = {
    kind: 'unhandled-exception',
    access: 'none',
    address: 0n as GuestAddress,
    size: 0,
    detail,
    region: undefined,
  };
  return dispatch(m, thread, { code, fault, continuesAt: 'next', isInGuest });
}

/** A bad access to a user-mode address raises an exception inside `__try`; every other fault stops the run. */
export function raiseFault(m: MachineState, thread: ThreadState, fault: Fault): RunStop | undefined {
  const isUserAddress = fault.address < USER_LIMIT && (fault.access === 'read' || fault.access === 'write');
  const isViolation =
    fault.kind === 'null-dereference' || fault.kind === 'wild-address' || fault.kind === 'use-after-free';
  if (!isUserAddress || !isViolation) return { kind: 'fault', fault };
  return dispatch(m, thread, { code: STATUS_ACCESS_VIOLATION, fault, continuesAt: 'same', isInGuest: true });
}

/** A filter has its value: 1 takes the exception, 0 passes it on, -1 goes on where it was raised. */
export function filterEnded(m: MachineState, thread: ThreadState): RunStop | undefined {
  const d = defined(thread.dispatch, 'the exception of a filter');
  const register = m.program.code[thread.pc + 1] ?? 0;
  const answer = thread.words[thread.fp + register] ?? 0;
  thread.words.set(d.saved, d.from);
  activate(thread, d.origin);
  if (answer > 0) return unwind(m, thread);
  if (answer < 0) {
    thread.dispatch = undefined;
    dropNatives(thread);
    if (d.continuesAt === 'next') thread.pc += 5;
    return undefined;
  }
  return ask(m, thread, d, nextHandler(m, thread, d));
}

/** Goes on unwinding: runs the next `__finally` on the way, or enters the handler. */
export function unwind(m: MachineState, thread: ThreadState): undefined {
  const d = defined(thread.dispatch, 'the exception that unwinds');
  for (;;) {
    for (const item of enclosingTries(m, thread.pc)) {
      if (item === d.handler && thread.controlTop === d.handlerControlTop) {
        thread.words[thread.fp + 2 * item.register] = d.code;
        thread.pc = item.handler;
        thread.dispatch = undefined;
        dropNatives(thread);
        return;
      }
      if (item.kind === 'except') continue;
      thread.words[thread.fp + 2 * item.register] = -1;
      thread.words[thread.fp + 2 * item.register + 2] = 1;
      thread.pc = item.handler;
      return;
    }
    leaveFrame(m, thread);
  }
}

function dispatch(
  m: MachineState,
  thread: ThreadState,
  o: {
    readonly code: number;
    readonly fault: Fault;
    readonly continuesAt: 'next' | 'same';
    readonly isInGuest: boolean;
  },
): RunStop | undefined {
  const first = o.isInGuest ? handlers(m, thread)[0] : undefined;
  const { code, fault, continuesAt } = o;
  return ask(m, thread, { code, fault, continuesAt, origin: activationOf(thread) }, first);
}

interface Handler {
  readonly item: TryRange;
  readonly at: Activation;
  readonly controlTop: number;
}

/** Runs a handler's filter in its own frame, above all that the inner frames use. */
function ask(
  m: MachineState,
  thread: ThreadState,
  o: Pick<Dispatch, 'code' | 'fault' | 'continuesAt' | 'origin'>,
  handler: Handler | undefined,
): RunStop | undefined {
  if (handler === undefined) {
    thread.dispatch = undefined;
    return { kind: 'fault', fault: o.fault };
  }
  const routine = defined(routineAt(m, handler.at.pc), 'the routine of a handler');
  const innermost = defined(routineAt(m, o.origin.pc), 'the routine that raised');
  const from = handler.at.fp + routine.firstTemporary * 2;
  thread.dispatch = {
    code: o.code,
    fault: o.fault,
    continuesAt: o.continuesAt,
    origin: o.origin,
    handler: handler.item,
    handlerControlTop: handler.controlTop,
    from,
    saved: thread.words.slice(from, Math.max(from, o.origin.fp + innermost.registers * 2)),
  };
  thread.words[handler.at.fp + 2 * handler.item.register] = o.code;
  activate(thread, { ...handler.at, pc: handler.item.filter, top: o.origin.top, used: o.origin.used });
  return undefined;
}

function nextHandler(m: MachineState, thread: ThreadState, d: Dispatch): Handler | undefined {
  const all = handlers(m, thread);
  const index = all.findIndex(({ item, controlTop }) => item === d.handler && controlTop === d.handlerControlTop);
  return all[index + 1];
}

/** The `__except` blocks around the place at which the thread stands, innermost first. */
function handlers(m: MachineState, thread: ThreadState): readonly Handler[] {
  const { control } = thread;
  const found: Handler[] = [];
  let at = activationOf(thread);
  for (let controlTop = thread.controlTop; controlTop > 0; controlTop -= 5) {
    for (const item of enclosingTries(m, at.pc)) if (item.kind === 'except') found.push({ item, at, controlTop });
    const [back, fp, frame, top, used] = control.subarray(controlTop - 5, controlTop);
    if (back === undefined || back < 0) break;
    at = { pc: back - 5, fp: fp ?? 0, frame: frame ?? 0, top: top ?? 0, used: used ?? 0 };
  }
  return found;
}

/** Natives that raised, or were called from frames that are gone, have nothing to come back to. */
function dropNatives(thread: ThreadState): void {
  while ((thread.natives.at(-1)?.controlTop ?? -1) >= thread.controlTop) thread.natives.pop();
}

function enclosingTries(m: MachineState, pc: number): readonly TryRange[] {
  return (routineAt(m, pc)?.tries ?? []).filter((item) => item.start <= pc && pc < item.end);
}

function leaveFrame(m: MachineState, thread: ThreadState): void {
  thread.controlTop -= 5;
  const [back, fp, frame, top, used] = thread.control.subarray(thread.controlTop, thread.controlTop + 5);
  m.store.shadow8.fill(DEAD_FRAME, thread.top, top ?? thread.top);
  activate(thread, { pc: (back ?? 0) - 5, fp: fp ?? 0, frame: frame ?? 0, top: top ?? 0, used: used ?? 0 });
}
