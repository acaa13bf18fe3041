/**
 * Structured exceptions at run time, in Windows' two passes.
 *
 * First the filters of the enclosing `__except` blocks are asked, from the inside out, while all frames still stand;
 * then, for the one that takes it, the frames in between are unwound and their `__finally` blocks run. The search ends
 * at a native frame: an exception does not pass through the kernel. A filter or a `__finally` may raise itself: the
 * exception that it was for waits as `outer`, and is given up when the new one is handled outside of it. What a filter
 * raises is offered to the handlers inside the functions that it called, then to all that its own exception was offered
 * to, beginning with itself; a filter that only raises again and again ends the run.
 */
import { defined } from '../../../base/assert.ts';
import type { Fault, RunStop } from '../machine-types.ts';
import { highWord, isNoAddress, lowWord, returnAddress, USER_LIMIT } from '../memory/layout.ts';
import { DEAD_FRAME } from '../memory/shadow.ts';
import type { GuestAddress, NativeResult } from '../native.ts';
import { WORDS } from '../opcodes.ts';
import type { TryRange } from '../program.ts';
import { writeExceptionRecord } from './exception-record.ts';
import { type MachineState, routineAt } from './state.ts';
import { type Activation, activate, activationOf, type Dispatch, type Raised, type ThreadState } from './thread.ts';

const STATUS_ACCESS_VIOLATION = 0xc0000005 | 0;
const STATUS_NONCONTINUABLE_EXCEPTION = 0xc0000025 | 0;
const STATUS_INTEGER_DIVIDE_BY_ZERO = 0xc0000094 | 0;
const STATUS_INTEGER_OVERFLOW = 0xc0000095 | 0;
const STATUS_BREAKPOINT = 0x80000003 | 0;
/** Exceptions within each other's filters that a kernel stack has room for. */
const FILTERS_MAX = 8;

/** A native raises `code` at the call at which the thread stands. */
export function raise(
  m: MachineState,
  thread: ThreadState,
  o: NativeResult & { readonly kind: 'raise' },
  isInGuest: boolean,
): RunStop | undefined {
  const raised: Raised = {
    code: o.code,
    parameters: o.parameters ?? [],
    address: returnAddress(Math.max(0, thread.pc / WORDS + 1)),
    isFinal: o.isContinuable !== true,
    fault: unhandled(o.code),
    continuesAt: 'next',
  };
  return dispatch(m, thread, raised, isInGuest);
}

/**
 * What the processor raises, inside `__try`: a bad access to a user-mode address or to what is no address of x64, a
 * division that it can't do, a breakpoint. Every other fault stops the run: the kernel's own memory is not what
 * handlers are for.
 */
export function raiseFault(m: MachineState, thread: ThreadState, fault: Fault, isInGuest = true): RunStop | undefined {
  const exception = processorException(fault);
  if (exception === undefined) return { kind: 'fault', fault };
  const address = returnAddress(Math.max(0, thread.pc / WORDS));
  return dispatch(m, thread, { ...exception, address, isFinal: false, fault }, isInGuest);
}

function processorException(fault: Fault): Pick<Raised, 'code' | 'parameters' | 'continuesAt'> | undefined {
  switch (fault.kind) {
    case 'null-dereference':
    case 'wild-address':
    case 'use-after-free':
    case 'write-to-read-only': {
      if (fault.access !== 'read' && fault.access !== 'write') return undefined;
      // No page of such an address can be asked for: what the processor raises says neither where nor what.
      if (isNoAddress(fault.address)) {
        return { code: STATUS_ACCESS_VIOLATION, parameters: [0n, 0xffff_ffff_ffff_ffffn], continuesAt: 'same' };
      }
      if (fault.address >= USER_LIMIT) return undefined;
      const parameters = [fault.access === 'write' ? 1n : 0n, fault.address];
      return { code: STATUS_ACCESS_VIOLATION, parameters, continuesAt: 'same' };
    }
    case 'division-by-zero':
      return { code: STATUS_INTEGER_DIVIDE_BY_ZERO, parameters: [], continuesAt: 'same' };
    case 'division-overflow':
      return { code: STATUS_INTEGER_OVERFLOW, parameters: [], continuesAt: 'same' };
    case 'breakpoint-instruction':
      return { code: STATUS_BREAKPOINT, parameters: [0n], continuesAt: 'next' };
    default:
      return undefined;
  }
}

