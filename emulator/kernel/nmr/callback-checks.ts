/**
 * What the registrar finds wrong with a module: memory that it lent and that is gone, a callback that returns at another
 * IRQL than it was called at, a handle that is none.
 */
import type { GuestAddress, NativeResult } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import type { Kernel } from '../kernel-types.ts';
import { definitionSpan, functionName, hexAddress, returnSpan } from '../places.ts';
import { goneBecause, type LentMemory } from '../verifier/lent-memory.ts';
import { type BindingSide, moduleHistory, type NetworkModule, sideNames } from './nmr-state.ts';

/** The registrar is about to look at what a module was registered with; undefined while all of it is there. */
export function checkRegistration(kernel: Kernel, module: NetworkModule): NativeResult | undefined {
  const until = `until ${sideNames[module.kind].wait} has returned`;
  return checkMemory(kernel, module, module.lent, until);
}

/** The binding's context and dispatch table, which the other side may use until both have detached. */
export function checkBindingMemory(kernel: Kernel, side: BindingSide): NativeResult | undefined {
  return checkMemory(kernel, side.module, side.lent, 'until both modules have detached from each other');
}

/** A callback has come back: at the IRQL at which it was called? */
export function checkReturn(
  kernel: Kernel,
  what: string,
  routine: GuestAddress,
  irql: number,
): NativeResult | undefined {
  if (kernel.irql === irql) return undefined;
  return kernel.report({
    rule: 'irql-not-restored',
    severity: 'error',
    message: `${functionName(kernel, routine)}, a ${what} routine, returns at IRQL ${kernel.irql}, but was called at ${irql}.`,
    span: callbackSpan(kernel, routine),
    also: ['IrqlReturn', 'C28167'],
    bugCheck: bugCheck('IRQL_NOT_LESS_OR_EQUAL', routine, kernel.irql, 0, routine),
  });
}

/** Where a callback has returned, or else where it begins. */
export function callbackSpan(kernel: Kernel, routine: GuestAddress): NetworkModule['registeredAt'] {
  return returnSpan(kernel, routine) ?? definitionSpan(kernel, routine);
}

export function reportHandle(kernel: Kernel, call: string, handle: GuestAddress, what: string): NativeResult {
  return kernel.report({
    rule: 'nmr-handle',
    severity: 'error',
    message: `${call} is given ${hexAddress(handle)}, which is no handle of ${what}.`,
  });
}

function checkMemory(
  kernel: Kernel,
  module: NetworkModule,
  lent: readonly LentMemory[],
  until: string,
): NativeResult | undefined {
  for (const buffer of lent) {
    const because = goneBecause(kernel, buffer);
    if (because === undefined) continue;
    return kernel.report({
      rule: 'nmr-memory-gone',
      severity: 'error',
      message: `${buffer.name} of ${module.text} no longer exists: ${because}. It must live ${until}.`,
      history: moduleHistory(module),
    });
  }
  return undefined;
}
