/**
 * A run that can't go on: who waits for what, and who should have ended the wait. An unload that waits in WskDeregister
 * is the commonest case and has a rule of its own, because it names what to close.
 */
import { describeHang } from '../kernel/index.ts';
import type { Kernel, RunFinding } from '../kernel/kernel-types.ts';
import { addFinding } from '../kernel/report.ts';
import type { GuestThread } from '../machine/machine-types.ts';

/** Records the finding of a thread that should have ended and never will. */
export function reportHang(kernel: Kernel, thread: GuestThread | undefined): void {
  const blocked = thread === undefined ? undefined : kernel.parts.scheduler.threads.get(thread.id);
  const finding = describeHang(kernel, blocked);
  const { wait } = blocked ?? {};
  const isDeregister = wait?.kind === 'key' && wait.reason.startsWith('WskDeregister');
  addFinding(kernel, isDeregister ? blockedUnload(finding, blocked?.name ?? 'DriverUnload', wait.reason) : finding);
}

function blockedUnload(finding: RunFinding, name: string, reason: string): RunFinding {
  return {
    ...finding,
    rule: 'unload-blocked',
    message: `${name} can't return: ${reason}. Nothing is left that could end that.`,
    docRules: ['R79'],
  };
}
