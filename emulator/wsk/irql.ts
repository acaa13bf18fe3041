/**
 * The IRQL of calls through dispatch tables. The kernel checks exported functions by their prototypes; functions of a
 * table have none, and some depend on what they are asked for, so WSK checks them itself.
 */
import type { Kernel } from '../kernel/kernel-types.ts';
import type { NativeResult } from '../machine/native.ts';

const names = ['PASSIVE_LEVEL', 'APC_LEVEL', 'DISPATCH_LEVEL'];

/** The finding of a call above `max`; undefined when it may go on. */
export function checkIrql(kernel: Kernel, call: string, max: number): NativeResult | undefined {
  if (kernel.irql <= max) return undefined;
  const actual = names[kernel.irql] ?? `IRQL ${kernel.irql}`;
  return kernel.report({
    rule: 'irql-too-high',
    severity: 'error',
    message: `${call} is called at ${actual}, but must be called at IRQL <= ${names[max]}.`,
    also: ['C28121'],
    docRules: max === 0 ? ['R60', 'R61'] : [],
  });
}
