/**
 * Associated IRPs: a highest-level driver splits a master IRP into several, and counts them in the master's
 * AssociatedIrp.IrpCount. Each that completes counts down; the last completes the master with the status that it has.
 */
import type { Continuation, GuestAddress, NativeResult } from '../../machine/native.ts';
import { returns } from '../../machine/native.ts';
import { continueWith } from '../ke/kernel-threads.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { IrpRecord, Kernel } from '../kernel-types.ts';
import { allocateIrp, irpArgument, irpView, isInFlight, releaseIrp, toChar } from './irps.ts';

const irpAssociated = 0x8;

export const associatedIrpApis = {
  IoMakeAssociatedIrp: (kernel, { name, arguments: args }) => {
    const master = irpArgument(kernel, name, args.pointer(0));
    if ('kind' in master) return master;
    const record = allocateIrp(kernel, toChar(args.int(1)), 'io-manager', name);
    if (record === undefined) return returns(0n);
    const view = irpView(kernel, record.address);
    record.master = master.address;
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
  const owner = kernel.irps.get(master);
  if (owner !== undefined) {
    owner.associatedEnded = (owner.associatedEnded ?? 0) + 1;
    const bad = left === 0 ? checkOthers(kernel, owner) : undefined;
    if (bad !== undefined) return bad;
  }
  return left === 0 ? completeMaster(kernel, master, then) : continueWith(kernel, then, 0n);
}

/** Why a master is not completed, as whole sentences; undefined for an IRP that is none. */
export function explainMaster(kernel: Kernel, master: IrpRecord): string | undefined {
  const ended = master.associatedEnded ?? 0;
  const out = associatedOf(kernel, master).filter(isInFlight);
  if (ended === 0 && out.length === 0) return undefined;
  const left = irpView(kernel, master.address).getNumber('AssociatedIrp.IrpCount');
  const [first] = out;
  if (first !== undefined)
    return `${out.length === 1 ? 'One' : out.length} of its associated IRPs ${out.length === 1 ? 'is' : 'are'} not completed: IRP #${first.id} is still with ${first.call ?? 'a lower driver'}.`;
  return `Its AssociatedIrp.IrpCount was ${ended + left}, but ${ended} associated IRP${ended === 1 ? ' has' : 's have'} been completed, and no other is on its way. IrpCount must be the number of the associated IRPs that are sent, ${ended}: only the last of them completes the master.`;
}

/**
 * The count says that all are done: the master is completed now, and those that are still out count down in freed
 * memory.
 */
function checkOthers(kernel: Kernel, master: IrpRecord): NativeResult | undefined {
  const out = associatedOf(kernel, master).filter(isInFlight);
  const [first] = out;
  if (first === undefined) return undefined;
  const ended = master.associatedEnded ?? 0;
  return kernel.report({
    rule: 'master-irp-count',
    severity: 'error',
    message: `IRP #${master.id} is completed after ${ended} of its associated IRPs, although IRP #${first.id} is still with ${first.call ?? 'a lower driver'}: AssociatedIrp.IrpCount was ${ended}, but ${ended + out.length} associated IRPs have been sent. Set it to ${ended + out.length} before the first of them is sent.`,
    span: first.sentAt,
    history: master.history,
  });
}

function associatedOf(kernel: Kernel, master: IrpRecord): IrpRecord[] {
  return [...kernel.irps.values()].filter((one) => one.master === master.address);
}
