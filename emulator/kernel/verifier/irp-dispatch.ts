/**
 * Dispatch routines under way, and what must hold when one returns: its status agrees with what became of its IRP.
 *
 * An IRP that is still the routine's own must be marked pending and STATUS_PENDING returned; one that was completed gives
 * its status; one that a driver below keeps gives STATUS_PENDING. A record stands from IoCallDriver until the routine's
 * return, so that completion can note in it how the IRP passed the routine's stack location. Rules: documentation pages
 * "Completing IRPs" and "IoMarkIrpPending"; codes: bug check 0xC9.
 */
import type { Span } from '../../../base/source.ts';
import type { Continuation, GuestAddress, NativeResult } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import { slPendingReturned } from '../io/irp-stack.ts';
import { currentLocation, irpView, isInFlight, keptStep, reportIrp } from '../io/irps.ts';
import { signalState } from '../ke/dispatcher.ts';
import { continueWith } from '../ke/kernel-threads.ts';
import type { IrpRecord, Kernel } from '../kernel-types.ts';
import { definitionSpan, functionName, returnSpan } from '../places.ts';
import { statusText } from '../status-names.ts';
import { STATUS_PENDING } from '../statuses.ts';
import { isSuspicious } from './suspicious-status.ts';
import { checkHasResult } from './void-result.ts';

/** A call of a dispatch routine. */
export interface DispatchRecord {
  readonly number: number;
  readonly irp: GuestAddress;
  readonly irpId: number;
  readonly routine: GuestAddress;
  readonly device: GuestAddress;
  /** Stack location that the routine owns. */
  readonly location: number;
  readonly threadId: number;
  /** Guest frames below it: a record of this depth that is still there when another call comes was left by an exception. */
  readonly depth: number;
  readonly irql: number;
  /** The location was marked pending before: a driver above had queued the IRP, and gave its own location on with it. */
  readonly wasMarked: boolean;
  /** The event of a threaded request, where it was signalled already when the request was sent. */
  readonly signalledEvent: GuestAddress | undefined;
  /** How the IRP left the routine's location, once it has. */
  completed: { readonly status: number; readonly wasPended: boolean } | undefined;
}

/** A dispatch routine is about to be called. */
export function beginDispatch(
  kernel: Kernel,
  given: Pick<DispatchRecord, 'irp' | 'irpId' | 'routine' | 'device' | 'location'>,
  record: IrpRecord,
): DispatchRecord {
  const { io } = kernel.parts;
  const { current } = kernel;
  const threadId = current?.id ?? 0;
  const depth = current === undefined ? 0 : kernel.machine.depth(current);
  for (let last = io.dispatches.at(-1); last !== undefined; last = io.dispatches.at(-1)) {
    if (last.threadId !== threadId || last.depth <= depth) break;
    io.dispatches.pop();
  }
  const dispatch: DispatchRecord = {
    ...given,
    number: io.nextDispatch++,
    threadId,
    depth,
    irql: kernel.irql,
    wasMarked: isMarked(kernel, given.irp),
    signalledEvent: signalledEventOf(kernel, record),
    completed: undefined,
  };
  io.dispatches.push(dispatch);
  return dispatch;
}

function isMarked(kernel: Kernel, irp: GuestAddress): boolean {
  return (currentLocation(kernel, irp).getNumber('Control') & slPendingReturned) !== 0;
}

/** Completion passes a stack location. */
export function noteCompleted(kernel: Kernel, record: IrpRecord, location: number, control: number): void {
  for (const dispatch of kernel.parts.io.dispatches) {
    if (dispatch.irpId !== record.id || dispatch.location !== location || dispatch.completed !== undefined) continue;
    const status = irpView(kernel, record.address).getNumber('IoStatus.Status');
    dispatch.completed = { status, wasPended: (control & slPendingReturned) !== 0 };
  }
}