/** A filter has its value: 1 takes the exception, 0 passes it on, -1 goes on where it was raised. */
export function filterEnded(m: MachineState, thread: ThreadState): RunStop | undefined {
  const d = defined(thread.dispatch, 'the exception of a filter');
  const register = m.program.code[thread.pc + 1] ?? 0;
  const answer = thread.words[thread.fp + register] ?? 0;
  thread.words.set(d.saved, d.from);
  thread.words.set(d.before, d.beforeFrom);
  activate(thread, d.origin);
  if (answer > 0) {
    forgetRecord(m, d);
    return unwind(m, thread);
  }
  if (answer === 0) return ask(m, thread, d, nextHandler(m, thread, d));
  forgetRecord(m, d);
  thread.dispatch = d.outer;
  if (d.raised.isFinal) return refuseToContinue(m, thread, d);
  dropNatives(thread);
  if (d.raised.continuesAt === 'next') thread.pc += WORDS;
  // The instruction may fault again for ever without a statement: each turn costs one.
  if (m.host.left > 0) m.host.left--;
  return m.host.left === 0 ? { kind: 'budget' } : undefined;
}

/** Goes on unwinding: runs the next `__finally` on the way, or enters the handler. */
export function unwind(m: MachineState, thread: ThreadState): undefined {
  const d = defined(thread.dispatch, 'the exception that unwinds');
  for (;;) {
    const asking = askingOf(d.outer);
    if (asking !== undefined && thread.controlTop <= asking.originControlTop) {
      // The way out of a filter leads to where its exception was raised, which nobody waits for any more.
      thread.words.set(asking.saved, asking.from);
      activate(thread, asking.origin);
      forgetRecord(m, asking);
      d.outer = asking.outer;
      continue;
    }
    for (const item of enclosingTries(m, thread.pc)) {
      if (item === d.handler && thread.controlTop === d.handlerControlTop) {
        setException(thread, thread.fp, d);
        thread.pc = item.handler;
        thread.dispatch = outerOf(d);
        dropNatives(thread);
        return;
      }
      if (item.kind === 'except') continue;
      thread.words[thread.fp + 2 * item.register] = -1;
      thread.words[thread.fp + 2 * item.register + 2] = 1;
      thread.pc = item.handler;
      d.finalizer = { item, controlTop: thread.controlTop };
      return;
    }
    leaveFrame(m, thread);
  }
}

function unhandled(code: number): Fault {
  const detail = `0x${(code >>> 0).toString(16).toUpperCase().padStart(8, '0')}`;
  return {
    kind: 'unhandled-exception',
    access: 'none',
    address: 0n as GuestAddress,
    size: 0,
    detail,
    region: undefined,
  };
}

/** "Go on" is no answer to an exception of a function that does not return: that is an exception of its own. */
function refuseToContinue(m: MachineState, thread: ThreadState, d: Dispatch): RunStop | undefined {
  const code = STATUS_NONCONTINUABLE_EXCEPTION;
  if (d.raised.code === code) return { kind: 'fault', fault: unhandled(code) };
  return dispatch(m, thread, { ...d.raised, code, parameters: [], fault: unhandled(code) }, true);
}

function dispatch(m: MachineState, thread: ThreadState, raised: Raised, isInGuest: boolean): RunStop | undefined {
  const first = isInGuest ? handlers(m, thread)[0] : undefined;
  const stack = { top: thread.top, start: thread.stackStart };
  const record = first === undefined ? undefined : writeExceptionRecord(m.store, raised, stack);
  return ask(
    m,
    thread,
    {
      raised,
      origin: activationOf(thread),
      originControlTop: thread.controlTop,
      recordTop: record?.top ?? thread.top,
      pointers: record?.pointers ?? 0n,
      outer: standing(thread),
    },
    first,
  );
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
  o: Pick<Dispatch, 'raised' | 'origin' | 'originControlTop' | 'recordTop' | 'pointers' | 'outer'>,
  handler: Handler | undefined,
): RunStop | undefined {
  if (handler === undefined || depthOf(o.outer) >= FILTERS_MAX) {
    forgetRecord(m, o);
    thread.dispatch = undefined;
    return { kind: 'fault', fault: o.raised.fault };
  }
  const { raised, origin, originControlTop, recordTop, pointers, outer } = o;
  const routine = defined(routineAt(m, handler.at.pc), 'the routine of a handler');
  const innermost = defined(routineAt(m, origin.pc), 'the routine that raised');
  const from = handler.at.fp + routine.firstTemporary * 2;
  const beforeFrom = handler.at.fp + 2 * handler.item.register;
  const d: Dispatch = {
    raised,
    origin,
    originControlTop,
    recordTop,
    pointers,
    outer,
    handler: handler.item,
    handlerControlTop: handler.controlTop,
    from,
    saved: thread.words.slice(from, Math.max(from, origin.fp + innermost.registers * 2)),
    before: thread.words.slice(beforeFrom, beforeFrom + 4),
    beforeFrom,
    finalizer: undefined,
  };
  thread.dispatch = d;
  setException(thread, handler.at.fp, d);
  activate(thread, { ...handler.at, pc: handler.item.filter, top: recordTop, used: origin.used });
  return undefined;
}

