/** Work items: routines that run at PASSIVE_LEVEL on worker threads of the system, and hold their device meanwhile. */

import {
  type Continuation,
  type GuestAddress,
  type NativeResult,
  NULL_ADDRESS,
  returns,
  returnsVoid,
} from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import { finishDelete } from '../io/devices.ts';
import type { WorkItemRecord } from '../io/io-state.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable, Kernel } from '../kernel-types.ts';
import { allocateObject, freeObject } from '../object-memory.ts';
import { currentSpan, describeAddress, functionName } from '../places.ts';
import { checkLocksAtEnd } from '../verifier/lock-checks.ts';
import { currentThread } from './blocking.ts';
import { addWork, workerEntry } from './work-queue.ts';

const workItemSize = 64;
export const workItemApis = {
  [workerEntry]: (kernel) => nextWork(kernel),

  IoAllocateWorkItem: (kernel, { arguments: args }) => {
    const region = allocateObject(kernel, workItemSize, 'IO_WORKITEM');
    if (region === undefined) return returns(NULL_ADDRESS);
    addWorkItem(kernel, { address: region.start, device: args.pointer(0), isAllocated: true });
    return returns(region.start);
  },
  IoFreeWorkItem: (kernel, { name, arguments: args }) => {
    const item = workItemOf(kernel, name, args.pointer(0));
    if ('kind' in item) return item;
    if (item.isQueued) {
      return kernel.report({
        rule: 'work-item-freed-while-queued',
        severity: 'error',
        message: `${name} frees a work item that is still queued.`,
        history: [{ what: 'allocated here', span: item.allocatedAt, statements: 0 }],
      });
    }
    kernel.parts.io.workItems.delete(item.address);
    const region = kernel.memory.regionAt(item.address);
    if (region !== undefined && item.isAllocated) freeObject(kernel, region);
    return returnsVoid;
  },
  IoSizeofWorkItem: () => returns(workItemSize),
  IoInitializeWorkItem: (kernel, { arguments: args }) => {
    kernel.memory.fill(args.pointer(1), workItemSize, 0);
    addWorkItem(kernel, { address: args.pointer(1), device: args.pointer(0), isAllocated: false });
    return returnsVoid;
  },
  IoUninitializeWorkItem: (kernel, { name, arguments: args }) => {
    const item = workItemOf(kernel, name, args.pointer(0));
    if ('kind' in item) return item;
    kernel.parts.io.workItems.delete(item.address);
    return returnsVoid;
  },
  IoQueueWorkItem: (kernel, { name, arguments: args }) =>
    queueWorkItem(kernel, name, args.pointer(0), args.pointer(1), args.uint64(3), { isEx: false }) ?? returnsVoid,
  IoQueueWorkItemEx: (kernel, { name, arguments: args }) =>
    queueWorkItem(kernel, name, args.pointer(0), args.pointer(1), args.uint64(3), { isEx: true }) ?? returnsVoid,
  IoTryQueueWorkItem: (kernel, { name, arguments: args }) => {
    if (kernel.parts.io.workItems.get(args.pointer(0))?.isQueued === true) return returns(0);
    return queueWorkItem(kernel, name, args.pointer(0), args.pointer(1), args.uint64(3), { isEx: true }) ?? returns(1);
  },

  ExInitializeWorkItem: (kernel, { arguments: args }) => {
    const view = kernel.view('WORK_QUEUE_ITEM', args.pointer(0));
    view.set('List.Flink', 0);
    view.set('List.Blink', 0);
    view.set('WorkerRoutine', args.pointer(1));
    view.set('Parameter', args.uint64(2));
    return returnsVoid;
  },
  ExQueueWorkItem: (kernel, { name, arguments: args }) => {
    const view = kernel.view('WORK_QUEUE_ITEM', args.pointer(0));
    if (view.get('List.Flink') !== 0n) return reportQueuedTwice(kernel, name, args.pointer(0));
    view.set('List.Flink', view.address);
    addWork(kernel, {
      routine: view.getPointer('WorkerRoutine'),
      arguments: [view.get('Parameter'), view.address],
      workItem: undefined,
    });
    return returnsVoid;
  },
} satisfies KernelApis;

