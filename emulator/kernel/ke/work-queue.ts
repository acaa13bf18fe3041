/** The queue of work for worker threads of the system, which are made when work comes. */
import type { Span } from '../../../base/source.ts';
import { type GuestAddress, NULL_ADDRESS } from '../../machine/native.ts';
import type { Kernel } from '../kernel-types.ts';
import { currentSpan } from '../places.ts';
import { createKernelThread } from './kernel-threads.ts';

/** One routine to be run. */
export interface Work {
  readonly routine: GuestAddress;
  readonly arguments: readonly bigint[];
  /** The IO_WORKITEM, which keeps the driver loaded until the routine has returned. */
  readonly workItem: GuestAddress | undefined;
  /** The call that queued it. */
  readonly queuedAt?: Span | undefined;
}

export interface WorkerState {
  readonly queue: Work[];
  /** How many queued or running work items each device is kept for. */
  readonly held: Map<GuestAddress, number>;
  /** Threads made so far, for their names. */
  workers: number;
  busy: number;
}

/**
 * Workers at most; more work waits. Windows makes more threads as well when those that it has are all blocked, so that
 * routines which wait for each other's work hang only where very many of them do.
 */
const workersMax = 512;
/** The native that every worker thread begins in. */
export const workerEntry = 'ExpWorkerThread';

export function createWorkerState(): WorkerState {
  return { queue: [], held: new Map(), workers: 0, busy: 0 };
}

/** Puts work into the queue, and makes a worker for it if none is free. */
export function addWork(kernel: Kernel, work: Work): void {
  const { workers } = kernel.parts;
  workers.queue.push({ ...work, queuedAt: currentSpan(kernel) });
  const entry = kernel.machine.functionAddress(workerEntry) ?? NULL_ADDRESS;
  // Others of the system's threads, as the one that starts devices, take nothing from the queue.
  const alive = [...kernel.parts.scheduler.threads.values()].filter((t) => t.startRoutine === entry).length;
  if (alive - workers.busy >= workers.queue.length || alive >= workersMax) return;
  workers.workers++;
  createKernelThread(kernel, { name: `worker ${workers.workers}`, entry, arguments: [], kind: 'worker' });
}

/** Whether work items that are queued or run keep a device, and with it the driver, in memory. */
export function areDevicesHeld(kernel: Kernel): boolean {
  return kernel.parts.workers.held.size > 0;
}