function depthOf(d: Dispatch | undefined): number {
  let depth = 0;
  for (let at = d; at !== undefined; at = at.outer) depth++;
  return depth;
}

/** Gives the handler's two registers the exception's code and the address of its EXCEPTION_POINTERS. */
function setException(thread: ThreadState, fp: number, d: Dispatch): void {
  const register = fp + 2 * d.handler.register;
  thread.words[register] = d.raised.code;
  thread.words[register + 2] = lowWord(d.pointers);
  thread.words[register + 3] = highWord(d.pointers);
}

/** The exception record goes when no filter is asked any more. */
function forgetRecord(m: MachineState, d: Pick<Dispatch, 'recordTop' | 'origin'>): void {
  m.store.shadow8.fill(DEAD_FRAME, d.recordTop, d.origin.top);
}

function nextHandler(m: MachineState, thread: ThreadState, d: Dispatch): Handler | undefined {
  thread.dispatch = d.outer;
  const all = handlers(m, thread);
  const index = all.findIndex(({ item, controlTop }) => item === d.handler && controlTop === d.handlerControlTop);
  return all[index + 1];
}

/** The `__except` blocks around the place at which the thread stands, innermost first. */
function handlers(m: MachineState, thread: ThreadState): readonly Handler[] {
  const { control } = thread;
  let asking = askingOf(standing(thread));
  const found: Handler[] = [];
  let at = activationOf(thread);
  for (let controlTop = thread.controlTop; controlTop > 0; controlTop -= 5) {
    // A filter stands above the place where its exception was raised, in a frame that comes further down.
    while (asking !== undefined && controlTop <= asking.originControlTop) {
      at = asking.origin;
      asking = askingOf(asking.outer);
    }
    for (const item of enclosingTries(m, at.pc)) if (item.kind === 'except') found.push({ item, at, controlTop });
    const [back, fp, frame, top, used] = control.subarray(controlTop - 5, controlTop);
    if (back === undefined || back < 0) break;
    at = { pc: back - 5, fp: fp ?? 0, frame: frame ?? 0, top: top ?? 0, used: used ?? 0 };
  }
  return found;
}

/** The exception whose filter or `__finally` runs now; one that was left by a jump or a return is none. */
function standing(thread: ThreadState): Dispatch | undefined {
  let d = thread.dispatch;
  while (d?.finalizer !== undefined && !isWithin(thread.pc, thread.controlTop, d.finalizer)) d = d.outer;
  return d;
}

/** The exception whose filter is being asked: this one or one that it was raised within. */
function askingOf(d: Dispatch | undefined): Dispatch | undefined {
  let asking = d;
  while (asking?.finalizer !== undefined) asking = asking.outer;
  return asking;
}

/** The exception that goes on when this one has been handled: one in whose filter or `__finally` the handler lies. */
function outerOf(d: Dispatch): Dispatch | undefined {
  let outer = d.outer;
  while (outer?.finalizer !== undefined && !isWithin(d.handler.handler, d.handlerControlTop, outer.finalizer)) {
    outer = outer.outer;
  }
  return outer;
}

/** Whether a place lies in a `__finally` block, or in a function that was called from it. */
function isWithin(pc: number, controlTop: number, finalizer: NonNullable<Dispatch['finalizer']>): boolean {
  if (controlTop !== finalizer.controlTop) return controlTop > finalizer.controlTop;
  return pc >= finalizer.item.handler && pc < finalizer.item.handlerEnd;
}

/** Natives that raised, or were called from frames that are gone, have nothing to come back to. */
function dropNatives(thread: ThreadState): void {
  while ((thread.natives.at(-1)?.controlTop ?? -1) >= thread.controlTop) thread.natives.pop();
}

/** Whether an `__except` block is around the place at which the thread stands, in its function or in a caller. */
export function isGuarded(m: MachineState, thread: ThreadState): boolean {
  return handlers(m, thread).length > 0;
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
