/**
 * Faults in the words of the source: which expression with which values, which local variable.
 *
 * The VM raises a fault with what it knows, an address. Here it gets the text and the place of the expression that the
 * instruction was made for, and a stack address gets the variable that it belongs to.
 */
import type { Expression, NodeBase } from '../../../cfront/parse/ast.ts';
import { children } from '../../../cfront/parse/walk.ts';
import { sizeOf } from '../../../cfront/types/layout.ts';
import { spanOf, textOf } from '../compile/spans.ts';
import type { Fault, Region } from '../machine-types.ts';
import { KERNEL_BASE, kernelAddress } from '../memory/layout.ts';
import { RED_ZONE } from '../memory/shadow.ts';
import { WORDS } from '../opcodes.ts';
import type { Routine } from '../program.ts';
import { frameStates } from './frames.ts';
import { indexedVariable } from './named-array.ts';
import { stackUse } from './stack-use.ts';
import { type MachineState, routineAt } from './state.ts';
import type { ThreadState } from './thread.ts';
import { valuesIn } from './variable-values.ts';

export function describeFault(m: MachineState, thread: ThreadState, fault: Fault): Fault {
  const node = thread.pc < 0 ? undefined : m.program.nodeOf[thread.pc / WORDS];
  const local = fault.region?.kind === 'stack' ? localOf(m, thread, fault) : undefined;
  // Dead bytes of a frame that still stands belong to a block that was left.
  const array =
    fault.kind === 'wild-address' && node !== undefined ? indexedVariable(m, thread, node, fault) : undefined;
  const kind =
    fault.kind === 'use-after-return' && local?.isInside === true
      ? 'use-after-scope'
      : array !== undefined
        ? 'out-of-bounds'
        : fault.kind;
  const indexed = array === undefined ? undefined : stackRegion(array.start, array.size, array.label);
  const region = indexed ?? local?.region ?? variadicRegion(m, thread, fault) ?? fault.region;
  const size = fault.kind === 'stack-overflow' ? thread.stackSize : fault.size;
  const values = node === undefined ? '' : valuesIn(m, thread, node);
  return {
    ...fault,
    kind,
    region,
    size,
    detail: detailOf(m, thread, fault, node),
    ...(values === '' ? {} : { values }),
    ...memberOf(fault, node),
    ...(node === undefined ? {} : { span: spanOf(node) }),
  };
}

function detailOf(m: MachineState, thread: ThreadState, fault: Fault, node: NodeBase | undefined): string {
  switch (fault.kind) {
    case 'division-by-zero':
    case 'division-overflow':
      return node === undefined ? '' : textOf(divisorOf(node));
    case 'stack-overflow':
      return `${fault.detail}${stackUse(m, thread)}`;
    case 'no-return-value':
      return thread.pc < 0 ? fault.detail : (routineAt(m, thread.pc)?.name ?? fault.detail);
    case 'missing-function':
    case 'missing-variable':
    case 'call-mismatch':
    case 'unreachable-code':
    case 'unhandled-exception':
    case 'breakpoint-instruction':
    case 'fast-fail':
    case 'not-supported':
    case 'bad-jump':
    case 'argument-mismatch':
    case 'missing-argument':
    case 'shift-out-of-range':
      return fault.detail;
    case 'index-out-of-bounds':
      return node === undefined ? fault.detail : `${textOf(node)}: ${fault.detail}`;
    case 'uninitialised-read':
      // A local in a register has no address but a name.
      return fault.address === 0n || node === undefined ? fault.detail : textOf(node);
    default:
      return node === undefined ? fault.detail : textOf(node);
  }
}

/** The member of a structure behind a null pointer, by the offset that was touched. */
function memberOf(fault: Fault, node: NodeBase | undefined): { readonly member?: string } {
  if (fault.kind !== 'null-dereference' || node === undefined) return {};
  const member = memberBelow(node as Expression, fault.address);
  if (member === undefined) return {};
  return { member: `member ${member.name} at offset 0x${fault.address.toString(16).toUpperCase()} of a null pointer` };
}

