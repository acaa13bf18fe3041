/**
 * IRPs on their way down: to a subsystem that completes them itself (WSK), or through IoCallDriver to the dispatch routine
 * of the driver that owns the device object.
 */
import { type Continuation, type GuestAddress, type NativeResult, returns } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable, IrpRecord, Kernel, Sending } from '../kernel-types.ts';
import { currentSpan, definitionSpan, describeAddress } from '../places.ts';
import { statusText } from '../status-names.ts';
import { offsetAddress } from '../struct-view.ts';
import type { AfterCall } from '../verifier/given-away.ts';
import { checkPassedOn } from '../verifier/irp-checks.ts';
import { beginDispatch, endDispatch } from '../verifier/irp-dispatch.ts';
import { currentLocationAddress, irpOffsets, readChar } from './irp-offsets.ts';
import {
  advance,
  invokeFlags,
  markPending,
  slInvokeOnCancel,
  slInvokeOnError,
  slInvokeOnSuccess,
} from './irp-stack.ts';
import { unwatchIrp, watchHeld } from './irp-watch.ts';
import {
  currentLocation,
  irpArgument,
  irpView,
  isInFlight,
  rememberPieces,
  reportIrp,
  reportStillPending,
} from './irps.ts';
import { majorFunctions, majorName, requestName } from './request-codes.ts';

/** Hands an IRP to a subsystem, which has it (`holder`) until it completes it. */
export function sendIrp(
  kernel: Kernel,
  irp: GuestAddress,
  sending: Sending,
  holder: IrpRecord['holder'],
): IrpRecord | NativeResult {
  const { call } = sending;
  const record = irpArgument(kernel, call, irp);
  if ('kind' in record) return record;
  const bad =
    checkSendable(kernel, record, call) ??
    checkCompletionRoutine(kernel, record, call) ??
    advance(kernel, call, record);
  if (bad !== undefined) return bad;
  noteSent(kernel, record, sending);
  record.holder = holder;
  return record;
}

/** Marks the current stack location: whoever sent the IRP gets STATUS_PENDING. */
export function pendIrp(kernel: Kernel, record: IrpRecord): void {
  markPending(kernel, record.call ?? 'the I/O manager', record);
  record.state = 'pending';
  watchHeld(kernel, record, 0);
}

export const callDriverApis = {
  IoCallDriver: (kernel, { name, arguments: args }) =>
    callDriver(kernel, name, args.pointer(0), args.pointer(1), { name: 'io.dispatched', state: {} }),
  IofCallDriver: (kernel, { name, arguments: args }) =>
    callDriver(kernel, name, args.pointer(0), args.pointer(1), { name: 'io.dispatched', state: {} }),
} satisfies KernelApis;

export const callDriverContinuations = {
  'io.dispatched': (_kernel, _thread, _state, value) => returns(Number(BigInt.asIntN(32, value))),
  'io.dispatch-returned': (kernel, _thread, { number, then }, value) =>
    endDispatch(kernel, number as number, value, then as Continuation),
} satisfies ContinuationTable;

