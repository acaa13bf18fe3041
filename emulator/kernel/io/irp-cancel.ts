/** Cancelling: the cancel flag, cancel routines, and the cancel spin lock that guards both. */

import { type Continuation, type GuestAddress, type NativeResult, returns, returnsVoid } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import { lowerIrql, raiseIrql } from '../ke/irql.ts';
import { continueWith } from '../ke/kernel-threads.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable, IrpRecord, Kernel } from '../kernel-types.ts';
import { cancelLock, currentSpan, definitionSpan, functionName, returnSpan } from '../places.ts';
import { dropLock, reportNotHeld, takeLock, thenDone } from '../verifier/lock-records.ts';
import type { RequestRecord } from './file-requests.ts';
import { currentLocation, irpArgument, irpView, rememberIrp, reportIrp } from './irps.ts';

const apcLevel = 1;
/** IoCancelIrp gives its caller what it came to. */
const thenReturned: Continuation = { name: 'io.cancel-returned', state: {} };

export const cancelApis = {
  IoCancelIrp: (kernel, { name, arguments: args }) => {
    const record = irpArgument(kernel, name, args.pointer(0));
    if ('kind' in record) return record;
    const irql = kernel.irql;
    const state = { irp: record.address, id: record.id, irql };
    return takeCancelLock(kernel, name, { name: 'io.cancel-lock-taken', state });
  },
  IoAcquireCancelSpinLock: (kernel, { name, arguments: args }) =>
    takeCancelLock(kernel, name, {
      name: 'io.cancel-lock-saved',
      state: { savedIrqlAt: args.pointer(0), irql: kernel.irql },
    }),
  IoReleaseCancelSpinLock: (kernel, { name, arguments: args }) =>
    releaseCancelLock(kernel, name, args.uint(0) & 0xff) ?? returnsVoid,
  IoSetCancelRoutine: (kernel, { name, arguments: args }) => {
    const record = irpArgument(kernel, name, args.pointer(0));
    if ('kind' in record) return record;
    const view = irpView(kernel, record.address);
    const before = view.get('CancelRoutine');
    view.set('CancelRoutine', args.pointer(1));
    noteCancelRoutine(kernel, record, args.pointer(1), view.getNumber('Cancel') !== 0);
    return returns(before);
  },
} satisfies KernelApis;

/** The I/O manager cancels a request of a program: in a context of its own, as soon as may be. */
export function cancelRequest(kernel: Kernel, record: RequestRecord): void {
  const step: Continuation = { name: 'io.cancel-request', state: { request: record.id } };
  kernel.schedule({ afterNs: 0, irql: apcLevel, label: `cancel of IRP #${record.irpId}`, step });
}

export const cancelContinuations = {
  'io.cancel-request': (kernel, _thread, given) => {
    const request = kernel.parts.io.requests.get(given.request as number);
    const irp = request === undefined ? undefined : kernel.irps.get(request.irp);
    if (irp === undefined || irp.id !== request?.irpId || request.state === 'done') return returnsVoid;
    const state = { irp: irp.address, id: irp.id, irql: kernel.irql, then: thenDone };
    return takeCancelLock(kernel, 'IoCancelIrp', { name: 'io.cancel-lock-taken', state });
  },
  'io.cancel-lock-saved': (kernel, _thread, state) => {
    kernel.memory.writeU8(state.savedIrqlAt as GuestAddress, state.irql as number);
    return returnsVoid;
  },
  'io.cancel-lock-taken': (kernel, _thread, state) => {
    const record = kernel.irps.get(state.irp as GuestAddress);
    const then = (state.then as Continuation | undefined) ?? thenReturned;
    if (record === undefined || record.id !== state.id) return continueWith(kernel, then, 0n);
    return cancelIrp(kernel, record, state.irql as number, then);
  },
  'io.cancel-returned': (_kernel, _thread, _state, value) => returns(value),
  'io.cancel-routine-returned': (kernel, _thread, state) => {
    if (kernel.irql === state.irql) return continueWith(kernel, state.then as Continuation, 1n);
    const routine = state.address as GuestAddress;
    return kernel.report({
      rule: 'irql-not-restored',
      severity: 'error',
      span: returnSpan(kernel, routine) ?? definitionSpan(kernel, routine),
      message: `The cancel routine ${String(state.routine)} returns at IRQL ${kernel.irql}: it must release the cancel spin lock to Irp->CancelIrql.`,
      also: ['C28144'],
      bugCheck: bugCheck('IRQL_NOT_LESS_OR_EQUAL', 0, kernel.irql, 0, String(state.routine)),
    });
  },
} satisfies ContinuationTable;

