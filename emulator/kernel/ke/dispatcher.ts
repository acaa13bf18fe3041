/**
 * Dispatcher objects: what a thread can wait for. Signal states live in guest memory, in the object's
 * DISPATCHER_HEADER, because drivers may look; who waits is known to the kernel alone.
 *
 * Whatever signals an object calls `setSignal`, which hands the object to its waiters in the order of their waiting, by the
 * rules of each kind: a notification object lets all of them through, a synchronization object exactly one.
 */
import type { Span } from '../../../base/source.ts';
import type { GuestAddress } from '../../machine/native.ts';
import type { Kernel } from '../kernel-types.ts';
import { currentSpan } from '../places.ts';
import { noteTaken } from '../verifier/lock-order.ts';
import { threadPlace } from '../verifier/thread-place.ts';
import { unblock } from './blocking.ts';
import type { KernelThread } from './scheduler-state.ts';

export type DispatcherKind =
  | 'notification event'
  | 'synchronization event'
  | 'mutex'
  | 'queue'
  | 'semaphore'
  | 'thread'
  | 'process'
  | 'notification timer'
  | 'synchronization timer';

export interface DispatcherRecord {
  readonly kind: DispatcherKind;
  readonly initialisedAt: Span | undefined;
  /** A mutex's owner. */
  ownerId: number | undefined;
  /** Where a mutex's owner got it. */
  takenAt: Span | undefined;
  /** Who signalled it last, for the explanation of a wait that never ends. */
  signalledAt: Span | undefined;
  /** It has let somebody through, or somebody has looked at it. */
  isSignalUsed: boolean;
  /** Who has ended that signal since. */
  cleared: ClearedSignal | undefined;
}

/** How a signal went without staying: a wait took it, or the driver took it back. */
export interface ClearedSignal {
  /** "KeResetEvent"; "wait" where it let a thread through. */
  readonly by: string;
  readonly threadName: string;
  readonly span: Span | undefined;
}

/** DISPATCHER_HEADER.Lock when nobody has touched it: Type, and above it Size, in words of 4 bytes. */
const typeNumbers: Readonly<Record<DispatcherKind, number>> = {
  'notification event': 0x6_0000,
  'synchronization event': 0x6_0001,
  mutex: 0xe_0002,
  process: 3,
  queue: 0x10_0004,
  semaphore: 0x8_0005,
  thread: 6,
  'notification timer': 8,
  'synchronization timer': 9,
};

/** Result of a wait for the object at an index. */
const waitSuccess = 0n;

/** Writes a header and forgets whatever was at that address before. */
export function createDispatcher(kernel: Kernel, address: GuestAddress, kind: DispatcherKind, signal: number): void {
  const header = kernel.view('DISPATCHER_HEADER', address);
  header.set('Lock', typeNumbers[kind]);
  header.set('SignalState', signal);
  const list = header.addressOf('WaitListHead');
  header.set('WaitListHead.Flink', list);
  header.set('WaitListHead.Blink', list);
  kernel.parts.dispatchers.set(address, {
    kind,
    initialisedAt: currentSpan(kernel),
    ownerId: undefined,
    takenAt: undefined,
    signalledAt: undefined,
    isSignalUsed: false,
    cleared: undefined,
  });
}

/** The driver takes a signal back. */
export function clearSignal(kernel: Kernel, address: GuestAddress, call: string): void {
  kernel.view('DISPATCHER_HEADER', address).set('SignalState', 0);
  noteCleared(kernel, kernel.parts.dispatchers.get(address), call);
}

function noteCleared(kernel: Kernel, record: DispatcherRecord | undefined, by: string): void {
  if (record === undefined || record.signalledAt === undefined) return;
  const threadName = kernel.parts.scheduler.threads.get(kernel.current?.id ?? 0)?.name ?? 'the kernel';
  record.cleared = { by, threadName, span: currentSpan(kernel) };
}

export function signalState(kernel: Kernel, address: GuestAddress): number {
  return kernel.view('DISPATCHER_HEADER', address).getNumber('SignalState');
}