/** Sends an IRP to a device: moves to the next location and calls the dispatch routine for its major function. */
export function callDriver(
  kernel: Kernel,
  call: string,
  device: GuestAddress,
  irp: GuestAddress,
  then: Continuation,
): NativeResult {
  const record = irpArgument(kernel, call, irp);
  if ('kind' in record) return record;
  if (record.holder !== undefined) return reportStillPending(kernel, record, call);
  const io = kernel.parts.io.devices.get(device);
  if (io === undefined || io.isDeleted) {
    // Memory that is gone faults here.
    kernel.view('DEVICE_OBJECT', device).getNumber('Type');
    return kernel.report({
      rule: 'not-a-device',
      severity: 'error',
      message: `${call} is given ${describeAddress(kernel, device)}, which is ${io === undefined ? 'no device object' : 'a device object that has been deleted'}.`,
      also: ['0xC9/0x4'],
      bugCheck: bugCheck('DRIVER_VERIFIER_IOMANAGER_VIOLATION', 0x4, device),
    });
  }
  const before = irpView(kernel, irp).getNumber('CurrentLocation');
  const isOwn = before > record.stackSize;
  // Who has given its own location to the driver below has the one below the current one.
  const mine = record.next === 'skipped' ? before - 1 : before;
  if (isOwn && record.owner === 'driver') warnNotReset(kernel, record, call);
  const bad =
    checkPassedOn(kernel, record, call) ??
    (isOwn && record.owner === 'driver' ? checkCompletionRoutine(kernel, record, call) : undefined) ??
    advance(kernel, call, record);
  if (bad !== undefined) return bad;
  const location = currentLocation(kernel, irp);
  location.set('DeviceObject', device);
  const major = location.getNumber('MajorFunction');
  const subject = requestName(kernel, {
    major,
    minor: location.getNumber('MinorFunction'),
    code: Number(location.get('Parameters.DeviceIoControl.IoControlCode')),
  });
  noteSent(kernel, record, { call, object: io.name ?? describeAddress(kernel, device), subject });
  const driver = kernel.view('DEVICE_OBJECT', device).getPointer('DriverObject');
  const table = kernel.view('DRIVER_OBJECT', driver).addressOf('MajorFunction');
  const routine = kernel.memory.readPointer((table + BigInt(Math.min(major, majorFunctions - 1) * 8)) as GuestAddress);
  if (routine === 0n) return reportNoRoutine(kernel, record, driver, Math.min(major, majorFunctions - 1));
  const at = irpView(kernel, irp).getNumber('CurrentLocation');
  const after = { irp, id: record.id, how: 'sent', call, location: mine, then } satisfies AfterCall;
  const { number } = beginDispatch(kernel, { irp, irpId: record.id, routine, device, location: at }, record);
  return callDispatch(routine, [device, irp], call, {
    name: 'io.dispatch-returned',
    state: { number, then: { name: 'irp.given-away', state: after } },
  });
}

/** The driver has overwritten what the I/O manager puts into each entry of the table. */
function reportNoRoutine(kernel: Kernel, record: IrpRecord, driver: GuestAddress, major: number): NativeResult {
  const name = majorName(major);
  return reportIrp(kernel, record, {
    rule: 'bad-call',
    span: definitionSpan(kernel, kernel.view('DRIVER_OBJECT', driver).getPointer('DriverInit')),
    message: `IRP #${record.id} has the major function ${name}, and MajorFunction[${name}] of the driver that it is sent to is NULL: the I/O manager calls address 0. Leave entries that the driver does not serve as they were.`,
    bugCheck: bugCheck('SYSTEM_THREAD_EXCEPTION_NOT_HANDLED', 0xc0000005, 0, 0, 0),
  });
}

function callDispatch(
  target: GuestAddress,
  args: readonly bigint[],
  frameLabel: string,
  then: Continuation,
): NativeResult {
  return { kind: 'call', target, arguments: args, frameLabel, then };
}

function noteSent(kernel: Kernel, record: IrpRecord, { call, object, subject: given }: Sending): void {
  // The PnP manager's calls are called as what they ask for.
  const subject = given === call ? undefined : given;
  unwatchIrp(kernel, record);
  record.call = call;
  record.subject = subject;
  record.sentAt = currentSpan(kernel);
  // A driver below that sends on what it was sent does not make it its own.
  const from = readChar(kernel.memory, record.address, irpOffsets(kernel).currentLocation) + 1;
  const isUnderWay = isInFlight(record) || record.state === 'completing';
  record.sentFrom = isUnderWay ? Math.max(from, record.sentFrom ?? 0) : from;
  record.state = 'sent';
  record.completedAt = undefined;
  record.next = undefined;
  record.routineSetAt = undefined;
  record.routineLocation = undefined;
  const asked = subject === undefined ? call : `${call}(${subject})`;
  rememberPieces(kernel, record, 'sent to ', asked, object === '' ? '' : ' on ', object);
  kernel.emit({ kind: 'irp-sent', irp: record.id, call, ...(subject === undefined ? {} : { subject }), object });
}

