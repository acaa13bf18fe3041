/**
 * Processes: the System process, in which drivers' own threads run, and one for each program of the scenario. A thread
 * has a process of its own and may be attached to another one for a while; code of an interrupt runs in whatever process
 * was there, which a driver must not rely on.
 */
import { type GuestAddress, returns, returnsVoid } from '../../machine/native.ts';
import { createDispatcher } from '../ke/dispatcher.ts';
import { threadByObject } from '../ke/kernel-threads.ts';
import type { KernelThread } from '../ke/scheduler-state.ts';
import { bootSystemTime } from '../ke/system-time.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { STATUS_INVALID_CID, STATUS_INVALID_HANDLE, STATUS_OBJECT_TYPE_MISMATCH, STATUS_PENDING } from '../statuses.ts';
import { addDriverReference, handleObject } from './handles.ts';
import { createObject, objectAt } from './objects.ts';

export const systemProcessId = 4;
/** Ids of programs begin here, four apart, as those of Windows are. */
const firstProcessId = 0x1000;
export const currentProcessHandle = BigInt.asUintN(64, -1n);
/** Bytes of an object that drivers know by its address only. */
const opaqueSize = 64;

/** The System process, made when first asked for. */
export function systemProcess(kernel: Kernel): GuestAddress {
  for (const record of kernel.parts.objects.records.values())
    if (record.type === 'process' && record.details.id === systemProcessId) return record.address;
  return makeProcess(kernel, 'System', systemProcessId);
}

/** Like a thread it can be waited for: it is signalled when it ends. */
function makeProcess(kernel: Kernel, name: string, id: number): GuestAddress {
  const process = createObject(kernel, 'process', `process ${name}`, opaqueSize, { id });
  createDispatcher(kernel, process, 'process', 0);
  return process;
}

export function createProcess(kernel: Kernel, name: string): GuestAddress {
  const count = [...kernel.parts.objects.records.values()].filter(({ type }) => type === 'process').length;
  const id = firstProcessId + count * 4;
  return makeProcess(kernel, name, id);
}

/** The process in whose address space a thread runs now; undefined for interrupts, which run in any. */
export function processOf(kernel: Kernel, thread: KernelThread | undefined): GuestAddress | undefined {
  if (thread === undefined || thread.kind === 'context') return undefined;
  return thread.attachedTo ?? thread.process ?? systemProcess(kernel);
}

export function processId(kernel: Kernel, process: GuestAddress): number {
  const id = objectAt(kernel, process)?.details.id;
  return typeof id === 'number' ? id : systemProcessId;
}

/** The process of the thread for which a request was made. */
function requestorProcess(kernel: Kernel, irp: GuestAddress): GuestAddress {
  const thread = threadByObject(kernel, kernel.view('IRP', irp).getPointer('Tail.Overlay.Thread'));
  return thread?.process ?? systemProcess(kernel);
}

function currentRecord(kernel: Kernel): KernelThread | undefined {
  return kernel.current === undefined ? undefined : kernel.parts.scheduler.threads.get(kernel.current.id);
}

export function currentProcess(kernel: Kernel): GuestAddress {
  return processOf(kernel, currentRecord(kernel)) ?? systemProcess(kernel);
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
