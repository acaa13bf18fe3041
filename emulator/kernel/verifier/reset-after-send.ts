/**
 * An event is reset or made anew while an IRP is out whose completion signals it: had the completion come first, its signal
 * would be lost. Told where it happens, because in most runs the completion comes late enough; but not before the thread's
 * next call is known: where that reuses the same IRP, the two are one mistake, and the second says it better.
 */
import type { NativeCall } from '../../machine/machine-types.ts';
import type { GuestAddress } from '../../machine/native.ts';
import { isInFlight } from '../io/irps.ts';
import type { Kernel, RunFinding } from '../kernel-types.ts';
import { describeAddress, functionName } from '../places.ts';
import { addFinding, isKnown, makeFinding } from '../report.ts';
import { reaches, signalSites } from './signal-sites.ts';
import { completionRoutines, isUserEvent } from './signallers.ts';

/** With more IRPs than this a run is judged by its end alone. */
const irpsMax = 200;

/** A warning that waits for its thread's next call. */
export interface ResetWarning {
  readonly irpId: number;
  readonly finding: RunFinding;
}

/** The call goes on. */
export function checkResetAfterSend(kernel: Kernel, call: string, event: GuestAddress): void {
  if (kernel.irps.size === 0 || kernel.irps.size > irpsMax) return;
  for (const irp of kernel.irps.values()) {
    // A request that came from above and was kept on its way back is still its maker's to hear of, but has signalled.
    if (!isInFlight(irp) || irp.completedAt !== undefined) continue;
    const routine = completionRoutines(kernel, irp).find(({ context }) => context === event)?.routine;
    const isSignaller = routine !== undefined && signals(kernel, functionName(kernel, routine));
    if (!isSignaller && !isUserEvent(kernel, irp, event)) continue;
    const who = isSignaller ? `${functionName(kernel, routine)}, its completion routine,` : 'its completion';
    const finding = makeFinding(kernel, {
      rule: 'event-reset-after-send',
      severity: 'warning',
      message: `${call} resets ${describeAddress(kernel, event)} while IRP #${irp.id} is out with ${irp.call ?? 'a lower driver'}: ${who} signals this event, and where the IRP completes before the reset, that signal is lost and the wait for it never ends. Reset the event before the IRP is sent.`,
      history: irp.history,
    });
    if (kernel.current === undefined || isKnown(kernel, finding)) return;
    kernel.parts.scheduler.resetWarnings.set(kernel.current.id, { irpId: irp.id, finding });
    return;
  }
}

/** The current thread calls something else, or ends: nothing is `undefined`. */
export function settleReset(kernel: Kernel, next: NativeCall | undefined): void {
  const { resetWarnings } = kernel.parts.scheduler;
  if (resetWarnings.size === 0) return;
  const warning = kernel.current === undefined ? undefined : resetWarnings.get(kernel.current.id);
  if (warning === undefined || kernel.current === undefined) return;
  resetWarnings.delete(kernel.current.id);
  const reused = next?.name === 'IoReuseIrp' ? kernel.irps.get(next.arguments.pointer(0)) : undefined;
  if (reused?.id === warning.irpId && isInFlight(reused)) return;
  if (!isKnown(kernel, warning.finding)) addFinding(kernel, warning.finding);
}

function signals(kernel: Kernel, routine: string): boolean {
  const table = signalSites(kernel.machine.program);
  return table.sites.some((site) => reaches(table, routine, site.functionName));
}