function memberBelow(e: Expression, address: bigint): (Expression & { readonly kind: 'member' }) | undefined {
  if (!('kind' in e)) return undefined;
  if (e.kind === 'member' && address > 0n && BigInt(offsetFromPointer(e)) === address) return e;
  for (const child of children(e)) {
    const found = 'type' in child ? memberBelow(child, address) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Bytes from the pointer's target: members of members add up. */
function offsetFromPointer(e: Expression & { readonly kind: 'member' }): number {
  return e.offset + (e.isArrow || e.object.kind !== 'member' ? 0 : offsetFromPointer(e.object));
}

/** The right operand of a division, which came to zero. */
function divisorOf(node: NodeBase): NodeBase {
  const e = node as Expression;
  if (e.kind === 'binary') return e.right;
  return e.kind === 'assign' ? e.value : node;
}

/** The local variable that a stack address lies in or next to; with `isInside`, one of a frame that stands. */
function localOf(
  m: MachineState,
  thread: ThreadState,
  fault: Fault,
): { readonly region: Region; readonly isInside: boolean } | undefined {
  const offset = Number(fault.address - KERNEL_BASE);
  if (offset < thread.stackStart || offset >= thread.stackStart + thread.stack.region.size) return undefined;
  for (const state of frameStates(m, thread)) {
    if (state.kind !== 'guest' || offset < state.at.frame || offset >= state.at.frame + state.routine.frameSize)
      continue;
    let best: { readonly distance: number; readonly region: Region } | undefined;
    for (const { symbol, place } of state.routine.variables) {
      if (place.kind !== 'frame') continue;
      const start = state.at.frame + place.offset;
      const size = sizeOf(symbol.type);
      const distance = offset < start ? start - offset : Math.max(0, offset - (start + size) + 1);
      if (best !== undefined && best.distance <= distance) continue;
      best = {
        distance,
        region: stackRegion(kernelAddress(start), size, `local ${symbol.name} of ${state.routine.name}`),
      };
    }
    if (best === undefined || (best.distance > 0 && isObject(state.routine, offset - state.at.frame))) {
      const region = stackRegion(fault.address, fault.size, `a compound literal of ${state.routine.name}`);
      return { region, isInside: true };
    }
    return { region: best.region, isInside: best.distance === 0 };
  }
  return undefined;
}

/** Whether an object lies at a place of the frame: of those without a name there are compound literals. */
function isObject(routine: Routine, offset: number): boolean {
  const shadow = new Uint8Array(routine.frameShadow.buffer);
  return shadow[offset] !== RED_ZONE;
}

/** The variadic arguments of a function, where a list was read past their end. */
function variadicRegion(m: MachineState, thread: ThreadState, fault: Fault): Region | undefined {
  if (fault.kind !== 'out-of-bounds' || fault.region?.kind !== 'stack') return undefined;
  const offset = Number(fault.address - KERNEL_BASE);
  let { controlTop } = thread;
  for (const state of frameStates(m, thread)) {
    if (state.kind === 'native') continue;
    controlTop -= WORDS;
    const { routine, at } = state;
    const end = thread.control[controlTop + 3] ?? 0;
    const start = thread.words[at.fp + routine.fixedParameters * 2] ?? 0;
    if (!routine.signature.isVariadic || offset < start || offset >= end) continue;
    const back = thread.control[controlTop] ?? -1;
    const shape = back < 0 ? undefined : m.program.calls[m.program.code[back - 1] ?? -1];
    const count = (shape?.arguments.length ?? 0) - routine.signature.parameters.length;
    return stackRegion(kernelAddress(start), count * 8, `the variable arguments of ${routine.name}`);
  }
  return undefined;
}

function stackRegion(start: Region['start'], size: number, label: string): Region {
  return { start, size, kind: 'stack', label, isFreed: false, isReadOnly: false, isPaged: false, info: undefined };
}

/** The name of the function at an instruction, and how far into it that is: "Worker + 0x1c". */
export function instructionText(m: MachineState, instruction: number): string | undefined {
  const pc = instruction * WORDS;
  // A return address names the instruction behind a call, which may be the next function's first.
  const routine = routineAt(m, pc - WORDS);
  return routine === undefined ? undefined : `${routine.name} + 0x${((pc - routine.entry) / WORDS).toString(16)}`;
}
