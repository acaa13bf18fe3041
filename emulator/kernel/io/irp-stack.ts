/** Stack locations of an IRP as drivers handle them: get, skip, copy, advance; completion routines; pending. */

import { type GuestAddress, type NativeResult, returns, returnsVoid } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { IrpRecord, Kernel } from '../kernel-types.ts';
import { currentSpan, functionName } from '../places.ts';
import { offsetAddress } from '../struct-view.ts';
import { checkStillOwned } from '../verifier/given-away.ts';
import { locksHeldBy } from '../verifier/lock-order.ts';
import { currentLocationAddress, irpOffsets, readChar } from './irp-offsets.ts';
import {
  currentLocation,
  irpArgument,
  irpView,
  isAtOtherDriver,
  rememberIrp,
  rememberPieces,
  reportIrp,
} from './irps.ts';

// IO_STACK_LOCATION.Control (wdm.h).
export const slPendingReturned = 0x01;
export const slErrorReturned = 0x02;
export const slInvokeOnCancel = 0x20;
export const slInvokeOnSuccess = 0x40;
export const slInvokeOnError = 0x80;
/** Each of them lets a completion routine run; completion clears them where it has passed. */
export const invokeFlags = slInvokeOnCancel | slInvokeOnSuccess | slInvokeOnError;

export const irpStackApis = {
  IoGetCurrentIrpStackLocation: (kernel, { arguments: args }) => {
    checkStillOwned(kernel, args.pointer(0), 'the current stack location');
    return returns(irpView(kernel, args.pointer(0)).get('Tail.Overlay.CurrentStackLocation'));
  },
  IoGetNextIrpStackLocation: (kernel, { name, arguments: args }) => {
    const record = irpArgument(kernel, name, args.pointer(0));
    if ('kind' in record) return record;
    const next = nextLocation(kernel, name, record);
    if (typeof next !== 'bigint') return next;
    record.next ??= 'taken';
    return returns(next);
  },
  IoSetNextIrpStackLocation: (kernel, { name, arguments: args }) => {
    const record = irpArgument(kernel, name, args.pointer(0));
    if ('kind' in record) return record;
    // A routine in the location that becomes the driver's own is called when the driver completes the IRP.
    record.routineSetAt = undefined;
    return advance(kernel, name, record) ?? returnsVoid;
  },
  IoSkipCurrentIrpStackLocation: (kernel, { name, arguments: args }) => {
    const record = irpArgument(kernel, name, args.pointer(0));
    if ('kind' in record) return record;
    return skip(kernel, name, record);
  },
  IoCopyCurrentIrpStackLocationToNext: (kernel, { name, arguments: args }) => {
    const record = irpArgument(kernel, name, args.pointer(0));
    if ('kind' in record) return record;
    const next = nextLocation(kernel, name, record);
    if (typeof next !== 'bigint') return next;
    warnRoutineLost(kernel, record, name);
    record.next = 'copied';
    // Everything before the completion routine; the next driver gets its own.
    const bytes = kernel.types.offsetOf('IO_STACK_LOCATION', 'CompletionRoutine');
    kernel.memory.copy(next, currentLocation(kernel, record.address).address, bytes);
    kernel.view('IO_STACK_LOCATION', next).set('Control', 0);
    return returnsVoid;
  },
  IoSetCompletionRoutine: (kernel, { name, arguments: args }) => {
    const flags = { success: args.bool(3), error: args.bool(4), cancel: args.bool(5) };
    return setCompletionRoutine(kernel, name, args.pointer(0), args.pointer(1), args.pointer(2), flags) ?? returnsVoid;
  },
  IoSetCompletionRoutineEx: (kernel, { name, arguments: args }) => {
    const flags = { success: args.bool(4), error: args.bool(5), cancel: args.bool(6) };
    return setCompletionRoutine(kernel, name, args.pointer(1), args.pointer(2), args.pointer(3), flags) ?? returns(0);
  },
  IoMarkIrpPending: (kernel, { name, arguments: args }) => {
    const record = irpArgument(kernel, name, args.pointer(0));
    if ('kind' in record) return record;
    warnQueued(kernel, record, name);
    rememberIrp(kernel, record, 'marked pending');
    return markPending(kernel, name, record) ?? returnsVoid;
  },
} satisfies KernelApis;

