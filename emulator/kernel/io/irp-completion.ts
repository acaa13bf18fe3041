/**
 * Completion of an IRP: the way up through its stack locations (documentation page "IoCompleteRequest", and "Implementing
 * an IoCompletion Routine").
 *
 * At each location PendingReturned says whether the driver below pended. A completion routine runs if its flags ask for
 * the status (success, error) or for a cancelled IRP; where none runs, a pending mark is passed on to the location above.
 * STATUS_MORE_PROCESSING_REQUIRED stops the way up: the IRP belongs to that routine's driver again. At the top the I/O
 * manager takes over, which is right for its own IRPs only.
 */

import type { Span } from '../../../base/source.ts';
import type { GuestThread } from '../../machine/machine-types.ts';
import { lowWord } from '../../machine/memory/layout.ts';
import type { Continuation, GuestAddress, NativeResult } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import { continueWith } from '../ke/kernel-threads.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable, IrpRecord, Kernel } from '../kernel-types.ts';
import { functionName, returnSpan } from '../places.ts';
import { statusText } from '../status-names.ts';
import { STATUS_INVALID_DEVICE_REQUEST, STATUS_MORE_PROCESSING_REQUIRED } from '../statuses.ts';
import { offsetAddress } from '../struct-view.ts';
import type { AfterCall } from '../verifier/given-away.ts';
import { checkCompletable } from '../verifier/irp-checks.ts';
import { noteCompleted } from '../verifier/irp-dispatch.ts';
import { thenDone, thenReturn } from '../verifier/lock-records.ts';
import { checkHasResult } from '../verifier/void-result.ts';
import { finishAssociated, isAssociated } from './associated-irps.ts';
import { checkPropagated, reportDouble, reportGone, routineEnd, type UnwindState } from './completion-reports.ts';
import { finishRequest } from './io-requests.ts';
import { type IrpOffsets, irpOffsets, locationAddress, readChar } from './irp-offsets.ts';
import {
  markPending,
  slErrorReturned,
  slInvokeOnCancel,
  slInvokeOnError,
  slInvokeOnSuccess,
  slPendingReturned,
} from './irp-stack.ts';
import { unwatchIrp } from './irp-watch.ts';
import { currentLocation, irpArgument, irpView, KEPT, rememberIrp, rememberPieces, reportIrp } from './irps.ts';

export const completionApis = {
  IoCompleteRequest: (kernel, { name, arguments: args }) => completeForDriver(kernel, name, args.pointer(0)),
  IofCompleteRequest: (kernel, { name, arguments: args }) => completeForDriver(kernel, name, args.pointer(0)),
  /** What stands in a dispatch table for a major function that its driver does not serve. */
  IopInvalidDeviceRequest: (kernel, { name, arguments: args }) => {
    const view = irpView(kernel, args.pointer(1));
    view.set('IoStatus.Status', STATUS_INVALID_DEVICE_REQUEST);
    view.set('IoStatus.Information', 0);
    return completeRequest(kernel, name, args.pointer(1), thenReturn(STATUS_INVALID_DEVICE_REQUEST));
  },
} satisfies KernelApis;

export const completionContinuations = {
  'io.completion-returned': (kernel, thread, state, value) => afterRoutine(kernel, thread, state as never, value),
} satisfies ContinuationTable;

/** A subsystem completes an IRP that was sent to it. */
export function completeIrp(
  kernel: Kernel,
  record: IrpRecord,
  status: number,
  information: bigint,
  then: Continuation,
): NativeResult {
  const at = irpOffsets(kernel);
  kernel.memory.writeU32(record.address, status, at.status);
  kernel.memory.writeU64(record.address, information, at.information);
  record.holder = undefined;
  return startUnwinding(kernel, record, then);
}

/** The I/O manager completes a master IRP whose last associated IRP is done. */
function completeMaster(kernel: Kernel, irp: GuestAddress, then: Continuation): NativeResult {
  return completeRequest(kernel, 'IoCompleteRequest', irp, then);
}

