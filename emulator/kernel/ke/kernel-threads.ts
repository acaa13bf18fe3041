/** Makes and ends threads of the kernel: system threads, workers, and the contexts in which interrupts run. */

import { Bug, defined } from '../../../base/assert.ts';
import {
  type Continuation,
  type GuestAddress,
  type NativeResult,
  NULL_ADDRESS,
  returnsVoid,
} from '../../machine/native.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationStep, Kernel } from '../kernel-types.ts';
import { createObject, dereferenceObject, objectAt } from '../ob/objects.ts';
import type { KernelTables } from '../parts.ts';
import { currentSpan } from '../places.ts';
import { currentThread } from './blocking.ts';
import { createDispatcher, setSignal } from './dispatcher.ts';
import type { ContextRecord, KernelThread, PendingContext } from './scheduler-state.ts';

const normalPriority = 8;
/** Drivers see an ETHREAD as an address only; it begins with its DISPATCHER_HEADER. */
const threadObjectSize = 64;
/** The native that every interrupt context begins in; drivers can't name it. */
const contextEntry = 'KiRunContext';

export interface ThreadRequest {
  readonly name: string;
  readonly entry: GuestAddress;
  readonly arguments: readonly bigint[];
  readonly kind: 'system' | 'worker' | 'caller';
  /** Of a program's thread. */
  readonly process?: GuestAddress;
  readonly isUserMode?: boolean;
  /** Bytes; the machine's own default is that of a kernel stack. */
  readonly stackSize?: number;
  /** The routine that the thread is there for, where `entry` is a function of the kernel that calls it. */
  readonly startRoutine?: GuestAddress;
}

/** What stays known of a thread as long as its object lives. */
export interface ThreadDetails {
  readonly id: number;
  readonly exitStatus: number | undefined;
}

/** A new thread, ready to run at PASSIVE_LEVEL, with a thread object of one reference that goes when it ends. */
export function createKernelThread(kernel: Kernel, request: ThreadRequest): KernelThread {
  const guest = kernel.machine.createThread(request);
  const details: ThreadDetails = { id: guest.id, exitStatus: undefined };
  const object = createObject(kernel, 'thread', `thread ${request.name}`, threadObjectSize, { ...details });
  createDispatcher(kernel, object, 'thread', 0);
  const { scheduler } = kernel.parts;
  const thread: KernelThread = {
    id: guest.id,
    guest,
    kind: request.kind,
    name: request.name,
    object,
    startRoutine: request.startRoutine ?? request.entry,
    createdAt: currentSpan(kernel),
    startIrql: 0,
    irql: 0,
    priority: normalPriority,
    wait: undefined,
    readySequence: scheduler.nextSequence++,
    process: request.process,
    isUserMode: request.isUserMode,
    criticalRegions: 0,
    guardedRegions: 0,
  };
  scheduler.threads.set(thread.id, thread);
  // Threads that the kernel makes for its own calls are no news.
  if (kernel.current !== undefined) kernel.emit({ kind: 'thread', what: 'created', detail: request.name });
  return thread;
}

/** Gives an interrupt context that waits for the processor its stack. */
export function startContext(kernel: Kernel, pending: PendingContext): KernelThread {
  const { scheduler } = kernel.parts;
  const spare = scheduler.spareContexts.pop();
  const context = spare ?? newContext(kernel, pending);
  if (spare !== undefined) kernel.machine.renewContext(spare.guest, pending.label);
  context.id = context.guest.id;
  context.name = pending.label;
  context.object = systemThreadObject(kernel);
  context.step = pending.step;
  context.startIrql = pending.irql;
  context.irql = pending.irql;
  context.readySequence = scheduler.nextSequence++;
  scheduler.context = context;
  return context;
}