/** A dispatch routine has returned. */
export function endDispatch(kernel: Kernel, number: number, value: bigint, then: Continuation): NativeResult {
  const { dispatches } = kernel.parts.io;
  const at = dispatches.findLastIndex((one) => one.number === number);
  const [dispatch] = dispatches.splice(at, 1);
  if (dispatch === undefined) return continueWith(kernel, then, value);
  const status = Number(BigInt.asIntN(32, value));
  const record = kernel.irps.get(dispatch.irp);
  const routine = functionName(kernel, dispatch.routine);
  // The scenario's devices have no driver with routines of its own.
  const answering = kernel.parts.io.answering.get(dispatch.device);
  kernel.emit({ kind: 'irp-returned', irp: dispatch.irpId, call: answering?.name ?? routine, status });
  const noValue = checkHasResult(kernel, dispatch.routine, 'dispatch routine', () => record?.history ?? []);
  if (noValue !== undefined) return noValue;
  const span = spanOf(kernel, dispatch);
  if (kernel.irql !== dispatch.irql) {
    return kernel.report({
      rule: 'irql-not-restored',
      severity: 'error',
      span,
      message: `The dispatch routine ${routine} returns at IRQL ${kernel.irql}, but was called at ${dispatch.irql}.`,
      also: ['IrqlReturn', '0xC9/0x5'],
      bugCheck: bugCheck('DRIVER_VERIFIER_IOMANAGER_VIOLATION', 0x5, dispatch.device, kernel.irql),
      history: record?.history ?? [],
    });
  }
  const inRegion = checkRegions(kernel, dispatch, routine, span);
  if (inRegion !== undefined) return inRegion;
  const known = record?.id === dispatch.irpId ? record : undefined;
  const bad =
    known === undefined ? undefined : checkReturned(kernel, { dispatch, record: known, routine, status, span });
  if (bad !== undefined) return bad;
  if (status === STATUS_PENDING && dispatch.signalledEvent !== undefined && known !== undefined)
    reportSignalled(kernel, known, routine);
  return continueWith(kernel, then, value);
}

/** A program's thread goes back to user mode from its outermost dispatch routine: there it must get its APCs. */
function checkRegions(
  kernel: Kernel,
  dispatch: DispatchRecord,
  routine: string,
  span: Span | undefined,
): NativeResult | undefined {
  const thread = kernel.parts.scheduler.threads.get(dispatch.threadId);
  if (thread === undefined || (thread.criticalRegions === 0 && thread.guardedRegions === 0)) return undefined;
  if (thread.kind !== 'caller' || thread.isUserMode !== true) return undefined;
  if (kernel.parts.io.dispatches.some(({ threadId }) => threadId === dispatch.threadId)) return undefined;
  const kind = thread.criticalRegions === 0 ? 'guarded' : 'critical';
  const disabled = BigInt.asUintN(32, -BigInt(thread.criticalRegions)) | (BigInt(thread.guardedRegions) << 16n);
  return kernel.report({
    rule: 'critical-region-not-left',
    severity: 'error',
    span,
    message: `The dispatch routine ${routine} returns inside a ${kind} region that it entered and did not leave: its thread would go back to user mode with APCs disabled.`,
    also: [kind === 'critical' ? 'CriticalRegions' : 'GuardedRegions'],
    bugCheck: bugCheck('APC_INDEX_MISMATCH', dispatch.routine, 0, disabled, 0),
  });
}

interface Returned {
  readonly dispatch: DispatchRecord;
  readonly record: IrpRecord;
  readonly routine: string;
  readonly status: number;
  readonly span: Span | undefined;
}

function checkReturned(kernel: Kernel, returned: Returned): NativeResult | undefined {
  const { dispatch, record, status } = returned;
  if (isSuspicious(kernel, status)) {
    reportSuspicious(kernel, returned);
    if (dispatch.completed !== undefined) return undefined;
  }
  if (dispatch.completed !== undefined) return checkCompleted(kernel, returned, dispatch.completed);
  if (!isInFlight(record)) return undefined;
  const at = irpView(kernel, record.address).getNumber('CurrentLocation');
  const isBelow = at < dispatch.location || (at === dispatch.location && !isAtDevice(kernel, record, dispatch.device));
  if (isBelow) return checkPassedOn(kernel, returned);
  return at > dispatch.location ? reportNotSent(kernel, returned) : checkKept(kernel, returned);
}