/** The driver completes an IRP, and does not have it any more when the call returns. */
function completeForDriver(kernel: Kernel, call: string, irp: GuestAddress): NativeResult {
  const record = kernel.irps.get(irp);
  if (record === undefined || record.state === 'freed') return completeRequest(kernel, call, irp);
  const location = readChar(kernel.memory, irp, irpOffsets(kernel).currentLocation);
  const after = { irp, id: record.id, how: 'completed', call, location, then: thenDone } satisfies AfterCall;
  return completeRequest(kernel, call, irp, { name: 'irp.given-away', state: after });
}

/** Somebody completes an IRP for the driver that has it. */
function completeRequest(kernel: Kernel, call: string, irp: GuestAddress, then = thenDone): NativeResult {
  const known = kernel.irps.get(irp);
  if (known?.state === 'freed' && known.completedAt !== undefined) return reportDouble(kernel, known, call);
  const record = irpArgument(kernel, call, irp);
  if ('kind' in record) return record;
  if (record.holder !== undefined) {
    return reportIrp(kernel, record, {
      rule: 'double-completion',
      message: `${call} completes IRP #${record.id}, which ${record.call ?? 'a lower driver'} still has and will complete itself.`,
      also: ['DoubleCompletion', '0xC9/0x209'],
      bugCheck: bugCheck('MULTIPLE_IRP_COMPLETE_REQUESTS', irp, 0, 0, 0),
    });
  }
  const view = irpView(kernel, irp);
  const isAboveTop = view.getNumber('CurrentLocation') > view.getNumber('StackCount');
  if (isAboveTop && record.completedAt !== undefined) return reportDouble(kernel, record, call);
  if (isAboveTop && record.owner === 'driver') {
    return reportIrp(kernel, record, {
      rule: 'own-irp-completed',
      message: `${call} completes IRP #${record.id}, which the driver allocated itself and has not sent: it has no stack location to complete. Free it with IoFreeIrp.`,
      also: ['IoAllocateComplete', '0xC9/0x239'],
      bugCheck: bugCheck('DRIVER_VERIFIER_IOMANAGER_VIOLATION', 0x239, irp),
    });
  }
  const bad = checkCompletable(kernel, record, call);
  if (bad !== undefined) return bad;
  return startUnwinding(kernel, record, then);
}

function startUnwinding(kernel: Kernel, record: IrpRecord, then: Continuation): NativeResult {
  const at = irpOffsets(kernel);
  unwatchIrp(kernel, record);
  record.state = 'completing';
  record.status = kernel.memory.readI32(record.address, at.status);
  record.information = kernel.memory.readU64(record.address, at.information);
  record.completedAt = kernel.machine.statements;
  rememberPieces(kernel, record, 'completed with ', statusText(kernel, record.status));
  const information = informationText(kernel, record.information);
  kernel.emit({ kind: 'irp-completed', irp: record.id, status: record.status, information });
  return unwind(kernel, record, then);
}

/** Goes up from the current location until a routine runs, or to the top. */
function unwind(kernel: Kernel, record: IrpRecord, then: Continuation): NativeResult {
  const irp = record.address;
  const { memory } = kernel;
  const at = irpOffsets(kernel);
  const count = readChar(memory, irp, at.stackCount);
  for (let location = readChar(memory, irp, at.currentLocation); location <= count; location++) {
    const below = locationAddress(at, irp, location);
    const control = memory.readU8(below, at.control);
    memory.writeU8(irp, location + 1, at.currentLocation);
    memory.writeU64(irp, locationAddress(at, irp, location + 1), at.currentStackLocation);
    memory.writeU8(irp, control & slPendingReturned, at.pendingReturned);
    const status = memory.readI32(irp, at.status);
    const routine = memory.readU64(below, at.completionRoutine) as GuestAddress;
    const context = memory.readU64(below, at.context);
    const isWanted = invokes(control, status, memory.readU8(irp, at.cancel) !== 0);
    noteCompleted(kernel, record, location, control);
    clearLocation(kernel, below, at);
    if (isWanted) {
      const device = location === count ? 0n : currentLocation(kernel, irp).get('DeviceObject');
      const name = functionName(kernel, routine);
      kernel.emit({ kind: 'completion-routine', irp: record.id, routine: name });
      rememberPieces(kernel, record, 'completion routine ', name, ' called');
      const isPending = (control & slPendingReturned) !== 0;
      const state = { irp, id: record.id, then, routine, irql: kernel.irql, isPending } satisfies UnwindState;
      beginRoutine(kernel, record, routine);
      return callRoutine(routine, [device, irp, context], { name: 'io.completion-returned', state });
    }
    if ((control & slPendingReturned) !== 0 && location < count) markPending(kernel, 'IoCompleteRequest', record);
  }
  return atTop(kernel, record, then);
}