/** An IRP that is on its way already must not be sent again. */
function checkSendable(kernel: Kernel, record: IrpRecord, call: string): NativeResult | undefined {
  switch (record.state) {
    case 'sent':
    case 'pending':
      // An IRP of the I/O manager that this driver received is 'sent'; passing it on is what drivers do.
      return record.owner === 'io-manager' && record.holder === undefined
        ? undefined
        : reportStillPending(kernel, record, call);
    case 'completing':
    case 'completed':
      if (record.owner === 'driver' && isBack(kernel, record)) {
        reportIrp(kernel, record, {
          rule: 'irp-not-reused',
          severity: 'warning',
          message: `${call} is given IRP #${record.id} again without IoReuseIrp in between: status, cancel flag and stack locations are left from its last use.`,
          docRules: ['R22'],
        });
      }
      return undefined;
    default:
      return undefined;
  }
}

/**
 * An own IRP that goes to a device again. Some drivers set every member anew themselves, which is as good as IoReuseIrp;
 * but an IRP that was cancelled stays so, and one whose status is still that of its last use was not set anew.
 */
function warnNotReset(kernel: Kernel, record: IrpRecord, call: string): void {
  const wasSent = record.state === 'completing' || record.state === 'completed';
  if (!wasSent || !isBack(kernel, record)) return;
  const left = leftFromLastUse(kernel, record);
  if (left === undefined) return;
  reportIrp(kernel, record, {
    rule: 'irp-not-reused',
    severity: 'warning',
    message: `${call} is given IRP #${record.id} again without IoReuseIrp in between: ${left}.`,
  });
}

function leftFromLastUse(kernel: Kernel, { address, status, information }: IrpRecord): string | undefined {
  const { memory } = kernel;
  const at = irpOffsets(kernel);
  if (memory.readU8(address, at.cancel) !== 0)
    return 'Irp->Cancel is still set from its last use, so that a driver below that keeps it takes it for cancelled';
  if (memory.readU8(address, at.pendingReturned) === 0) return undefined;
  const view = irpView(kernel, address);
  const isAsItCame = view.get('IoStatus.Information') === information && view.getNumber('IoStatus.Status') === status;
  // Where all of it is zero, it may have been set so.
  return isAsItCame && (status !== 0 || information !== 0n)
    ? `Irp->PendingReturned and Irp->IoStatus are still those of its last use (${statusText(kernel, status ?? 0)}, Information = ${information}), and who looks at them takes this one for over`
    : undefined;
}

/** All drivers below are done with it, and who allocated it has it again as they left it. */
function isBack(kernel: Kernel, { state, address, stackSize, completedAt }: IrpRecord): boolean {
  if (state === 'completed') return true;
  return completedAt !== undefined && readChar(kernel.memory, address, irpOffsets(kernel).currentLocation) > stackSize;
}

/** A driver's own IRP needs a completion routine that takes it back in every case. */
function checkCompletionRoutine(kernel: Kernel, record: IrpRecord, call: string): NativeResult | undefined {
  if (record.owner !== 'driver') return undefined;
  const { memory } = kernel;
  const at = irpOffsets(kernel);
  if (readChar(memory, record.address, at.currentLocation) <= 1) return undefined;
  const next = offsetAddress(currentLocationAddress(kernel, record.address), -at.locationSize);
  const flags = memory.readU8(next, at.control) & invokeFlags;
  if (flags === 0 || memory.readU64(next, at.completionRoutine) === 0n) {
    return reportIrp(kernel, record, {
      rule: 'completion-routine-missing',
      message: `${call} is given IRP #${record.id}, which the driver allocated, without a completion routine: nobody takes the IRP back when it completes.`,
      docRules: ['R15'],
      also: ['IoAllocateForward'],
      bugCheck: bugCheck('IRQL_NOT_LESS_OR_EQUAL', 'Irp->Tail.Overlay.Thread = NULL', 2, 1, 'nt!IopfCompleteRequest'),
    });
  }
  if (flags !== invokeFlags) {
    const missing = [
      ...((flags & slInvokeOnSuccess) === 0 ? ['InvokeOnSuccess'] : []),
      ...((flags & slInvokeOnError) === 0 ? ['InvokeOnError'] : []),
      ...((flags & slInvokeOnCancel) === 0 ? ['InvokeOnCancel'] : []),
    ];
    reportIrp(kernel, record, {
      rule: 'completion-invoke-all',
      severity: 'warning',
      message: `${call} is given IRP #${record.id}, whose completion routine is set with ${missing.join(' and ')} FALSE: in that case nobody takes the IRP back.`,
      docRules: ['R16'],
    });
  }
  return undefined;
}
