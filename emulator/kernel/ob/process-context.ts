/**
 * Processes as objects, and the one in whose address space and handle table a thread runs now: the System process, in
 * which drivers' own threads run, and one for each program of the scenario. A thread has a process of its own and may be
 * attached to another one for a while; code of an interrupt runs in whatever process was there, which a driver must not
 * rely on.
 */
import type { GuestAddress } from '../../machine/native.ts';
import { createDispatcher } from '../ke/dispatcher.ts';
import type { KernelThread } from '../ke/scheduler-state.ts';
import type { Kernel } from '../kernel-types.ts';
import { createObject, objectAt } from './objects.ts';

export const systemProcessId = 4;
/** Ids of programs begin here, four apart, as those of Windows are. */
const firstProcessId = 0x1000;
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

export function currentRecord(kernel: Kernel): KernelThread | undefined {
  return kernel.current === undefined ? undefined : kernel.parts.scheduler.threads.get(kernel.current.id);
}

export function currentProcess(kernel: Kernel): GuestAddress {
  return processOf(kernel, currentRecord(kernel)) ?? systemProcess(kernel);
}