function callRoutine(target: GuestAddress, args: readonly bigint[], then: Continuation): NativeResult {
  return { kind: 'call', target, arguments: args, frameLabel: 'IoCompleteRequest', then };
}

/** Whether a completion routine with these flags runs. */
function invokes(control: number, status: number, isCancelled: boolean): boolean {
  if (isCancelled && (control & slInvokeOnCancel) !== 0) return true;
  return (control & (status >= 0 ? slInvokeOnSuccess : slInvokeOnError)) !== 0;
}

const POINTER_SIZE = 8;

/** What the I/O manager clears of a location that it has passed, so that nobody relies on it. */
function clearLocation({ memory }: Kernel, location: GuestAddress, at: IrpOffsets): void {
  memory.writeU8(location, 0, at.minorFunction);
  memory.writeU8(location, 0, at.flags);
  memory.writeU8(location, memory.readU8(location, at.control) & slErrorReturned, at.control);
  // The four of them, which nothing lies between.
  memory.fill(offsetAddress(location, at.argument1), 4 * POINTER_SIZE, 0);
  memory.writeU64(location, 0n, at.fileObject);
}

function beginRoutine(kernel: Kernel, { id: irpId, call }: IrpRecord, routine: GuestAddress): void {
  kernel.parts.io.completions.push({ threadId: kernel.current?.id ?? 0, irpId, routine, call });
}

function endRoutine(kernel: Kernel, { id, routine }: UnwindState): void {
  const { completions } = kernel.parts.io;
  // The IRP may be on its way again by now, and the same routine running for it in another thread.
  const threadId = kernel.current?.id ?? 0;
  const last = completions.at(-1);
  // As nearly every time.
  if (last?.irpId === id && last.threadId === threadId && last.routine === routine) {
    completions.pop();
    return;
  }
  const at = completions.findLastIndex(
    (one) => one.irpId === id && one.routine === routine && one.threadId === threadId,
  );
  if (at >= 0) completions.splice(at, 1);
}

function afterRoutine(kernel: Kernel, _thread: GuestThread, state: UnwindState, value: bigint): NativeResult {
  endRoutine(kernel, state);
  const status = lowWord(value);
  const routine = functionName(kernel, state.routine);
  kernel.emit({ kind: 'completion-returned', irp: state.id, routine, status });
  const record = kernel.irps.get(state.irp);
  const noValue = checkHasResult(kernel, state.routine, 'completion routine', () => record?.history ?? []);
  if (noValue !== undefined) return noValue;
  if (kernel.irql !== state.irql) {
    return kernel.report({
      rule: 'irql-not-restored',
      severity: 'error',
      span: routineEnd(kernel, state.routine),
      message: `The completion routine ${routine} returns at IRQL ${kernel.irql}, but was called at ${state.irql}.`,
      also: ['IrqlReturn', '0xC4/0xFA'],
      bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', 0xfa, routine, state.irql, kernel.irql),
      history: record?.history ?? [],
    });
  }
  const isSame = record !== undefined && record.id === state.id;
  if (status === STATUS_MORE_PROCESSING_REQUIRED) {
    if (isSame) giveBack(kernel, record, returnSpan(kernel, state.routine));
    return continueWith(kernel, state.then, 0n);
  }
  if (!isSame || record.state === 'freed') return reportGone(kernel, state, record, status);
  if (record.state !== 'completing') {
    // The routine has sent or reused it meanwhile, and still lets the I/O manager go on.
    return reportIrp(kernel, record, {
      rule: 'completion-keeps-irp',
      span: routineEnd(kernel, state.routine),
      message: `The completion routine ${routine} has taken IRP #${record.id} up again but returns ${statusText(kernel, status)}, so that its old completion goes on. It must return STATUS_MORE_PROCESSING_REQUIRED.`,
      docRules: ['R17'],
      bugCheck: bugCheck('MULTIPLE_IRP_COMPLETE_REQUESTS', record.address, 0, 0, 0),
    });
  }
  return checkPropagated(kernel, record, state) ?? unwind(kernel, record, state.then);
}