/** A routine that is set after the IRP was cancelled is called by nobody: the driver must look at Irp->Cancel itself. */
function noteCancelRoutine(kernel: Kernel, record: IrpRecord, routine: GuestAddress, isCancelled: boolean): void {
  const name = routine === 0n ? 'taken away' : `${functionName(kernel, routine)} set`;
  rememberIrp(kernel, record, `cancel routine ${name}`);
  record.lateCancelRoutineAt = routine !== 0n && isCancelled ? currentSpan(kernel) : undefined;
}

/** Only a second cancel reaches such a routine, and that comes when the program ends, if at all. */
function warnLateRoutine(kernel: Kernel, record: IrpRecord, routine: GuestAddress): void {
  reportIrp(kernel, record, {
    rule: 'cancel-not-checked',
    severity: 'warning',
    span: record.lateCancelRoutineAt ?? definitionSpan(kernel, routine),
    message: `IRP #${record.id} had been cancelled already when its cancel routine${record.lateCancelRoutineAt === undefined ? ` ${functionName(kernel, routine)} was set` : ' was set here'}, so nobody called the routine. Look at Irp->Cancel after IoSetCancelRoutine, and complete the IRP if IoSetCancelRoutine(Irp, NULL) gives the routine back.`,
    also: ['IrpCancelField'],
  });
  record.lateCancelRoutineAt = undefined;
}

/** With the cancel spin lock held: sets the flag and calls whoever can cancel the IRP. */
function cancelIrp(kernel: Kernel, record: IrpRecord, irql: number, after: Continuation): NativeResult {
  const view = irpView(kernel, record.address);
  const routine = view.getPointer('CancelRoutine');
  // Cancelling takes the routine away: one that is there now was set later, by IoSetCancelRoutine or by hand.
  const isLate = routine !== 0n && view.getNumber('Cancel') !== 0;
  if (record.lateCancelRoutineAt !== undefined || isLate) warnLateRoutine(kernel, record, routine);
  view.set('Cancel', 1);
  rememberIrp(kernel, record, 'cancelled');
  kernel.emit({ kind: 'irp-cancelled', irp: record.id });
  if (routine === 0n) {
    const bad = releaseCancelLock(kernel, 'IoCancelIrp', irql);
    if (bad !== undefined) return bad;
    const holder = kernel.parts.tables.subsystems.find((subsystem) => subsystem.name === record.holder?.subsystem);
    if (holder === undefined) return continueWith(kernel, after, 0n);
    const result = holder.cancelIrp(kernel, record, after);
    return result.kind === 'return' ? continueWith(kernel, after, BigInt(result.value ?? 1)) : result;
  }
  if (view.getNumber('CurrentLocation') > view.getNumber('StackCount')) {
    return reportIrp(kernel, record, {
      rule: 'cancel-routine-after-completion',
      message: `IoCancelIrp finds the cancel routine ${functionName(kernel, routine)} in IRP #${record.id}, which has been completed.`,
      bugCheck: bugCheck('CANCEL_STATE_IN_COMPLETED_IRP', record.address, routine, 0, 0),
    });
  }
  view.set('CancelRoutine', 0);
  view.set('CancelIrql', irql);
  const then: Continuation = {
    name: 'io.cancel-routine-returned',
    state: { irql, routine: functionName(kernel, routine), address: routine, then: after },
  };
  return {
    kind: 'call',
    target: routine,
    arguments: [currentLocation(kernel, record.address).get('DeviceObject'), record.address],
    frameLabel: 'IoCancelIrp',
    then,
  };
}

function takeCancelLock(kernel: Kernel, call: string, then: Parameters<typeof takeLock>[2]): NativeResult {
  return (
    raiseIrql(kernel, call, 2) ??
    takeLock(kernel, { kind: 'spin lock', address: cancelLock, mode: 'exclusive', call }, then)
  );
}

export function releaseCancelLock(kernel: Kernel, call: string, irql: number): NativeResult | undefined {
  if (dropLock(kernel, 'spin lock', cancelLock) === undefined)
    return reportNotHeld(kernel, call, 'spin lock', cancelLock, 'SPIN_LOCK_NOT_OWNED');
  return lowerIrql(kernel, call, irql);
}
