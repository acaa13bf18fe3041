/**
 * What must hold when a driver sends an IRP on, or completes it: it has the IRP, its cancel routine is off, the next stack
 * location is prepared. Each check reads the IRP and its record, changes nothing, and gives the finding that stops the run.
 * Rules: documentation pages "Passing IRPs down the driver stack" and "Completing IRPs"; codes: bug check 0xC9.
 */
import type { NativeResult } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import { invokeFlags, reportSkipped } from '../io/irp-stack.ts';
import { currentLocation, irpView, isAtOtherDriver, reportIrp, stackLocation } from '../io/irps.ts';
import type { IrpRecord, Kernel } from '../kernel-types.ts';
import { describeAddress, functionName } from '../places.ts';
import { statusText } from '../status-names.ts';
import { STATUS_PENDING } from '../statuses.ts';
import { isSuspicious } from './suspicious-status.ts';

/** Before IoCallDriver moves to the next location. */
export function checkPassedOn(kernel: Kernel, record: IrpRecord, call: string): NativeResult | undefined {
  const view = irpView(kernel, record.address);
  const routine = view.getPointer('CancelRoutine');
  // A driver below may pend it and set its own cancel routine: then the IRP is not the sender's at all.
  if (isAtOtherDriver(kernel, record)) {
    return reportIrp(kernel, record, {
      rule: 'irp-sent-while-pending-below',
      message: `${call} sends IRP #${record.id}, which ${keeper(kernel, record)} still keeps pending: wait until it has been completed.`,
      also: ['0xC9/0x205'],
      bugCheck: bugCheck('DRIVER_VERIFIER_IOMANAGER_VIOLATION', 0x205, caller(kernel), record.address),
    });
  }
  if (routine !== 0n) {
    return reportIrp(kernel, record, {
      rule: 'sent-with-cancel-routine',
      message: `${call} passes IRP #${record.id} on while the cancel routine ${functionName(kernel, routine)} is still set: it would be called for an IRP that another driver has. Call IoSetCancelRoutine(Irp, NULL) first and see what it returns.`,
      also: ['0xC9/0x203'],
      bugCheck: bugCheck('DRIVER_VERIFIER_IOMANAGER_VIOLATION', 0x203, caller(kernel), record.address),
    });
  }
  return checkNextLocation(kernel, record, call);
}

/** Before IoCompleteRequest begins the way up. */
export function checkCompletable(kernel: Kernel, record: IrpRecord, call: string): NativeResult | undefined {
  const view = irpView(kernel, record.address);
  const status = view.getNumber('IoStatus.Status');
  if (isAtOtherDriver(kernel, record)) {
    return reportIrp(kernel, record, {
      rule: 'irp-completed-while-pending-below',
      message: `${call} completes IRP #${record.id}, which ${keeper(kernel, record)} still keeps pending and will complete itself: wait for its completion where IoCallDriver returns STATUS_PENDING.`,
      also: ['DoubleCompletion', '0xC9/0x209'],
      bugCheck: bugCheck('DRIVER_VERIFIER_IOMANAGER_VIOLATION', 0x209, caller(kernel), record.address),
    });
  }
  if (record.next === 'skipped') {
    return reportIrp(kernel, record, {
      rule: 'irp-completed-after-skip',
      message: `${call} completes IRP #${record.id} after IoSkipCurrentIrpStackLocation has given its stack location up: the completion begins one location too high, and the completion routine of the driver above is left out.`,
    });
  }
  if (status === STATUS_PENDING || status === -1) {
    return reportIrp(kernel, record, {
      rule: 'completed-with-pending-status',
      message: `${call} completes IRP #${record.id} with IoStatus.Status = ${statusText(kernel, status)}, which is no final status.`,
      also: ['0xC9/0x6'],
      bugCheck: bugCheck('DRIVER_VERIFIER_IOMANAGER_VIOLATION', 0x6, status, record.address),
    });
  }
  const routine = view.getPointer('CancelRoutine');
  if (routine !== 0n) {
    return reportIrp(kernel, record, {
      rule: 'completed-with-cancel-routine',
      message: `${call} completes IRP #${record.id} while its cancel routine ${functionName(kernel, routine)} is still set: the routine could be called for an IRP that is gone. Call IoSetCancelRoutine(Irp, NULL) first and see what it returns.`,
      also: ['0xC9/0x7', '0xC9/0x23C'],
      bugCheck: bugCheck('DRIVER_VERIFIER_IOMANAGER_VIOLATION', 0x7, routine, record.address),
    });
  }
  warnCompleted(kernel, record, call, status);
  return undefined;
}