/** Moves to the next lower driver's stack location; undefined when there was one left. */
export function advance(kernel: Kernel, call: string, record: IrpRecord): NativeResult | undefined {
  const next = nextLocation(kernel, call, record);
  if (typeof next !== 'bigint') return next;
  const { memory } = kernel;
  const at = irpOffsets(kernel);
  memory.writeU8(record.address, memory.readU8(record.address, at.currentLocation) - 1, at.currentLocation);
  memory.writeU64(record.address, next, at.currentStackLocation);
  return undefined;
}

/** Moves back to the stack location above. */
function retreat(kernel: Kernel, irp: GuestAddress): void {
  const view = irpView(kernel, irp);
  view.set('CurrentLocation', view.getNumber('CurrentLocation') + 1);
  const size = kernel.types.sizeOf('IO_STACK_LOCATION');
  view.set('Tail.Overlay.CurrentStackLocation', view.get('Tail.Overlay.CurrentStackLocation') + BigInt(size));
}

/** Sets SL_PENDING_RETURNED in the current stack location. */
export function markPending(kernel: Kernel, call: string, record: IrpRecord): NativeResult | undefined {
  const { memory } = kernel;
  const at = irpOffsets(kernel);
  const current = readChar(memory, record.address, at.currentLocation);
  if (current > readChar(memory, record.address, at.stackCount)) {
    return reportIrp(kernel, record, {
      rule: 'irp-pending-without-location',
      message: `${call} marks IRP #${record.id}, in which the driver has no stack location: it allocated the IRP, so only the drivers below have one. The mark lands past the end of the IRP.`,
      docRules: ['R19'],
    });
  }
  const location = currentLocationAddress(kernel, record.address);
  memory.writeU8(location, memory.readU8(location, at.control) | slPendingReturned, at.control);
  return undefined;
}

/** The next lower stack location, or a finding where there is none left. */
function nextLocation(kernel: Kernel, call: string, record: IrpRecord): GuestAddress | NativeResult {
  const at = irpOffsets(kernel);
  if (readChar(kernel.memory, record.address, at.currentLocation) > 1) {
    return offsetAddress(currentLocationAddress(kernel, record.address), -at.locationSize);
  }
  if (isAtOtherDriver(kernel, record)) {
    return reportIrp(kernel, record, {
      rule: 'irp-sent-while-pending-below',
      message: `${call} prepares IRP #${record.id} for another sending while the device below still keeps it pending: wait until it has been completed.`,
      also: ['0xC9/0x205'],
      bugCheck: bugCheck('DRIVER_VERIFIER_IOMANAGER_VIOLATION', 0x205, call, record.address),
    });
  }
  const count = record.stackSize === 1 ? '1 stack location' : `${record.stackSize} stack locations`;
  return reportIrp(kernel, record, {
    rule: 'irp-stack-size',
    message: `${call} needs a free stack location in IRP #${record.id}, which was made with ${count} and has none left.`,
    docRules: ['R13'],
    also: ['0xC9/0x208'],
    bugCheck: bugCheck('NO_MORE_IRP_STACK_LOCATIONS', record.address, 0, 0, 0),
  });
}

function setCompletionRoutine(
  kernel: Kernel,
  call: string,
  irp: GuestAddress,
  routine: GuestAddress,
  context: GuestAddress,
  on: { readonly success: boolean; readonly error: boolean; readonly cancel: boolean },
): NativeResult | undefined {
  const record = irpArgument(kernel, call, irp);
  if ('kind' in record) return record;
  const next = nextLocation(kernel, call, record);
  if (typeof next !== 'bigint') return next;
  if (record.next === 'skipped' && routine !== 0n) return reportSkipped(kernel, record, call);
  const { memory } = kernel;
  const at = irpOffsets(kernel);
  memory.writeU64(next, routine, at.completionRoutine);
  memory.writeU64(next, context, at.context);
  const control =
    (on.success ? slInvokeOnSuccess : 0) | (on.error ? slInvokeOnError : 0) | (on.cancel ? slInvokeOnCancel : 0);
  memory.writeU8(next, control, at.control);
  record.completionRoutine = routine === 0n ? undefined : routine;
  record.routineSetAt = routine === 0n || control === 0 ? undefined : currentSpan(kernel);
  record.routineLocation = readChar(memory, irp, at.currentLocation) - 1;
  record.routineFailure = undefined;
  const name = routine === 0n ? 'NULL' : functionName(kernel, routine);
  rememberPieces(kernel, record, 'completion routine ', name, ' set');
  return undefined;
}

