/**
 * Associated IRPs: a highest-level driver splits a master IRP into several, and counts them in the master's
 * AssociatedIrp.IrpCount. Each that completes counts down; the last completes the master with the status that it has.
 */
import type { Continuation, GuestAddress, NativeResult } from '../../machine/native.ts';
import { returns } from '../../machine/native.ts';
import { continueWith } from '../ke/kernel-threads.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { IrpRecord, Kernel } from '../kernel-types.ts';
import { allocateIrp, irpArgument, irpView, releaseIrp, toChar } from './irps.ts';

const irpAssociated = 0x8;

export const associatedIrpApis = {
  IoMakeAssociatedIrp: (kernel, { name, arguments: args }) => {
    const master = irpArgument(kernel, name, args.pointer(0));
    if ('kind' in master) return master;
    const record = allocateIrp(kernel, toChar(args.int(1)), 'io-manager', name);
    if (record === undefined) return returns(0n);
    const view = irpView(kernel, record.address);
    view.set('Flags', view.getNumber('Flags') | irpAssociated);
    view.set('AssociatedIrp.MasterIrp', master.address);
    view.set('Tail.Overlay.Thread', irpView(kernel, master.address).get('Tail.Overlay.Thread'));
    return returns(record.address);
  },
} satisfies KernelApis;

export function isAssociated(kernel: Kernel, record: IrpRecord): boolean {
  return (irpView(kernel, record.address).getNumber('Flags') & irpAssociated) !== 0;
}

/** An associated IRP has reached its top: it is freed, and the last one of its master completes that. */
export function finishAssociated(
  kernel: Kernel,
  record: IrpRecord,
  then: Continuation,
  completeMaster: (kernel: Kernel, master: GuestAddress, then: Continuation) => NativeResult,
): NativeResult {
  const master = irpView(kernel, record.address).getPointer('AssociatedIrp.MasterIrp') as GuestAddress;
  record.state = 'completed';
  releaseIrp(kernel, record);
  const view = irpView(kernel, master);
  const left = view.getNumber('AssociatedIrp.IrpCount') - 1;
  view.set('AssociatedIrp.IrpCount', left);
  return left === 0 ? completeMaster(kernel, master, then) : continueWith(kernel, then, 0n);
}
