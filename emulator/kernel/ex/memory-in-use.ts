/**
 * Memory that goes while the kernel still has something in it: a timer that is set, a queued DPC, a lock that somebody
 * holds, a resource or a lookaside list that was never deleted, an object that a thread waits for. Asked before a block
 * of the pool is freed, and before a device goes with its extension.
 */
import type { Region } from '../../machine/machine-types.ts';
import type { GuestAddress, NativeResult } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import { reportPlacedWithin } from '../io/irps.ts';
import { hasWaiterWithin } from '../ke/dispatcher.ts';
import { pendingDpcs } from '../ke/pending-contexts.ts';
import type { Kernel, RunFinding } from '../kernel-types.ts';
import { reportStillMapped } from '../mm/user-mappings.ts';
import { describeAddress } from '../places.ts';
import { reportHeldWithin } from '../verifier/lock-checks.ts';

/**
 * Memory that goes while the kernel still has something in it. Every block is asked about: what a finding says is made
 * for it.
 */
export function reportInUse(
  kernel: Kernel,
  call: string,
  region: Region,
  historyOf: () => RunFinding['history'],
): NativeResult | undefined {
  const { locks, lookasides, lockOrder, timers, io } = kernel.parts;
  const mapped = reportStillMapped(kernel, call, region);
  if (mapped !== undefined) return mapped;
  const irpWithin = io.placedIrps.size === 0 ? undefined : reportPlacedWithin(kernel, call, region);
  if (irpWithin !== undefined) return irpWithin;
  for (const address of timers.within(region.start, region.size)) {
    const timer = timers.get(address);
    if (timer?.eventId === undefined) continue;
    return kernel.report({
      rule: 'active-timer-freed',
      severity: 'error',
      message: `${call} frees ${region.label}, which holds a timer that is still set (${describeAddress(kernel, address)}). Cancel it with KeCancelTimer first.`,
      also: ['0xC4/0x15'],
      bugCheck: bugCheck('TIMER_OR_DPC_INVALID', 0, address, region.start, region.size),
      history: [
        ...historyOf(),
        { what: 'the timer was set here', span: timer.setAt, statements: kernel.machine.statements },
      ],
    });
  }
  for (const pending of pendingDpcs(kernel.parts.scheduler.pending)) {
    if (pending.dpc === undefined || !isInside(region, pending.dpc)) continue;
    return kernel.report({
      rule: 'queued-dpc-freed',
      severity: 'error',
      message: `${call} frees ${region.label}, which holds a DPC that is still queued (${describeAddress(kernel, pending.dpc)}).`,
      bugCheck: bugCheck('TIMER_OR_DPC_INVALID', 1, pending.dpc, region.start, region.size),
      history: historyOf(),
    });
  }
  if (lockOrder.held.size > 0) {
    const what = `${call} frees ${region.label}, and with it`;
    const held = reportHeldWithin(kernel, region.start, region.size, { what, rule: 'held-lock-freed' });
    if (held !== undefined) return held;
  }
  for (const address of locks.within(region.start, region.size)) {
    if (locks.get(address)?.kind !== 'resource') continue;
    return kernel.report({
      rule: 'resource-freed',
      severity: 'error',
      message: `${call} frees ${region.label}, which holds an ERESOURCE that ExDeleteResourceLite has not deleted (${describeAddress(kernel, address)}).`,
      also: ['0xC4/0xD2', '0xC4/0x17'],
      bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', 0xd2, address, region.start, region.size),
      history: historyOf(),
    });
  }
  const [list] = lookasides.within(region.start, region.size);
  if (list !== undefined) {
    return kernel.report({
      rule: 'resource-freed',
      severity: 'error',
      message: `${call} frees ${region.label}, which holds a lookaside list that has not been deleted (${describeAddress(kernel, list)}).`,
      also: ['0xC4/0xCC'],
      bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', 0xcc, list, region.start, region.size),
      history: historyOf(),
    });
  }
  const waited = hasWaiterWithin(kernel, region.start, region.size);
  if (waited === undefined) return undefined;
  return kernel.report({
    rule: 'object-freed-while-waited-for',
    severity: 'error',
    message: `${call} frees ${region.label}, while a thread waits for ${describeAddress(kernel, waited)} in it.`,
    bugCheck: bugCheck('IRQL_NOT_LESS_OR_EQUAL', waited, kernel.irql, 1, call),
    history: historyOf(),
  });
}

function isInside({ start, size }: Region, address: GuestAddress): boolean {
  return address >= start && address < start + BigInt(size);
}
