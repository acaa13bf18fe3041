/**
 * A routine whose value the I/O manager needs, and which a cast has made of a function that returns none: on Windows the
 * status is whatever its last instructions left in a register.
 */
import type { GuestAddress, NativeResult } from '../../machine/native.ts';
import type { Kernel, RunFinding } from '../kernel-types.ts';
import { definitionSpan, functionName } from '../places.ts';

/** Asked when the routine has returned. `role` is what it was called as: "dispatch routine". */
export function checkHasResult(
  kernel: Kernel,
  routine: GuestAddress,
  role: string,
  history: () => RunFinding['history'],
): NativeResult | undefined {
  const symbol = kernel.machine.codeAt(routine)?.symbol;
  if (symbol?.type.result.kind !== 'void') return undefined;
  return kernel.report({
    rule: 'call-mismatch',
    severity: 'error',
    span: definitionSpan(kernel, routine),
    message: `${functionName(kernel, routine)} is called as a ${role}, which returns an NTSTATUS, but is a function that returns nothing: the I/O manager takes for the status what happens to be in a register.`,
    history: history(),
  });
}
