/**
 * Faults in the words of the source: which expression, which local variable.
 *
 * The VM raises a fault with what it knows, an address. Here it gets the text of the expression that the instruction
 * was made for, and a stack address gets the variable that it belongs to.
 */
import type { NodeBase } from '../../../cfront/parse/ast.ts';
import { sizeOf } from '../../../cfront/types/layout.ts';
import { textOf } from '../compile/spans.ts';
import type { Fault, Region } from '../machine-types.ts';
import { KERNEL_BASE, kernelAddress } from '../memory/layout.ts';
import { WORDS } from '../opcodes.ts';
import { frameStates } from './frames.ts';
import type { MachineState } from './state.ts';
import type { ThreadState } from './thread.ts';

export function describeFault(m: MachineState, thread: ThreadState, fault: Fault): Fault {
  const node = thread.pc < 0 ? undefined : m.program.nodeOf[thread.pc / WORDS];
  const region = fault.region?.kind === 'stack' ? (localRegion(m, thread, fault) ?? fault.region) : fault.region;
  return { ...fault, region, detail: detailOf(fault, node) };
}

function detailOf(fault: Fault, node: NodeBase | undefined): string {
  switch (fault.kind) {
    case 'division-by-zero':
    case 'division-overflow':
      return node === undefined ? '' : textOf(divisorOf(node));
    case 'stack-overflow':
    case 'missing-function':
    case 'call-mismatch':
    case 'unreachable-code':
    case 'unhandled-exception':
    case 'breakpoint-instruction':
      return fault.detail;
    case 'uninitialised-read':
      // A local in a register has no address but a name.
      return fault.address === 0n || node === undefined ? fault.detail : textOf(node);
    default:
      return node === undefined ? fault.detail : textOf(node);
  }
}

/** The right operand of a division, which came to zero. */
function divisorOf(node: NodeBase): NodeBase {
  const e = node as { readonly kind?: string; readonly right?: NodeBase; readonly value?: NodeBase };
  if (e.kind === 'binary') return e.right ?? node;
  return e.kind === 'assign' ? (e.value ?? node) : node;
}

/** The local variable that a stack address lies in or next to. */
function localRegion(m: MachineState, thread: ThreadState, fault: Fault): Region | undefined {
  const offset = Number(fault.address - KERNEL_BASE);
  if (offset < thread.stackStart || offset >= thread.stackStart + thread.stackRegion.size) return undefined;
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
      best = { distance, region: variableRegion(kernelAddress(start), size, symbol.name, state.routine.name) };
    }
    return best?.region;
  }
  return undefined;
}

function variableRegion(start: Region['start'], size: number, name: string, functionName: string): Region {
  return {
    start,
    size,
    kind: 'stack',
    label: `local ${name} of ${functionName}`,
    isFreed: false,
    isReadOnly: false,
    isPaged: false,
    info: undefined,
  };
}
