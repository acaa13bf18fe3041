/**
 * What a debugger sees of a thread: frames, variables in scope, where their values are.
 *
 * Guest frames are found through the control stack, natives that wait stand between them. All of it is computed when
 * asked for; the running code keeps no record for it.
 */
import type { Span } from '../../../base/source.ts';
import type { VariableSymbol } from '../../../cfront/parse/ast.ts';
import { sizeOf } from '../../../cfront/types/layout.ts';
import { formOf } from '../compile/value-form.ts';
import type { Frame, StackMark, VariableHome } from '../machine-types.ts';
import { createGuestMemory } from '../memory/guest-memory.ts';
import { kernelAddress } from '../memory/layout.ts';
import { BEGINS_STATEMENT, WORDS } from '../opcodes.ts';
import type { DebugVariable, GlobalObject, Routine } from '../program.ts';
import { type MachineState, routineAt } from './state.ts';
import type { Activation, NativeFrame, ThreadState } from './thread.ts';
import { registerValue, setRegister } from './values.ts';

type FrameState =
  | { readonly kind: 'guest'; readonly routine: Routine; readonly at: Activation }
  | { readonly kind: 'native'; readonly label: string };

/** Frames, innermost first. `at.pc` of a caller is its call instruction. */
export function frameStates(m: MachineState, thread: ThreadState): readonly FrameState[] {
  const frames: FrameState[] = [];
  // Its stack may be another thread's by now.
  if (thread.state === 'ended') return frames;
  let native = thread.natives.length - 1;
  let at: Activation = thread;
  let { controlTop } = thread;
  for (;;) {
    let waiting = thread.natives[native];
    while (waiting !== undefined && waiting.controlTop === controlTop) {
      frames.push({ kind: 'native', label: waiting.label });
      at = waiting.activation;
      waiting = thread.natives[--native];
    }
    if (controlTop === 0) return frames;
    const routine = routineAt(m, at.pc);
    if (routine !== undefined) frames.push({ kind: 'guest', routine, at });
    controlTop -= 5;
    const [back, fp, frame, top, used] = thread.control.subarray(controlTop, controlTop + 5);
    at = { pc: (back ?? 0) - 5, fp: fp ?? 0, frame: frame ?? 0, top: top ?? 0, used: used ?? 0 };
  }
}

export function framesOf(m: MachineState, thread: ThreadState): readonly Frame[] {
  return frameStates(m, thread).map((state, index) => {
    if (state.kind === 'native') {
      return { functionName: state.label, symbol: undefined, span: undefined, base: kernelAddress(0), index };
    }
    const statement = statementAt(m, state.at.pc);
    return {
      functionName: state.routine.name,
      symbol: state.routine.symbol,
      span: statement === undefined ? undefined : m.program.statements[statement]?.span,
      // Registers grow with every call, so this names the frame even where two frames have no memory of their own.
      base: kernelAddress(thread.stackStart + thread.stack.region.size - state.at.fp * 4),
      index,
    };
  });
}

/** The place of the innermost guest frame whose place is wanted. Every event of a trace asks: nothing is made for it. */
export function innermostPlace(
  m: MachineState,
  thread: ThreadState,
  isWanted: (span: Span) => boolean,
): Span | undefined {
  let { pc, controlTop } = thread;
  // No guest code is under way, as in most contexts of the kernel.
  if (controlTop === 0) return undefined;
  let native = thread.natives.length - 1;
  for (;;) {
    for (; waitsAt(thread, native, controlTop); native--) {
      const waiting = thread.natives[native] as NativeFrame;
      pc = waiting.activation.pc;
    }
    if (controlTop === 0) return undefined;
    const statement = routineAt(m, pc) === undefined ? undefined : statementAt(m, pc);
    const span = statement === undefined ? undefined : m.program.statements[statement]?.span;
    if (span !== undefined && isWanted(span)) return span;
    controlTop -= 5;
    pc = (thread.control[controlTop] ?? 0) - 5;
  }
}

/** Where a thread stands, for `markedFrames`: what a call costs that may be asked for its stack later. */
export function stackMark(m: MachineState, thread: ThreadState): StackMark {
  // Counted first: a list that grows takes room for many more.
  const mark = new Array<number | string>(markLength(m, thread));
  let length = 0;
  let native = thread.natives.length - 1;
  let { pc, controlTop } = thread;
  for (;;) {
    for (; waitsAt(thread, native, controlTop); native--) {
      const waiting = thread.natives[native] as NativeFrame;
      mark[length++] = waiting.label;
      pc = waiting.activation.pc;
    }
    if (controlTop === 0) return mark;
    if (routineAt(m, pc) !== undefined) mark[length++] = pc;
    controlTop -= 5;
    pc = (thread.control[controlTop] ?? 0) - 5;
  }
}

function markLength(m: MachineState, thread: ThreadState): number {
  let length = 0;
  let native = thread.natives.length - 1;
  let { pc, controlTop } = thread;
  for (;;) {
    for (; waitsAt(thread, native, controlTop); native--) {
      length++;
      pc = (thread.natives[native] as NativeFrame).activation.pc;
    }
    if (controlTop === 0) return length;
    if (routineAt(m, pc) !== undefined) length++;
    controlTop -= 5;
    pc = (thread.control[controlTop] ?? 0) - 5;
  }
}

