/**
 * The border to native functions: calling one, and doing what it said.
 *
 * A native that calls guest code or waits leaves a `NativeFrame` on its thread, so however deep guest and native calls
 * are nested, the host's own stack stays flat.
 */
import { unreachable } from '../../../base/assert.ts';
import { place } from '../../../cfront/tokenize/token.ts';
import { sizeOf } from '../../../cfront/types/layout.ts';
import { functionText } from '../../../cfront/types/text.ts';
import { INT_FORM, type ValueForm } from '../compile/value-form.ts';
import { GuestFault, operationFault } from '../faults.ts';
import type { Fault, RunStop } from '../machine-types.ts';
import { checkedOffset } from '../memory/access.ts';
import { codeAddress, codeIndex, fromWords, highWord, lowWord } from '../memory/layout.ts';
import type { CallSite, GuestAddress, NativeResult } from '../native.ts';
import type { Routine } from '../program.ts';
import { enterFrame } from '../vm/vm.ts';
import { describeFault } from './describe.ts';
import { raise, raiseFault } from './exceptions.ts';
import { longJump, setJump } from './jumps.ts';
import { tellWhatFor, typeNewMemory } from './new-memory.ts';
import { stackNeed } from './stack-use.ts';
import { type MachineState, routineAt } from './state.ts';
import {
  activate,
  activationOf,
  type NativeFrame,
  type ReturnTo,
  type ThreadState,
  TO_NATIVE,
  TO_THREAD,
} from './thread.ts';
import { bigintArguments, setRegister, WindowArguments } from './values.ts';

const NO_ARGUMENTS: readonly never[] = [];
const ENDED: RunStop = { kind: 'ended' };
const NO_SITE: CallSite = { span: undefined, functionName: undefined };

/** Calls a native from guest code; true when it has returned. */
export function callNative(m: MachineState, thread: ThreadState, index: number, window: number, site: number): boolean {
  const name = nativeName(m, index);
  const shape = m.program.calls[site];
  const isRecord = shape !== undefined && shape.resultForm.valueClass === 'record';
  const call = (m.call ??= { thread, name, code: index, arguments: new WindowArguments(), site: NO_SITE });
  call.thread = thread;
  call.name = name;
  call.code = index;
  call.arguments.fill(thread, window + (isRecord ? 2 : 0), shape?.arguments ?? NO_ARGUMENTS);
  // A call site has a place and a function.
  call.site = shape ?? NO_SITE;
  const result = m.natives.call(call);
  if (result.kind === 'return' && result.reschedule !== true) {
    if (shape?.resultForm.isPointer && typeof result.value === 'bigint') {
      typeNewMemory(m, thread, result.value, shape);
      if (name.startsWith('ExAllocatePool')) tellWhatFor(m, thread, result.value, shape);
    }
    deliverToGuest(m, thread, site, window, result.value ?? 0);
    return true;
  }
  m.pending = { result, returnTo: { kind: 'guest', site, window } };
  return false;
}

/** Starts a thread's entry function. */
export function startThread(
  m: MachineState,
  thread: ThreadState,
  entry: bigint,
  values: readonly bigint[],
): RunStop | undefined {
  const index = functionIndex(m, entry);
  const routine = m.code.at(index)?.routine;
  if (routine !== undefined) {
    thread.resultForm = routine.resultForm;
    enterRoutine(m, thread, routine, index, values, TO_THREAD);
    return undefined;
  }
  return settle(m, thread, callByName(m, thread, index, values), { kind: 'thread' });
}

/** Gives a value to the topmost native frame: its callee's result, or what woke it. */
export function resumeNative(m: MachineState, thread: ThreadState, value: bigint): RunStop | undefined {
  const frame = thread.natives.at(-1);
  if (frame === undefined) return endThread(thread, value);
  activate(thread, frame.activation);
  // Should the native fault, its frame still stands: it leaves only when it has said what comes next.
  const result = m.natives.resume(thread, frame.continuation, value);
  thread.natives.pop();
  return settle(m, thread, result, frame.returnTo);
}