function isAtDevice(kernel: Kernel, record: IrpRecord, device: GuestAddress): boolean {
  return currentLocation(kernel, record.address).get('DeviceObject') === device;
}

/** The IRP left the routine's location while the routine ran. */
function checkCompleted(
  kernel: Kernel,
  returned: Returned,
  completed: NonNullable<DispatchRecord['completed']>,
): NativeResult | undefined {
  const { dispatch, record, routine, status, span } = returned;
  const text = statusText(kernel, status);
  // Who had marked it has returned STATUS_PENDING long ago, and whoever sent it on now has asked nobody to wait.
  const isPended = completed.wasPended && !dispatch.wasMarked;
  if (isPended && status !== STATUS_PENDING) {
    return reportNotReturned(
      kernel,
      returned,
      `The dispatch routine ${routine} returns ${text} for IRP #${record.id}, which was marked pending before it was completed: whoever sent it believes both that it is over and that it still comes. Return STATUS_PENDING, or do not mark it.`,
    );
  }
  if (!completed.wasPended && status === STATUS_PENDING) {
    return reportNotMarked(
      kernel,
      returned,
      `The dispatch routine ${routine} returns STATUS_PENDING for IRP #${record.id}, which was completed with ${statusText(kernel, completed.status)} and never marked pending: whoever sent it waits for a completion that does not come. Return the final status, or call IoMarkIrpPending.`,
    );
  }
  if (isPended || status === completed.status || status === STATUS_PENDING) return undefined;
  reportIrp(kernel, record, {
    rule: 'dispatch-status-mismatch',
    severity: 'warning',
    span,
    message: `The dispatch routine ${routine} returns ${text}, but IRP #${record.id} was completed with ${statusText(kernel, completed.status)}: the caller gets the returned value. Return the status that is in IoStatus.Status.`,
    also: ['LowerDriverReturn', 'CompleteRequestStatusCheck', '0xC9/0x224'],
    bugCheck: bugCheck('DRIVER_VERIFIER_IOMANAGER_VIOLATION', 0x224, routine, record.address, completed.status),
  });
  return undefined;
}

/** A driver below has the IRP still. */
function checkPassedOn(kernel: Kernel, returned: Returned): NativeResult | undefined {
  const { record, routine, status } = returned;
  if (status === STATUS_PENDING || record.state !== 'pending') return undefined;
  return reportNotReturned(
    kernel,
    returned,
    `The dispatch routine ${routine} has passed IRP #${record.id} on and the driver below keeps it pending, but it returns ${statusText(kernel, status)}: whoever sent it goes on before the IRP is completed. Return what IoCallDriver returned.`,
  );
}

/** The IRP is still at the routine's location. */
function checkKept(kernel: Kernel, returned: Returned): NativeResult | undefined {
  const { dispatch, record, routine, status } = returned;
  const isPending = isMarked(kernel, record.address);
  if (isPending && !dispatch.wasMarked && status !== STATUS_PENDING) {
    return reportNotReturned(
      kernel,
      returned,
      `The dispatch routine ${routine} marked IRP #${record.id} pending but returns ${statusText(kernel, status)}. It must return STATUS_PENDING.`,
    );
  }
  if (!isPending && status === STATUS_PENDING) {
    return reportNotMarked(
      kernel,
      returned,
      `The dispatch routine ${routine} returns STATUS_PENDING for IRP #${record.id} without having called IoMarkIrpPending.`,
    );
  }
  if (!isPending) {
    const why =
      keptStep(record) === undefined
        ? 'has neither completed it nor passed it on'
        : 'has not completed it again after its completion routine kept it by STATUS_MORE_PROCESSING_REQUIRED';
    return reportNotCompleted(
      kernel,
      returned,
      `The dispatch routine ${routine} returns ${statusText(kernel, status)} for IRP #${record.id}, but ${why}: whoever sent it waits for ever.`,
    );
  }
  record.state = 'pending';
  return undefined;
}

