/**
 * What is wrong with a completion routine once it has returned, and with a request that is completed twice. The finding
 * stands where the routine returned, or at its name where nobody knows that place any more.
 */
import type { Span } from '../../../base/source.ts';
import type { Continuation, GuestAddress, NativeResult } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import type { IrpRecord, Kernel } from '../kernel-types.ts';
import { definitionSpan, functionName, returnSpan } from '../places.ts';
import { statusText } from '../status-names.ts';
import { slPendingReturned } from './irp-stack.ts';
import { currentLocation, irpView, reportIrp } from './irps.ts';

/** Who is told when nobody above wants the IRP any more, and where the unwinding stands. */
export interface UnwindState {
  readonly irp: GuestAddress;
  readonly id: number;
  readonly then: Continuation;
  readonly routine: GuestAddress;
  readonly irql: number;
  /** Irp->PendingReturned as the routine finds it. */
  readonly isPending: boolean;
}

/** The IRP is gone, and the I/O manager would go on with it. */
export function reportGone(
  kernel: Kernel,
  state: UnwindState,
  record: IrpRecord | undefined,
  status: number,
): NativeResult {
  const routine = functionName(kernel, state.routine);
  const { history = [] } = record ?? {};
  const text = statusText(kernel, status);
  if (record?.owner === 'io-manager') {
    return reportIrp(kernel, record, {
      rule: 'double-completion',
      span: routineEnd(kernel, state.routine),
      message: `The completion routine ${routine} has completed IRP #${record.id} itself and returns ${text}, so that the I/O manager completes it a second time. It must return STATUS_MORE_PROCESSING_REQUIRED.`,
      also: ['DoubleCompletion', 'CompleteRequest'],
      bugCheck: bugCheck('MULTIPLE_IRP_COMPLETE_REQUESTS', state.irp, 0, 0, 0),
    });
  }
  return kernel.report({
    rule: 'completion-keeps-irp',
    severity: 'error',
    span: routineEnd(kernel, state.routine),
    message: `The completion routine ${routine} freed IRP #${state.id} but returns ${text}: the I/O manager goes on with freed memory. It must return STATUS_MORE_PROCESSING_REQUIRED.`,
    docRules: ['R17'],
    also: ['CompleteRequest'],
    bugCheck: bugCheck('DRIVER_PAGE_FAULT_IN_FREED_SPECIAL_POOL', state.irp, 0, 0, 0),
    history,
  });
}

/** A routine that finds PendingReturned and lets the IRP go on must mark its own location. */
export function checkPropagated(kernel: Kernel, record: IrpRecord, state: UnwindState): NativeResult | undefined {
  if (!state.isPending) return undefined;
  const view = irpView(kernel, record.address);
  if (view.getNumber('CurrentLocation') > view.getNumber('StackCount')) return undefined;
  if ((currentLocation(kernel, record.address).getNumber('Control') & slPendingReturned) !== 0) return undefined;
  return reportIrp(kernel, record, {
    rule: 'pending-not-propagated',
    span: routineEnd(kernel, state.routine),
    message: `The completion routine ${functionName(kernel, state.routine)} finds Irp->PendingReturned set for IRP #${record.id} and does not call IoMarkIrpPending: whoever sent the IRP was told STATUS_PENDING and never hears of its end. Begin with if (Irp->PendingReturned) IoMarkIrpPending(Irp).`,
    docRules: ['R19'],
    also: ['0xC9/0x228'],
    bugCheck: bugCheck(
      'DRIVER_VERIFIER_IOMANAGER_VIOLATION',
      0x228,
      functionName(kernel, state.routine),
      record.address,
    ),
  });
}

/** The statement with which a completion routine, of which nothing is on the stack any more, has returned, or its name. */
export function routineEnd(kernel: Kernel, routine: GuestAddress): Span | undefined {
  return returnSpan(kernel, routine) ?? definitionSpan(kernel, routine);
}

export function reportDouble(kernel: Kernel, record: IrpRecord, call: string): NativeResult {
  return reportIrp(kernel, record, {
    rule: 'double-completion',
    message: `${call} completes IRP #${record.id}, which has been completed already.`,
    also: ['DoubleCompletion'],
    bugCheck: bugCheck('MULTIPLE_IRP_COMPLETE_REQUESTS', record.address, 0, 0, 0),
  });
}
