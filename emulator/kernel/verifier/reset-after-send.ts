/**
 * An event is reset or made anew while an IRP is out whose completion signals it: had the completion come first, its signal
 * would be lost. Told where it happens, because in most runs the completion comes late enough.
 */
import type { GuestAddress } from '../../machine/native.ts';
import type { Kernel } from '../kernel-types.ts';
import { describeAddress, functionName } from '../places.ts';
import { reaches, signalSites } from './signal-sites.ts';
import { completionRoutines, isUserEvent } from './signallers.ts';

/** With more IRPs than this a run is judged by its end alone. */
const irpsMax = 200;

/** Warns; the call goes on. */
export function checkResetAfterSend(kernel: Kernel, call: string, event: GuestAddress): void {
  if (kernel.irps.size === 0 || kernel.irps.size > irpsMax) return;
  for (const irp of kernel.irps.values()) {
    if (irp.state !== 'sent' && irp.state !== 'pending') continue;
    const routine = completionRoutines(kernel, irp).find(({ context }) => context === event)?.routine;
    const isSignaller = routine !== undefined && signals(kernel, functionName(kernel, routine));
    if (!isSignaller && !isUserEvent(kernel, irp, event)) continue;
    const who = isSignaller ? `${functionName(kernel, routine)}, its completion routine,` : 'its completion';
    kernel.report({
      rule: 'event-reset-after-send',
      severity: 'warning',
      message: `${call} resets ${describeAddress(kernel, event)} while IRP #${irp.id} is out with ${irp.call ?? 'a lower driver'}: ${who} signals this event, and where the IRP completes before the reset, that signal is lost and the wait for it never ends. Reset the event before the IRP is sent.`,
      history: irp.history,
    });
    return;
  }
}

function signals(kernel: Kernel, routine: string): boolean {
  const table = signalSites(kernel.machine.program);
  return table.sites.some((site) => reaches(table, routine, site.functionName));
}
