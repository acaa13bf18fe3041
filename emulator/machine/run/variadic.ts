/**
 * va_arg against what the caller passed: the slot that comes next, and the class that is wanted of it.
 *
 * The list is a plain pointer into the area above the callee's frame, so the call that filled it is found by looking
 * for the frame whose area it lies in. A list that lies elsewhere is not checked here: its memory is.
 */
import { operationFault } from '../faults.ts';
import { fromWords, KERNEL_HIGH } from '../memory/layout.ts';
import { WORDS } from '../opcodes.ts';
import type { CallShape, PassingClass } from '../program.ts';
import { VARIADIC } from '../vm/host.ts';
import { frameStates } from './frames.ts';
import type { MachineState } from './state.ts';
import type { ThreadState } from './thread.ts';

export function checkVariadic(m: MachineState, thread: ThreadState, low: number, high: number, wanted: number): void {
  if (high !== KERNEL_HIGH) return;
  const call = callOfSlot(m, thread, low);
  if (call === undefined) return;
  const { shape, index, first } = call;
  const passed = shape.arguments[index];
  if (passed === undefined) {
    const count = shape.arguments.length - first;
    const detail = `argument ${index - first + 1} of ${count}`;
    throw operationFault('missing-argument', detail, fromWords(low, high) as never, 8);
  }
  if (isReadable(passed, wanted) || m.overlooked.has(thread.pc)) return;
  const detail = `argument ${index - first + 1} was passed as ${PASSED[passed]}, and is taken as ${WANTED[wanted] ?? ''}`;
  throw operationFault('argument-mismatch', detail, fromWords(low, high) as never, 8);
}

const PASSED: Readonly<Record<PassingClass, string>> = {
  s: 'an integer of 32 bits',
  u: 'an integer of 32 bits',
  q: '64 bits',
  f: 'a double',
  r: 'a record',
};
const WANTED: readonly string[] = ['an integer of 32 bits', '64 bits', 'a double', 'a record'];

/** The lower half of 64 bits is what every x64 machine gives for them. */
function isReadable(passed: PassingClass, wanted: number): boolean {
  switch (wanted) {
    case VARIADIC.int:
      return passed === 's' || passed === 'u' || passed === 'q';
    case VARIADIC.long:
      return passed === 'q';
    case VARIADIC.double:
      return passed === 'f';
    default:
      return passed === 'r';
  }
}

/** The call whose variadic arguments lie around an offset, and the number of the argument among all of them. */
function callOfSlot(
  m: MachineState,
  thread: ThreadState,
  offset: number,
): { readonly shape: CallShape; readonly index: number; readonly first: number } | undefined {
  let { controlTop } = thread;
  for (const state of frameStates(m, thread)) {
    if (state.kind === 'native') continue;
    controlTop -= WORDS;
    const { routine, at } = state;
    if (!routine.signature.isVariadic) continue;
    const area = thread.words[at.fp + routine.fixedParameters * 2] ?? 0;
    const callerTop = thread.control[controlTop + 3] ?? 0;
    if (offset < area || offset > callerTop) continue;
    const back = thread.control[controlTop] ?? -1;
    const shape = back < 0 ? undefined : m.program.calls[m.program.code[back - 1] ?? -1];
    if (shape === undefined) return undefined;
    const first = routine.signature.parameters.length;
    return { shape, first, index: first + (offset - area) / 8 };
  }
  return undefined;
}
