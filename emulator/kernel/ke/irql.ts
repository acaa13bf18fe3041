/** The IRQL, critical and guarded regions. */

import { type NativeResult, returns, returnsVoid } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable, Kernel } from '../kernel-types.ts';
import { forgetRegion, noteIrql, noteKeptIrql, noteRegion } from '../verifier/irql-history.ts';
import { checkLowering } from '../verifier/lock-checks.ts';
import { irqlText } from '../verifier/preconditions.ts';
import { currentThread } from './blocking.ts';

const highLevel = 15;
/** IPI_LEVEL of an x64 processor. */
const ipiLevel = 14;

/** Raises the IRQL; a lower one than now is the caller's mistake. */
export function raiseIrql(kernel: Kernel, call: string, irql: number): NativeResult | undefined {
  if (irql >= kernel.irql && irql <= highLevel) {
    kernel.irql = irql;
    return undefined;
  }
  return kernel.report({
    rule: 'irql-raised-to-lower',
    severity: 'error',
    message: `${call} is asked to raise the IRQL from ${irqlText(kernel.irql)} to ${irqlText(irql)}.`,
    also: ['0xC4/0x30'],
    bugCheck: bugCheck('IRQL_NOT_GREATER_OR_EQUAL', kernel.irql, irql, 0, 0),
  });
}

/** Lowers the IRQL; interrupts that were held back get their turn. */
export function lowerIrql(kernel: Kernel, call: string, irql: number): NativeResult | undefined {
  if (irql <= kernel.irql) {
    const bad = irql < 2 && kernel.irql >= 2 ? checkBelowDispatch(kernel, call, irql) : undefined;
    if (irql === kernel.irql && irql >= 2) noteKeptIrql(kernel, call, irqlText(irql));
    if (bad === undefined) kernel.irql = irql;
    return bad;
  }
  return kernel.report({
    rule: 'irql-lowered-to-higher',
    severity: 'error',
    message: `${call} is asked to lower the IRQL from ${irqlText(kernel.irql)} to ${irqlText(irql)}.`,
    also: ['0xC4/0x31'],
    bugCheck: bugCheck('IRQL_NOT_LESS_OR_EQUAL', irql, kernel.irql, 0, call),
  });
}

/** Leaving DISPATCH_LEVEL: not with a spin lock, and not in a context that an interrupt began. */
function checkBelowDispatch(kernel: Kernel, call: string, irql: number): NativeResult | undefined {
  const thread = currentThread(kernel);
  const bad = checkLowering(kernel, call, thread.id, irql);
  if (bad !== undefined || thread.kind !== 'context' || thread.startIrql <= irql) return bad;
  return kernel.report({
    rule: 'irql-not-restored',
    severity: 'error',
    message: `${call} lowers the IRQL to ${irqlText(irql)} in ${thread.name}, which was called at ${irqlText(thread.startIrql)}: the interrupted thread would be switched away from in the middle of a DPC.`,
    also: ['IrqlReturn'],
    bugCheck: bugCheck('ATTEMPTED_SWITCH_FROM_DPC', thread.object, 0, 0, call),
  });
}

function noteRaised(kernel: Kernel, call: string, before: number): void {
  if (kernel.irql > before) noteIrql(kernel, `${call} raises the IRQL to ${irqlText(kernel.irql)} here`);
}