/** IoSkipCurrentIrpStackLocation without IoCallDriver. */
function reportNotSent(kernel: Kernel, returned: Returned): NativeResult {
  const { record, routine, status } = returned;
  return reportNotCompleted(
    kernel,
    returned,
    `The dispatch routine ${routine} returns ${statusText(kernel, status)} for IRP #${record.id} after IoSkipCurrentIrpStackLocation, but has not passed it on: IoCallDriver is missing.`,
  );
}

function reportNotReturned(kernel: Kernel, { record, routine, status, span }: Returned, message: string): NativeResult {
  return reportIrp(kernel, record, {
    rule: 'pending-not-returned',
    message,
    span,
    also: ['MarkIrpPending', 'LowerDriverReturn', 'C28143', '0xC9/0x23E'],
    bugCheck: bugCheck('DRIVER_VERIFIER_IOMANAGER_VIOLATION', 0x23e, routine, record.address, status),
  });
}

function reportNotMarked(kernel: Kernel, { record, routine, status, span }: Returned, message: string): NativeResult {
  return reportIrp(kernel, record, {
    rule: 'pending-not-marked',
    message,
    span,
    also: ['MarkIrpPending2', 'PendedCompletedRequest', '0xC9/0x23D', '0xC9/0x24C'],
    bugCheck: bugCheck('DRIVER_VERIFIER_IOMANAGER_VIOLATION', 0x23d, routine, record.address, status),
  });
}

function reportNotCompleted(kernel: Kernel, { record, routine, span }: Returned, message: string): NativeResult {
  return reportIrp(kernel, record, {
    rule: 'request-not-completed',
    message,
    span,
    also: ['IrpProcessingComplete', 'CompleteRequest', '0xC9/0x226'],
    bugCheck: bugCheck('DRIVER_VERIFIER_IOMANAGER_VIOLATION', 0x226, routine, record.address),
  });
}

function reportSuspicious(kernel: Kernel, { record, routine, status, span }: Returned): void {
  reportIrp(kernel, record, {
    rule: 'suspicious-status',
    severity: 'warning',
    span,
    message: `The dispatch routine ${routine} returns 0x${(status >>> 0).toString(16).toUpperCase()} for IRP #${record.id}, which is no status of a driver: it looks like a variable that was given no value, or a value of another kind.`,
    also: ['0xC9/0x225', '0xC9/0x21B', '0xC9/0x300'],
    bugCheck: bugCheck('DRIVER_VERIFIER_IOMANAGER_VIOLATION', 0x225, routine, record.address, status),
  });
}

/** Waiting for the event returns at once, while the request goes on and uses the status block. */
function reportSignalled(kernel: Kernel, record: IrpRecord, routine: string): void {
  reportIrp(kernel, record, {
    rule: 'event-signalled-before-request',
    severity: 'warning',
    message: `IRP #${record.id} was sent with an event that was signalled already, and ${routine} returns STATUS_PENDING: a wait for the event ends before the IRP is completed. Initialise or clear the event before each request.`,
    also: ['0xC9/0x307'],
    bugCheck: bugCheck('DRIVER_VERIFIER_IOMANAGER_VIOLATION', 0x307, routine, record.address),
  });
}

function signalledEventOf(kernel: Kernel, record: IrpRecord): GuestAddress | undefined {
  if (record.owner !== 'io-manager' || record.request !== undefined) return undefined;
  const event = irpView(kernel, record.address).getPointer('UserEvent');
  return event !== 0n && kernel.parts.dispatchers.has(event) && signalState(kernel, event) > 0 ? event : undefined;
}

/** The return statement; the routine's name where it is none of the driver's own files. */
function spanOf(kernel: Kernel, { routine }: DispatchRecord): Span | undefined {
  return returnSpan(kernel, routine) ?? definitionSpan(kernel, routine);
}