/** Whether a native with that number waits right above so high a control stack. */
function waitsAt({ natives }: ThreadState, native: number, controlTop: number): boolean {
  // An element before the first is looked for as a property, which takes long.
  return native >= 0 && natives[native]?.controlTop === controlTop;
}

/** The frames of a mark, innermost first. */
export function markedFrames(m: MachineState, mark: StackMark): readonly Pick<Frame, 'functionName' | 'span'>[] {
  return mark.map((one) => {
    if (typeof one === 'string') return { functionName: one, span: undefined };
    const statement = statementAt(m, one);
    const span = statement === undefined ? undefined : m.program.statements[statement]?.span;
    return { functionName: routineAt(m, one)?.name ?? '', span };
  });
}

/** The statement of an instruction; what comes before a function's first statement counts to it. */
export function statementAt(m: MachineState, pc: number): number | undefined {
  if (pc < 0) return undefined;
  const { code, statementOf } = m.program;
  const own = statementOf[pc / WORDS] ?? -1;
  if (own >= 0 && BEGINS_STATEMENT[code[pc] ?? 0] !== true) return own;
  for (let at = pc; at < code.length; at += WORDS) if (BEGINS_STATEMENT[code[at] ?? 0] === true) return code[at + 1];
  return own >= 0 ? own : undefined;
}

export function localsOf(m: MachineState, thread: ThreadState, index: number): readonly VariableSymbol[] {
  const frame = frameStates(m, thread)[index];
  if (frame?.kind !== 'guest') return [];
  const visible = frame.routine.variables.filter(
    (variable) => variable.symbol.name !== '' && variable.start <= frame.at.pc && frame.at.pc < variable.end,
  );
  return visible.sort((a, b) => b.depth - a.depth).map((variable) => variable.symbol);
}

export function homeOf(m: MachineState, thread: ThreadState, index: number, symbol: VariableSymbol): VariableHome {
  const global = globalHome(m, symbol);
  if (global !== undefined) return { kind: 'memory', address: kernelAddress(global.offset) };
  const found = findVariable(m, thread, index, symbol);
  if (found === undefined) return { kind: 'unavailable' };
  const { at, routine } = found.frame;
  const { place } = found.variable;
  if (place.kind === 'global') return { kind: 'memory', address: kernelAddress(place.offset) };
  if (place.kind === 'frame') return { kind: 'memory', address: kernelAddress(at.frame + place.offset) };
  return {
    kind: 'register',
    value: registerValue(thread, at.fp + 2 * place.register, formOf(symbol.type)),
    isInitialised: isInitialised(m, thread, { at, routine, register: place.register, flag: place.flag }),
  };
}

/** Changes a scalar variable, wherever it lives. A float's value comes as its bits. */
export function setLocal(
  m: MachineState,
  thread: ThreadState,
  index: number,
  symbol: VariableSymbol,
  value: bigint,
): boolean {
  const home = homeOf(m, thread, index, symbol);
  const { type } = symbol;
  if (home.kind === 'memory') {
    const size = sizeOf(type);
    if (type.kind === 'array' || type.kind === 'record' || size < 1 || size > 8) return false;
    const bytes = Uint8Array.from({ length: size }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
    return createGuestMemory(m.store).poke(home.address, bytes);
  }
  const found = findVariable(m, thread, index, symbol);
  if (found === undefined || found.variable.place.kind !== 'register') return false;
  const { at } = found.frame;
  const { register, flag } = found.variable.place;
  const whole = type.kind === 'float' ? floatOfBits(value, type.size) : value;
  setRegister(thread, at.fp + 2 * register, formOf(type), whole);
  if (flag !== undefined) thread.words[at.fp + 2 * flag] = 1;
  return true;
}

function floatOfBits(bits: bigint, size: 4 | 8): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt.asUintN(64, bits), true);
  return size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
}

function globalHome(m: MachineState, symbol: VariableSymbol): GlobalObject | undefined {
  if (symbol.duration !== 'static') return undefined;
  const own = m.program.globalOf.get(symbol);
  return own ?? (symbol.linkage === 'external' ? m.program.globalsByName.get(symbol.name) : undefined);
}

function findVariable(
  m: MachineState,
  thread: ThreadState,
  index: number,
  symbol: VariableSymbol,
): { readonly variable: DebugVariable; readonly frame: FrameState & { readonly kind: 'guest' } } | undefined {
  const frame = frameStates(m, thread)[index];
  if (frame?.kind !== 'guest') return undefined;
  const variable = frame.routine.variables.find((candidate) => candidate.symbol === symbol);
  return variable === undefined ? undefined : { variable, frame };
}

/** By its flag where the analysis could not decide, else by the analysis; parameters always have a value. */
function isInitialised(
  m: MachineState,
  thread: ThreadState,
  o: {
    readonly at: Activation;
    readonly routine: Routine;
    readonly register: number;
    readonly flag: number | undefined;
  },
): boolean {
  if (o.flag !== undefined) return thread.words[o.at.fp + 2 * o.flag] !== 0;
  const bit = o.routine.trackedRegisters.indexOf(o.register);
  if (bit < 0) return true;
  const statement = statementAt(m, o.at.pc);
  const assigned = statement === undefined ? undefined : o.routine.assigned.get(statement);
  return assigned === undefined ? false : (((assigned[bit >> 5] ?? 0) >>> (bit & 31)) & 1) === 1;
}