export const irqlApis = {
  KeGetCurrentIrql: (kernel) => returns(kernel.irql),
  KeRaiseIrql: (kernel, { arguments: args }) => {
    const before = kernel.irql;
    const bad = raiseIrql(kernel, 'KeRaiseIrql', args.uint(0) & 0xff);
    if (bad !== undefined) return bad;
    kernel.memory.writeU8(args.pointer(1), before);
    noteRaised(kernel, 'KeRaiseIrql', before);
    return returnsVoid;
  },
  KfRaiseIrql: (kernel, { arguments: args }) => {
    const before = kernel.irql;
    const bad = raiseIrql(kernel, 'KfRaiseIrql', args.uint(0) & 0xff);
    if (bad !== undefined) return bad;
    noteRaised(kernel, 'KfRaiseIrql', before);
    return returns(before);
  },
  KfLowerIrql: (kernel, { arguments: args }) => lowerIrql(kernel, 'KfLowerIrql', args.uint(0) & 0xff) ?? returnsVoid,
  /** On the one processor there is, at the level of interrupts between processors. */
  KeIpiGenericCall: (kernel, { arguments: args }) => {
    const before = kernel.irql;
    kernel.irql = ipiLevel;
    return {
      kind: 'call',
      target: args.pointer(0),
      arguments: [args.uint64(1)],
      frameLabel: 'KeIpiGenericCall',
      then: { name: 'ke.ipi-returned', state: { irql: before } },
    };
  },
  KeRaiseIrqlToDpcLevel: (kernel) => {
    const before = kernel.irql;
    const bad = raiseIrql(kernel, 'KeRaiseIrqlToDpcLevel', 2);
    if (bad !== undefined) return bad;
    noteRaised(kernel, 'KeRaiseIrqlToDpcLevel', before);
    return returns(before);
  },
  KeLowerIrql: (kernel, { arguments: args }) => lowerIrql(kernel, 'KeLowerIrql', args.uint(0) & 0xff) ?? returnsVoid,

  KeEnterCriticalRegion: (kernel, { name }) => {
    enterRegion(kernel, name, 'critical');
    return returnsVoid;
  },
  KeLeaveCriticalRegion: (kernel) => leaveCriticalRegion(kernel, 'KeLeaveCriticalRegion') ?? returnsVoid,
  KeEnterGuardedRegion: (kernel, { name }) => {
    enterRegion(kernel, name, 'guarded');
    return returnsVoid;
  },
  KeLeaveGuardedRegion: (kernel) => {
    const thread = currentThread(kernel);
    if (thread.guardedRegions === 0) return reportNotInRegion(kernel, 'KeLeaveGuardedRegion', 'guarded');
    thread.guardedRegions--;
    forgetRegion(thread);
    return returnsVoid;
  },
  /** Windows looks at the thread here and not at the IRQL. */
  KeAreApcsDisabled: (kernel) => {
    const { criticalRegions, guardedRegions, id } = currentThread(kernel);
    if (criticalRegions > 0 || guardedRegions > 0) return returns(1);
    // Who holds a mutex gets no normal kernel APCs until it is released.
    for (const { kind, ownerId } of kernel.parts.dispatchers.values())
      if (kind === 'mutex' && ownerId === id) return returns(1);
    return returns(0);
  },
  KeAreAllApcsDisabled: (kernel) => returns(currentThread(kernel).guardedRegions > 0 || kernel.irql >= 1 ? 1 : 0),
} satisfies KernelApis;

export const irqlContinuations = {
  'ke.ipi-returned': (kernel, _thread, state, value) => {
    const bad = kernel.irql === ipiLevel ? undefined : raiseIrql(kernel, 'KeIpiGenericCall', ipiLevel);
    kernel.irql = state.irql as number;
    return bad ?? returns(value);
  },
} satisfies ContinuationTable;

export function leaveCriticalRegion(kernel: Kernel, call: string): NativeResult | undefined {
  const thread = currentThread(kernel);
  if (thread.criticalRegions === 0) return reportNotInRegion(kernel, call, 'critical');
  thread.criticalRegions--;
  forgetRegion(thread);
  return undefined;
}

/** The current thread gets no normal kernel APCs (critical), or none at all (guarded), until it leaves the region. */
export function enterRegion(kernel: Kernel, call: string, kind: 'critical' | 'guarded'): void {
  const thread = currentThread(kernel);
  if (kind === 'critical') thread.criticalRegions++;
  else thread.guardedRegions++;
  noteRegion(kernel, thread, `${call} enters a ${kind} region here`);
}

function reportNotInRegion(kernel: Kernel, call: string, kind: 'critical' | 'guarded'): NativeResult {
  return kernel.report({
    rule: 'region-not-entered',
    severity: 'error',
    message: `${call} is called by a thread that is in no ${kind} region.`,
    also: kind === 'critical' ? ['CriticalRegions', '0xC4/0x3E'] : ['GuardedRegions', '0xC4/0x4000E'],
    bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', kind === 'critical' ? 0x3e : 0x4000e),
  });
}