/** IoSkipCurrentIrpStackLocation: the next driver gets the current location, with whatever stands in it. */
function skip(kernel: Kernel, call: string, record: IrpRecord): NativeResult {
  const view = irpView(kernel, record.address);
  if (view.getNumber('CurrentLocation') > view.getNumber('StackCount')) {
    return reportIrp(kernel, record, {
      rule: 'irp-skip-without-location',
      message: `${call} gives up a stack location of IRP #${record.id} in which the driver has none${record.next === 'skipped' ? ': it has been given up already' : ': it allocated the IRP itself'}. The next driver would get one past the end of the IRP.`,
      bugCheck: bugCheck('NO_MORE_IRP_STACK_LOCATIONS', record.address, 0, 0, 0),
    });
  }
  if (record.routineSetAt !== undefined || hasRoutineNext(kernel, record)) return reportSkipped(kernel, record, call);
  retreat(kernel, record.address);
  record.next = 'skipped';
  rememberIrp(kernel, record, 'its stack location given up (IoSkipCurrentIrpStackLocation)');
  return returnsVoid;
}

/** Whether the driver has put a completion routine into the next location with its own hands. */
function hasRoutineNext(kernel: Kernel, { address }: IrpRecord): boolean {
  const { memory } = kernel;
  const at = irpOffsets(kernel);
  if (readChar(memory, address, at.currentLocation) <= 1) return false;
  const next = offsetAddress(currentLocationAddress(kernel, address), -at.locationSize);
  return (memory.readU8(next, at.control) & invokeFlags) !== 0 && memory.readU64(next, at.completionRoutine) !== 0n;
}

/** A completion routine stands in the location that IoSkipCurrentIrpStackLocation lets the driver below use. */
export function reportSkipped(kernel: Kernel, record: IrpRecord, call: string): NativeResult {
  return reportIrp(kernel, record, {
    rule: 'completion-routine-with-skip',
    message: `${call} combines a completion routine with IoSkipCurrentIrpStackLocation for IRP #${record.id}: the routine lands in a stack location that is not the driver's to use, and replaces another driver's or is never called. Use IoCopyCurrentIrpStackLocationToNext.`,
    also: ['CompletionRoutineRegistered'],
  });
}

/** IoCopyCurrentIrpStackLocationToNext clears the flags of a routine that was set before it. */
function warnRoutineLost(kernel: Kernel, record: IrpRecord, call: string): void {
  if (record.routineSetAt === undefined) return;
  record.routineSetAt = undefined;
  reportIrp(kernel, record, {
    rule: 'completion-routine-lost',
    severity: 'warning',
    message: `${call} clears the completion routine that was set for IRP #${record.id} before: it is never called. Copy the stack location first, then call IoSetCompletionRoutine.`,
    also: ['CompletionRoutineRegistered'],
  });
}

/** An IRP in a list that nobody guards may be completed and freed before it is marked. */
function warnQueued(kernel: Kernel, record: IrpRecord, call: string): void {
  const view = irpView(kernel, record.address);
  const entry = view.addressOf('Tail.Overlay.ListEntry');
  const next = view.getPointer('Tail.Overlay.ListEntry.Flink');
  if (next === 0n || next === entry || kernel.memory.regionAt(next)?.isFreed !== false) return;
  const { current } = kernel;
  if (current === undefined || locksHeldBy(kernel, current.id).length > 0) return;
  const back = kernel.memory.peek((next + 8n) as GuestAddress, 8);
  if (back === undefined || new DataView(back.buffer, back.byteOffset).getBigUint64(0, true) !== entry) return;
  reportIrp(kernel, record, {
    rule: 'pending-marked-after-queueing',
    severity: 'warning',
    message: `${call} marks IRP #${record.id} when it is in a queue already and no lock is held: whoever takes it out may have completed it by now. Mark it before it goes into the queue, or under the queue's lock.`,
    also: ['MarkingQueuedIrps'],
  });
}
