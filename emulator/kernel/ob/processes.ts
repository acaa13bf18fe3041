/** What drivers ask about processes, and how they attach to one. */
import { type GuestAddress, returns, returnsVoid } from '../../machine/native.ts';
import { threadByObject } from '../ke/kernel-threads.ts';
import { bootSystemTime } from '../ke/system-time.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { STATUS_INVALID_CID, STATUS_INVALID_HANDLE, STATUS_OBJECT_TYPE_MISMATCH, STATUS_PENDING } from '../statuses.ts';
import { addDriverReference, handleObject } from './handles.ts';
import { objectAt } from './objects.ts';
import { currentProcess, currentRecord, processId, systemProcess } from './process-context.ts';

export const currentProcessHandle = BigInt.asUintN(64, -1n);
/** The process of the thread for which a request was made. */
function requestorProcess(kernel: Kernel, irp: GuestAddress): GuestAddress {
  const thread = threadByObject(kernel, kernel.view('IRP', irp).getPointer('Tail.Overlay.Thread'));
  return thread?.process ?? systemProcess(kernel);
}

function attach(kernel: Kernel, process: GuestAddress): void {
  const thread = currentRecord(kernel);
  if (thread !== undefined) thread.attachedTo = process;
}

/** The process that a handle stands for, the pseudo handle of the current one included; or why it stands for none. */
export function processOfHandle(kernel: Kernel, handle: bigint): GuestAddress | { readonly status: number } {
  const process = handle === currentProcessHandle ? currentProcess(kernel) : handleObject(kernel, handle);
  if (process === undefined) return { status: STATUS_INVALID_HANDLE };
  return objectAt(kernel, process)?.type === 'process' ? process : { status: STATUS_OBJECT_TYPE_MISMATCH };
}

export const processApis = {
  PsGetCurrentProcess: (kernel) => returns(currentProcess(kernel)),
  IoGetCurrentProcess: (kernel) => returns(currentProcess(kernel)),
  /** Of the thread, wherever it is attached. */
  PsGetCurrentProcessId: (kernel) =>
    returns(processId(kernel, currentRecord(kernel)?.process ?? systemProcess(kernel))),
  PsGetProcessId: (kernel, { arguments: args }) => returns(processId(kernel, args.pointer(0))),
  /** Programs of the scenario that have ended are gone with their last handle: what is there still runs. */
  PsGetProcessExitStatus: (kernel, { arguments: args }) => {
    kernel.memory.readU8(args.pointer(0));
    return returns(STATUS_PENDING);
  },
  PsGetProcessCreateTimeQuadPart: (kernel, { arguments: args }) => {
    kernel.memory.readU8(args.pointer(0));
    return returns(bootSystemTime);
  },
  IoGetRequestorProcess: (kernel, { arguments: args }) => returns(requestorProcess(kernel, args.pointer(0))),
  IoGetRequestorProcessId: (kernel, { arguments: args }) =>
    returns(processId(kernel, requestorProcess(kernel, args.pointer(0)))),
  PsLookupProcessByProcessId: (kernel, { arguments: args }) => {
    systemProcess(kernel);
    const wanted = Number(args.uint64(0) & 0xffff_ffffn);
    const found = [...kernel.parts.objects.records.values()].find(
      ({ type, details }) => type === 'process' && details.id === wanted,
    );
    if (found === undefined) return returns(STATUS_INVALID_CID);
    addDriverReference(kernel, found.address);
    kernel.memory.writePointer(args.pointer(1), found.address);
    return returns(0);
  },
  KeStackAttachProcess: (kernel, { arguments: args }) => {
    kernel.memory.fill(args.pointer(1), kernel.types.sizeOf('KAPC_STATE'), 0);
    kernel.view('KAPC_STATE', args.pointer(1)).set('Process', currentRecord(kernel)?.attachedTo ?? 0n);
    attach(kernel, args.pointer(0));
    return returnsVoid;
  },
  KeUnstackDetachProcess: (kernel, { arguments: args }) => {
    const thread = currentRecord(kernel);
    const before = kernel.view('KAPC_STATE', args.pointer(0)).getPointer('Process');
    if (thread !== undefined) thread.attachedTo = before === 0n ? undefined : before;
    return returnsVoid;
  },
  KeAttachProcess: (kernel, { arguments: args }) => {
    attach(kernel, args.pointer(0));
    return returnsVoid;
  },
  KeDetachProcess: (kernel) => {
    const thread = currentRecord(kernel);
    if (thread !== undefined) thread.attachedTo = undefined;
    return returnsVoid;
  },
} satisfies KernelApis;