/** Does what natives say until guest code can go on (undefined) or the thread stops. */
export function settle(
  m: MachineState,
  thread: ThreadState,
  first: NativeResult,
  firstReturnTo: ReturnTo,
): RunStop | undefined {
  let result = first;
  let returnTo = firstReturnTo;
  for (;;) {
    switch (result.kind) {
      case 'return': {
        const value = result.value ?? 0n;
        const stop: RunStop | undefined = result.reschedule === true ? { kind: 'yielded' } : undefined;
        if (returnTo.kind === 'guest') {
          deliverToGuest(m, thread, returnTo.site, returnTo.window, value);
          thread.pc += 5;
          return stop;
        }
        const whole = typeof value === 'bigint' ? value : BigInt(Math.trunc(value));
        if (returnTo.kind === 'thread') return endThread(thread, whole);
        if (stop !== undefined) {
          thread.next = { kind: 'resume', value: whole };
          return stop;
        }
        const frame = thread.natives.at(-1) as NativeFrame;
        activate(thread, frame.activation);
        result = m.natives.resume(thread, frame.continuation, whole);
        thread.natives.pop();
        returnTo = frame.returnTo;
        break;
      }
      case 'call': {
        const index = functionIndex(m, result.target);
        const routine = m.code.at(index)?.routine;
        pushFrame(thread, result.then, result.frameLabel, returnTo, routine?.resultForm ?? INT_FORM);
        if (routine !== undefined) {
          enterRoutine(m, thread, routine, index, result.arguments, TO_NATIVE);
          return undefined;
        }
        result = callByName(m, thread, index, result.arguments.map(BigInt));
        returnTo = { kind: 'native' };
        break;
      }
      case 'block':
        pushFrame(thread, result.then, result.frameLabel, returnTo, INT_FORM);
        thread.state = 'blocked';
        return { kind: 'blocked' };
      case 'raise':
        return raise(m, thread, result, returnTo.kind === 'guest');
      case 'breakpoint':
        return breakAtCall(m, thread, result.name, returnTo);
      case 'set-jump':
        if (returnTo.kind === 'guest') setJump(m, thread, result.buffer, returnTo.window);
        result = { kind: 'return', value: 0n };
        break;
      case 'long-jump':
        longJump(m, thread, result.buffer, result.value);
        return undefined;
      case 'end-thread':
        return endThread(thread, result.value);
      case 'stop':
        return { kind: 'stopped' };
      default:
        unreachable(result);
    }
  }
}

/** With a debugger the call has returned where it stops; without one the processor raises an exception at the call. */
function breakAtCall(m: MachineState, thread: ThreadState, name: string, returnTo: ReturnTo): RunStop | undefined {
  if (returnTo.kind === 'guest' && m.breaksAtInstruction(thread)) {
    thread.pc += 5;
    return { kind: 'paused', atInstruction: true };
  }
  const { fault } = operationFault('breakpoint-instruction', name);
  return raiseFault(m, thread, describeFault(m, thread, fault), returnTo.kind === 'guest');
}

export function endThread(thread: ThreadState, value: bigint): RunStop {
  thread.state = 'ended';
  thread.result = value;
  // Setting the length costs much, even where it changes nothing.
  if (thread.natives.length > 0) thread.natives.length = 0;
  thread.controlTop = 0;
  thread.pc = TO_THREAD;
  thread.dispatch = undefined;
  return ENDED;
}

/** Index of the function at an address; a `bad-call` fault where there is none. */
function functionIndex(m: MachineState, address: bigint): number {
  return functionIndexOf(m, lowWord(address), highWord(address));
}

/** The same for the halves of an address. */
export function functionIndexOf(m: MachineState, low: number, high: number): number {
  const index = codeIndex(low, high);
  if (index < 0 || m.code.at(index) === undefined) {
    throw operationFault('bad-call', '', fromWords(low, high) as GuestAddress);
  }
  return index;
}

function nativeName(m: MachineState, index: number): string {
  const name = m.code.at(index)?.name ?? '';
  if (!m.code.isKnownNative(index)) throw operationFault('missing-function', name);
  return name;
}