/** All that does not change from one context to the next; `startContext` sets the rest. */
function newContext(kernel: Kernel, pending: PendingContext): ContextRecord {
  const { scheduler } = kernel.parts;
  scheduler.contextEntry ??= defined(kernel.machine.functionAddress(contextEntry), contextEntry);
  return {
    id: 0,
    guest: kernel.machine.createContext(pending.label),
    kind: 'context',
    name: pending.label,
    object: NULL_ADDRESS,
    startRoutine: scheduler.contextEntry,
    step: pending.step,
    createdAt: undefined,
    startIrql: 0,
    regionNotes: undefined,
    irqlNote: undefined,
    irql: 0,
    priority: normalPriority,
    wait: undefined,
    readySequence: 0,
    process: undefined,
    isUserMode: undefined,
    attachedTo: undefined,
    criticalRegions: 0,
    guardedRegions: 0,
  };
}

/** The context that has begun goes among the threads, because it calls guest code, waits, or stops the run. */
export function keepContext({ parts }: Kernel): void {
  const { scheduler } = parts;
  if (scheduler.context !== undefined) scheduler.threads.set(scheduler.context.id, scheduler.context);
  scheduler.context = undefined;
}

/** A thread has run to its end: its object is signalled, and goes when nobody refers to it any more. */
export function endKernelThread(kernel: Kernel, thread: KernelThread): void {
  const { scheduler } = kernel.parts;
  if (scheduler.context === thread) scheduler.context = undefined;
  else scheduler.threads.delete(thread.id);
  if (scheduler.runningId === thread.id) scheduler.runningId = undefined;
  kernel.machine.destroyThread(thread.guest);
  if (isContext(thread)) {
    if (isAsNew(thread)) scheduler.spareContexts.push(thread);
    return;
  }
  const exitStatus = Number(BigInt.asIntN(32, thread.guest.result));
  const record = objectAt(kernel, thread.object);
  if (record !== undefined) record.details = { ...record.details, exitStatus };
  if (thread.createdAt !== undefined) kernel.emit({ kind: 'thread', what: 'ended', detail: thread.name });
  setSignal(kernel, thread.object, 1);
  dereferenceObject(kernel, thread.object);
}

function isContext(thread: KernelThread): thread is ContextRecord {
  return thread.kind === 'context';
}

/** Nothing has been noted of it that another context must not have. */
function isAsNew(context: ContextRecord): boolean {
  const { regionNotes, irqlNote, priority, attachedTo, criticalRegions, guardedRegions, wait } = context;
  const isNoted = regionNotes !== undefined || irqlNote !== undefined || attachedTo !== undefined || wait !== undefined;
  return !isNoted && priority === normalPriority && criticalRegions === 0 && guardedRegions === 0;
}

/** An ETHREAD for code that runs in no thread of the driver's. */
function systemThreadObject(kernel: Kernel): GuestAddress {
  for (const thread of kernel.parts.scheduler.threads.values()) if (thread.kind !== 'context') return thread.object;
  return NULL_ADDRESS;
}

/** The id of a thread, as drivers see it. */
export function threadNumber(id: number): number {
  return 0x1000 + id * 4;
}

export function threadByObject(kernel: Kernel, object: GuestAddress): KernelThread | undefined {
  for (const thread of kernel.parts.scheduler.threads.values())
    if (thread.object === object && thread.kind !== 'context') return thread;
  return undefined;
}

export function stepOf({ continuations }: KernelTables, { name }: Continuation): ContinuationStep {
  const step = continuations.get(name);
  if (step === undefined) throw new Bug(`no table has the continuation ${name}`);
  return step;
}

/** Goes on with a continuation at once, without a guest call or a wait in between. */
export function continueWith(kernel: Kernel, then: Continuation, value: bigint): NativeResult {
  return stepOf(kernel.parts.tables, then)(kernel, defined(kernel.current, 'the current thread'), then.state, value);
}

/** Does what the current context is there for. */
export function runContext(kernel: Kernel): NativeResult {
  const step = defined(currentThread(kernel).step, 'the step of a context');
  const result = continueWith(kernel, step, 0n);
  return result.kind === 'return' ? returnsVoid : result;
}

export const contextApis = { [contextEntry]: runContext } satisfies KernelApis;