export const workItemContinuations = {
  'ex.work-returned': (kernel, _thread, state) => {
    kernel.parts.workers.busy--;
    if (state.device !== undefined) letGo(kernel, state.device as GuestAddress);
    const thread = currentThread(kernel);
    if (checkLocksAtEnd(kernel, thread) !== undefined) return { kind: 'stop' };
    if (kernel.irql !== 0) {
      return kernel.report({
        rule: 'irql-not-restored',
        severity: 'error',
        span: kernel.machine.returnPlace(),
        message: `The work item routine ${String(state.routine)} returns at IRQL ${kernel.irql}; a worker thread must come back at PASSIVE_LEVEL.`,
        also: ['IrqlReturn'],
        bugCheck: bugCheck('WORKER_THREAD_RETURNED_AT_BAD_IRQL', String(state.routine), kernel.irql),
      });
    }
    if (thread.criticalRegions !== 0 || thread.guardedRegions !== 0) {
      const kind = thread.criticalRegions === 0 ? 'guarded' : 'critical';
      return kernel.report({
        rule: 'critical-region-not-left',
        severity: 'error',
        span: kernel.machine.returnPlace(),
        message: `The work item routine ${String(state.routine)} returns inside a ${kind} region that it entered and did not leave: the worker thread would go on without APCs for everybody.`,
        also: [kind === 'critical' ? 'CriticalRegions' : 'GuardedRegions', '0xC4/0x40003'],
        bugCheck: bugCheck('KERNEL_APC_PENDING_DURING_EXIT', 0, thread.criticalRegions, kernel.irql, 0),
      });
    }
    return nextWork(kernel);
  },
} satisfies ContinuationTable;

/** Runs the next work; a worker without any ends, because a new one costs nothing. */
function nextWork(kernel: Kernel): NativeResult {
  const work = kernel.parts.workers.queue.shift();
  if (work === undefined) return { kind: 'end-thread', value: 0n };
  kernel.parts.workers.busy++;
  const routine = functionName(kernel, work.routine);
  if (work.workItem !== undefined) {
    const item = kernel.parts.io.workItems.get(work.workItem);
    // From here on the routine may queue or free its own item.
    if (item !== undefined) item.isQueued = false;
  } else {
    const item = work.arguments[1] as GuestAddress | undefined;
    if (item !== undefined) kernel.view('WORK_QUEUE_ITEM', item).set('List.Flink', 0);
  }
  // A work item's routine is told its device first.
  const device = work.workItem === undefined ? undefined : work.arguments[0];
  const then: Continuation = { name: 'ex.work-returned', state: { routine, device } };
  const args = work.workItem === undefined ? work.arguments.slice(0, 1) : work.arguments;
  return { kind: 'call', target: work.routine, arguments: args, frameLabel: workerEntry, then };
}

/** The routine of a work item has returned: a device that was deleted meanwhile goes now. */
function letGo(kernel: Kernel, device: GuestAddress): void {
  const { held } = kernel.parts.workers;
  const left = (held.get(device) ?? 1) - 1;
  if (left > 0) held.set(device, left);
  else held.delete(device);
  const record = kernel.parts.io.devices.get(device);
  if (record !== undefined) finishDelete(kernel, record);
}

function addWorkItem(kernel: Kernel, item: Pick<WorkItemRecord, 'address' | 'device' | 'isAllocated'>): void {
  kernel.parts.io.workItems.set(item.address, { ...item, allocatedAt: currentSpan(kernel), isQueued: false });
}

function workItemOf(kernel: Kernel, call: string, address: GuestAddress): WorkItemRecord | NativeResult {
  kernel.memory.readU8(address);
  const item = kernel.parts.io.workItems.get(address);
  if (item !== undefined) return item;
  return kernel.report({
    rule: 'object-not-initialised',
    severity: 'error',
    message: `${call} is given ${describeAddress(kernel, address)}, which is no work item.`,
  });
}

function queueWorkItem(
  kernel: Kernel,
  call: string,
  address: GuestAddress,
  routine: GuestAddress,
  context: bigint,
  how: { readonly isEx: boolean },
): NativeResult | undefined {
  const item = workItemOf(kernel, call, address);
  if ('kind' in item) return item;
  if (item.isQueued) return reportQueuedTwice(kernel, call, address);
  item.isQueued = true;
  const { held } = kernel.parts.workers;
  held.set(item.device, (held.get(item.device) ?? 0) + 1);
  const args = [item.device, context];
  addWork(kernel, { routine, arguments: how.isEx ? [...args, address] : args, workItem: address });
  return undefined;
}

function reportQueuedTwice(kernel: Kernel, call: string, item: GuestAddress): NativeResult {
  return kernel.report({
    rule: 'work-item-queued-twice',
    severity: 'error',
    message: `${call} queues ${describeAddress(kernel, item)}, which is in a work queue already.`,
    also: ['0x96'],
    bugCheck: { code: 0x96, name: 'INVALID_WORK_QUEUE_ITEM', parameters: [`0x${item.toString(16).toUpperCase()}`] },
  });
}