function callByName(m: MachineState, thread: ThreadState, index: number, values: readonly bigint[]): NativeResult {
  const name = nativeName(m, index);
  return m.natives.call({ thread, name, code: index, arguments: bigintArguments(values), site: NO_SITE });
}

function pushFrame(
  thread: ThreadState,
  continuation: NativeFrame['continuation'],
  label: string,
  returnTo: ReturnTo,
  resultForm: ValueForm,
): void {
  const { controlTop } = thread;
  thread.natives.push({ continuation, label, returnTo, resultForm, activation: activationOf(thread), controlTop });
}

/** The value of a guest's call of a native goes into the first register of its window. */
function deliverToGuest(
  m: MachineState,
  thread: ThreadState,
  site: number,
  window: number,
  value: bigint | number,
): void {
  const shape = m.program.calls[site];
  if (shape === undefined || shape.resultForm.valueClass !== 'record') {
    setRegister(thread, window, shape?.resultForm ?? INT_FORM, value);
    return;
  }
  // A small record (LARGE_INTEGER, lldiv_t) is written where the hidden argument points.
  const size = Math.min(16, sizeOf(shape.resultType));
  const bits = BigInt.asUintN(128, typeof value === 'bigint' ? value : BigInt(value));
  const at = checkedOffset(m.store, thread.words[window] ?? 0, thread.words[window + 1] ?? 0, size, 'write');
  for (let i = 0; i < size; i++) m.store.u8[at + i] = Number((bits >> BigInt(8 * i)) & 0xffn);
}

/** What is wrong with a routine that the kernel is about to call, at its definition. */
function entryFault(kind: Fault['kind'], index: number, routine: Routine, detail: string): GuestFault {
  const { definition } = routine.symbol;
  const { fault } = operationFault(kind, detail, kind === 'call-mismatch' ? codeAddress(index) : undefined);
  return new GuestFault(definition === undefined ? fault : { ...fault, span: place(definition.nameToken) });
}

/** Stands the thread at a routine's first instruction, called by the kernel with these values. */
function enterRoutine(
  m: MachineState,
  thread: ThreadState,
  routine: Routine,
  index: number,
  values: readonly (bigint | number)[],
  returnMark: number,
): void {
  const { parameterForms } = routine;
  const isTooFew = values.length < parameterForms.length && routine.name !== 'main';
  if (isTooFew || routine.resultForm.valueClass === 'record') {
    const given = `${values.length} ${values.length === 1 ? 'value' : 'values'}`;
    const defined = functionText(routine.symbol.type, routine.name);
    throw entryFault(
      'call-mismatch',
      index,
      routine,
      `the kernel gives it ${given}, and it is defined as \`${defined}\``,
    );
  }
  const caller = routineAt(m, thread.pc);
  const window = caller === undefined ? 0 : thread.fp + caller.registers * 2;
  const { control, controlTop } = thread;
  thread.stack.isUsed = true;
  const used = thread.used + routine.charge;
  const needed = window * 4 + routine.registers * 8 + used;
  if (needed > thread.stackSize || thread.top - routine.frameSize - 8192 < thread.stackStart) {
    throw entryFault('stack-overflow', index, routine, stackNeed(routine));
  }
  control[controlTop] = returnMark;
  control[controlTop + 1] = thread.fp;
  control[controlTop + 2] = thread.frame;
  control[controlTop + 3] = thread.top;
  control[controlTop + 4] = thread.used;
  for (let i = 0; i < parameterForms.length; i++) {
    setRegister(thread, window + 2 * i, parameterForms[i] as ValueForm, values[i] ?? 0n);
  }
  for (let i = parameterForms.length; i < values.length; i++) {
    thread.longs[(window >> 1) + i] = BigInt.asIntN(64, BigInt(values[i] ?? 0n));
  }
  // What the kernel passes has all its bytes.
  if (thread.unwritten.size > 0) thread.unwritten.clear();
  const count = values.length;
  thread.controlTop = controlTop + 5;
  thread.fp = window;
  thread.used = used;
  thread.top = enterFrame(m.vmProgram, m.store, thread.words, { index, window, count, top: thread.top });
  thread.frame = thread.top;
  thread.pc = routine.entry;
}