/** Sets the signal state and lets through every waiter that the new state satisfies. */
export function setSignal(kernel: Kernel, address: GuestAddress, signal: number): void {
  kernel.view('DISPATCHER_HEADER', address).set('SignalState', signal);
  const record = kernel.parts.dispatchers.get(address);
  if (signal <= 0) return;
  if (record !== undefined) {
    record.signalledAt = currentSpan(kernel);
    record.cleared = undefined;
    record.isSignalUsed = false;
  }
  for (const thread of waitersOf(kernel, address)) {
    if (signalState(kernel, address) <= 0) return;
    if (thread.wait?.kind !== 'objects') continue;
    const index = satisfiedBy(kernel, thread, thread.wait.objects, thread.wait.type);
    if (index === undefined) continue;
    const value = takeObjects(kernel, thread, thread.wait.objects, thread.wait.type, index);
    unblock(kernel, thread, value);
  }
}

/** Threads whose wait includes the object, longest wait first. */
export function waitersOf(kernel: Kernel, address: GuestAddress): KernelThread[] {
  const waiting: { thread: KernelThread; sequence: number }[] = [];
  for (const thread of kernel.parts.scheduler.threads.values())
    if (thread.wait?.kind === 'objects' && thread.wait.objects.includes(address))
      waiting.push({ thread, sequence: thread.wait.sequence });
  return waiting.sort((a, b) => a.sequence - b.sequence).map(({ thread }) => thread);
}

/** A dispatcher object inside the block of memory for which some thread waits. */
export function hasWaiterWithin(kernel: Kernel, start: bigint, size: number): GuestAddress | undefined {
  return kernel.parts.dispatchers.within(start, size).find((address) => waitersOf(kernel, address).length > 0);
}

/** Index of the object that ends the wait (0 for "all"), or undefined when it goes on. */
export function satisfiedBy(
  kernel: Kernel,
  thread: KernelThread,
  objects: readonly GuestAddress[],
  type: 'all' | 'any',
): number | undefined {
  if (type === 'all') return objects.every((object) => isSignalled(kernel, object, thread)) ? 0 : undefined;
  const index = objects.findIndex((object) => isSignalled(kernel, object, thread));
  return index < 0 ? undefined : index;
}

/** Takes what a satisfied wait takes, and returns the wait's status: STATUS_WAIT_0 + index. */
export function takeObjects(
  kernel: Kernel,
  thread: KernelThread,
  objects: readonly GuestAddress[],
  type: 'all' | 'any',
  index: number,
): bigint {
  const taken = type === 'all' ? objects : objects.slice(index, index + 1);
  for (const object of taken) takeObject(kernel, object, thread);
  return waitSuccess + BigInt(index);
}

function isSignalled(kernel: Kernel, address: GuestAddress, thread: KernelThread): boolean {
  const record = kernel.parts.dispatchers.get(address);
  if (record?.kind === 'mutex' && record.ownerId === thread.id) return true;
  return signalState(kernel, address) > 0;
}

function takeObject(kernel: Kernel, address: GuestAddress, thread: KernelThread): void {
  const header = kernel.view('DISPATCHER_HEADER', address);
  const record = kernel.parts.dispatchers.get(address);
  if (record !== undefined) record.isSignalUsed = true;
  switch (record?.kind) {
    case 'synchronization event':
    case 'synchronization timer':
      header.set('SignalState', 0);
      record.cleared = { by: 'wait', threadName: thread.name, span: undefined };
      return;
    case 'queue':
    case 'semaphore':
      header.set('SignalState', header.getNumber('SignalState') - 1);
      return;
    case 'mutex':
      header.set('SignalState', header.getNumber('SignalState') - 1);
      if (record.ownerId !== thread.id) ownMutex(kernel, record, address, thread);
      return;
    default:
      return;
  }
}

function ownMutex(kernel: Kernel, record: DispatcherRecord, address: GuestAddress, thread: KernelThread): void {
  record.ownerId = thread.id;
  kernel.view('KMUTANT', address).set('OwnerThread', thread.object);
  record.takenAt = thread.id === kernel.current?.id ? currentSpan(kernel) : threadPlace(kernel, thread);
  noteTaken(kernel, thread.id, { address, kind: 'mutex', mode: 'exclusive' }, record.takenAt);
}
