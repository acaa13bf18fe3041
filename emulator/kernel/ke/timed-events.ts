/** The queue of what is due later, sorted by virtual time and, within one time, by order of request. */
import type { Kernel } from '../kernel-types.ts';
import type { SchedulerState, TimedAction, TimedEvent } from './scheduler-state.ts';

/** Puts an action into the queue; its id takes it out again. */
export function scheduleAt(kernel: Kernel, dueNs: number, action: TimedAction): number {
  const id = kernel.parts.scheduler.nextId++;
  enqueue(kernel, { ...action, id, dueNs });
  return id;
}

function enqueue(kernel: Kernel, event: TimedEvent): void {
  const { scheduler } = kernel.parts;
  const { dueNs } = event;
  const { timed, timedHead } = scheduler;
  let at = timed.length;
  timed.push(event);
  for (; at > timedHead && (timed[at - 1] as TimedEvent).dueNs > dueNs; at--) timed[at] = timed[at - 1];
  timed[at] = event;
  scheduler.mustReschedule = true;
}

/** A context for later; one of an order is due no earlier than those of its order before it. */
export function scheduleContext(kernel: Kernel, request: Parameters<Kernel['schedule']>[0]): void {
  const { afterNs, irql, label, step, order } = request;
  const { orderDueNs } = kernel.parts.scheduler;
  const wanted = kernel.timeNs + Math.max(0, afterNs);
  const dueNs = order === undefined ? wanted : Math.max(wanted, orderDueNs.get(order) ?? 0);
  if (order !== undefined) orderDueNs.set(order, dueNs);
  const id = kernel.parts.scheduler.nextId++;
  enqueue(kernel, { kind: 'context', id, dueNs, irql, label, step, order, dpc: undefined, position: 0 });
}

/** True when it was still in the queue. */
export function cancelTimed(kernel: Kernel, id: number): boolean {
  const { timed } = kernel.parts.scheduler;
  const at = timed.findIndex((event) => event?.id === id);
  if (at < 0) return false;
  timed.splice(at, 1);
  return true;
}

export function isAnyDue(kernel: Kernel): boolean {
  const first = firstTimed(kernel.parts.scheduler);
  return first !== undefined && first.dueNs <= kernel.timeNs;
}

/** Takes the first event that is due now, if there is one. */
export function takeDue(kernel: Kernel): TimedEvent | undefined {
  const { scheduler } = kernel.parts;
  const first = firstTimed(scheduler);
  if (first === undefined || first.dueNs > kernel.timeNs) return undefined;
  scheduler.timed[scheduler.timedHead++] = undefined;
  // What was taken goes in large pieces: taking the first out of an array moves all others each time.
  if (scheduler.timedHead > TAKEN_MAX) {
    scheduler.timed.splice(0, scheduler.timedHead);
    scheduler.timedHead = 0;
  }
  return first;
}

/** Taken events that may stay in the array before they are dropped. */
const TAKEN_MAX = 256;

/** What is due first. */
export function firstTimed({ timed, timedHead }: SchedulerState): TimedEvent | undefined {
  return timed[timedHead];
}

export function nextDueNs(kernel: Kernel): number | undefined {
  return firstTimed(kernel.parts.scheduler)?.dueNs;
}