/** STATUS_MORE_PROCESSING_REQUIRED: the IRP is its driver's again. */
function giveBack(kernel: Kernel, record: IrpRecord, span: Span | undefined): void {
  if (record.state !== 'completing') return;
  const { memory } = kernel;
  const at = irpOffsets(kernel);
  // Locations above the one that it was sent from are its owner's: IoSetNextIrpStackLocation has given it one.
  const top = record.owner === 'driver' ? record.sentFrom : undefined;
  const current = readChar(memory, record.address, at.currentLocation);
  const isBack = current >= (top ?? readChar(memory, record.address, at.stackCount) + 1);
  // Whom the routine has told of it may have reused it before the routine returned.
  const isReused = record.completedAt === undefined;
  record.state = isBack ? (isReused ? 'idle' : 'completed') : 'sent';
  rememberIrp(kernel, record, KEPT, span);
}

function atTop(kernel: Kernel, record: IrpRecord, then: Continuation): NativeResult {
  if (isAssociated(kernel, record)) return finishAssociated(kernel, record, then, completeMaster);
  if (record.owner !== 'driver') return finishRequest(kernel, record, then);
  const { wasSet, wasCalled } = routineSinceSent(record);
  const routine = record.completionRoutine;
  const rule = wasCalled ? 'completion-keeps-irp' : wasSet ? 'completion-invoke-all' : 'completion-routine-missing';
  const why = wasCalled
    ? `but its completion routine${routine === undefined ? '' : ` ${functionName(kernel, routine)}`} let the I/O manager finish it. It must return STATUS_MORE_PROCESSING_REQUIRED`
    : wasSet
      ? 'but its completion routine is not set for this outcome: set it with InvokeOnSuccess, InvokeOnError and InvokeOnCancel all TRUE'
      : 'but no completion routine keeps it: the I/O manager finishes an IRP that has no thread to finish in';
  return reportIrp(kernel, record, {
    rule,
    span: wasCalled && routine !== undefined ? routineEnd(kernel, routine) : undefined,
    message: `IRP #${record.id} was allocated by the driver, ${why}.`,
    docRules: wasCalled ? ['R17'] : wasSet ? ['R16'] : ['R15'],
    also: ['IoAllocateForward'],
    bugCheck: bugCheck('IRQL_NOT_LESS_OR_EQUAL', 'Irp->Tail.Overlay.Thread = NULL', 2, 1, 'nt!IopfCompleteRequest'),
  });
}

/** What became of the completion routine since the IRP was sent last; routines are set before that. */
function routineSinceSent(record: IrpRecord): { readonly wasSet: boolean; readonly wasCalled: boolean } {
  const sent = record.history.findLastIndex(({ what }) => what.startsWith('sent to'));
  const wasCalled = record.history.slice(sent + 1).some(({ what }) => what.endsWith(' called'));
  return { wasSet: record.completionRoutine !== undefined, wasCalled };
}

/** "socket #1" where Information is the address of something that has a name, otherwise a number. */
function informationText(kernel: Kernel, information: bigint): string {
  const region = information > 0xffffn ? kernel.memory.regionAt(information as GuestAddress) : undefined;
  if (region?.start === information) return region.label;
  // A number's text is kept by the engine, a bigint's is made anew each time.
  return information <= 0xffffn ? String(Number(information)) : information.toString();
}
