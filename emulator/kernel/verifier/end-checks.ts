/** What must hold when a thread or an interrupt context has run to its end: IRQL and critical regions as at its start. */
import { bugCheck } from '../bug-checks.ts';
import { checkPromisedWait } from '../ke/promised-waits.ts';
import type { KernelThread } from '../ke/scheduler-state.ts';
import type { Kernel } from '../kernel-types.ts';
import { functionName } from '../places.ts';
import { checkLocksAtEnd } from './lock-checks.ts';
import { settleReset } from './reset-after-send.ts';

export function checkEnd(kernel: Kernel, thread: KernelThread): void {
  if (checkLocksAtEnd(kernel, thread) !== undefined) return;
  checkPromisedWait(kernel, 'the end of the thread');
  settleReset(kernel, undefined);
  if (kernel.irql !== thread.startIrql) {
    kernel.report({
      rule: 'irql-not-restored',
      severity: 'error',
      message: `${thread.name} ends at IRQL ${kernel.irql}, but began at ${thread.startIrql}: what raised the IRQL or took a spin lock must undo it.`,
      span: startSpan(kernel, thread),
      also: ['IrqlReturn', 'C28167'],
      bugCheck: bugCheck('IRQL_NOT_LESS_OR_EQUAL', thread.startRoutine, kernel.irql, 0, thread.startRoutine),
    });
  } else if (thread.criticalRegions !== 0 || thread.guardedRegions !== 0) {
    const what = thread.criticalRegions === 0 ? 'guarded' : 'critical';
    kernel.report({
      rule: 'critical-region-not-left',
      severity: 'error',
      message: `${thread.name} ends inside a ${what} region that ${functionName(kernel, thread.startRoutine)} entered and did not leave.`,
      span: startSpan(kernel, thread),
      also: ['CriticalRegions', '0xC4/0x40003'],
      bugCheck: bugCheck('KERNEL_APC_PENDING_DURING_EXIT', 0, thread.criticalRegions, kernel.irql, 0),
    });
  }
}

function startSpan(kernel: Kernel, thread: KernelThread): KernelThread['createdAt'] {
  const token = kernel.machine.codeAt(thread.startRoutine)?.symbol?.definition?.nameToken;
  return token === undefined ? thread.createdAt : { file: token.file, start: token.start, end: token.end };
}