/** The next location of an IRP that was received: filled by the driver, and not with what is the driver's above. */
function checkNextLocation(kernel: Kernel, record: IrpRecord, call: string): NativeResult | undefined {
  const at = irpView(kernel, record.address).getNumber('CurrentLocation');
  // The location was given up without IoSkipCurrentIrpStackLocation.
  const isLeft = record.routineSetAt !== undefined && record.routineLocation !== at - 1;
  if (isLeft) return reportSkipped(kernel, record, call);
  if (at > record.stackSize || at <= 1 || record.next === 'skipped') return undefined;
  const current = currentLocation(kernel, record.address);
  const next = kernel.view('IO_STACK_LOCATION', stackLocation(kernel, record.address, at - 1));
  const isUsed = next.get('DeviceObject') !== 0n;
  if (record.next === undefined && (isUsed || next.getNumber('MajorFunction') === 0)) {
    const why = isUsed
      ? 'whose next stack location is left from the sending before, without its parameters'
      : 'whose next stack location is empty, so that the driver below sees IRP_MJ_CREATE without a file';
    return reportIrp(kernel, record, {
      rule: 'stack-location-not-prepared',
      message: `${call} passes on IRP #${record.id}, ${why}. Call IoCopyCurrentIrpStackLocationToNext or IoSkipCurrentIrpStackLocation before each IoCallDriver.`,
      also: ['0xC9/0x206'],
      bugCheck: bugCheck('DRIVER_VERIFIER_IOMANAGER_VIOLATION', 0x206, record.address),
    });
  }
  const routine = next.getPointer('CompletionRoutine');
  const isWanted = (next.getNumber('Control') & invokeFlags) !== 0;
  const isOwn = record.routineSetAt !== undefined && routine === record.completionRoutine;
  if (record.routineSetAt !== undefined && (routine === 0n || !isWanted)) warnOverwritten(kernel, record, call);
  const isCopied =
    !isOwn &&
    isWanted &&
    routine !== 0n &&
    routine === current.getPointer('CompletionRoutine') &&
    next.get('Context') === current.get('Context');
  if (!isCopied) return undefined;
  return reportIrp(kernel, record, {
    rule: 'stack-location-copied-whole',
    message: `${call} passes on IRP #${record.id} with a whole copy of the driver's stack location: the completion routine ${functionName(kernel, routine)} of the driver above stands in it too and would run twice. Use IoCopyCurrentIrpStackLocationToNext, which leaves it out.`,
    also: ['C28114', '0xC9/0x207'],
    bugCheck: bugCheck('DRIVER_VERIFIER_IOMANAGER_VIOLATION', 0x207, caller(kernel), record.address),
  });
}

/** What IoCopyCurrentIrpStackLocationToNext leaves alone, a copy of all bytes does not. */
function warnOverwritten(kernel: Kernel, record: IrpRecord, call: string): void {
  reportIrp(kernel, record, {
    rule: 'completion-routine-lost',
    severity: 'warning',
    message: `${call} passes on IRP #${record.id}, for which a completion routine was set, but the next stack location has none any more: what was copied there since has replaced it, and it is never called. Copy first, then call IoSetCompletionRoutine.`,
    also: ['CompletionRoutineRegistered'],
  });
}

function warnCompleted(kernel: Kernel, record: IrpRecord, call: string, status: number): void {
  if (record.routineSetAt !== undefined) {
    reportIrp(kernel, record, {
      rule: 'completion-routine-lost',
      severity: 'warning',
      message: `${call} completes IRP #${record.id}, for which a completion routine was set, but which was not sent since: the routine is never called.`,
      also: ['CompletionRoutineRegistered'],
    });
  }
  if (isSuspicious(kernel, status)) {
    reportIrp(kernel, record, {
      rule: 'suspicious-status',
      severity: 'warning',
      message: `${call} completes IRP #${record.id} with IoStatus.Status = ${statusText(kernel, status)}, which is no status of a driver: it looks like a variable that was given no value, or a value of another kind.`,
      also: ['0xC9/0x21B', '0xC9/0x300'],
      bugCheck: bugCheck('DRIVER_VERIFIER_IOMANAGER_VIOLATION', 0x300, caller(kernel), record.address, status),
    });
  }
}

function keeper(kernel: Kernel, record: IrpRecord): string {
  return describeAddress(kernel, currentLocation(kernel, record.address).getPointer('DeviceObject'));
}

/** The driver's function at fault, as debuggers show it for parameter 2. */
function caller(kernel: Kernel): string {
  return kernel.parts.currentCall?.site.functionName ?? 'the driver';
}
