/**
 * The queue of what is due later, by virtual time and, within one time, by order of request: a binary heap, in which each
 * event knows its place, so that whatever a driver sets and cancels costs little.
 */
import type { Kernel } from '../kernel-types.ts';
import type { SchedulerState, TimedAction, TimedEvent } from './scheduler-state.ts';

/** Puts an action into the queue; its id takes it out again. */
export function scheduleAt(kernel: Kernel, dueNs: number, action: TimedAction): number {
  const { scheduler } = kernel.parts;
  const event: TimedEvent = { ...action, id: scheduler.nextId++, dueNs, at: 0 };
  if (enqueue(kernel, event)) scheduler.cancellable.set(event.id, event);
  return event.id;
}

/**
 * Timers, time-outs and completions that may be under way at once. Memory of the driver bounds most of them, but there is
 * room in it for a million timers, each of which costs the emulator ten times as much.
 */
export const timedMax = 100_000;

/** False when the queue is full, and the run has been stopped. */
function enqueue(kernel: Kernel, event: TimedEvent): boolean {
  const { scheduler } = kernel.parts;
  const { timed } = scheduler;
  if (timed.length >= timedMax) {
    kernel.report({
      rule: 'timed-event-limit',
      severity: 'error',
      message: `The run was stopped because ${timedMax} timers, time-outs and completions are under way at once: it looks like a loop that sets one after the other and never waits.`,
    });
    return false;
  }
  timed.push(event);
  rise(timed, event, timed.length - 1);
  scheduler.hasScheduled = true;
  if (event.dueNs < scheduler.sliceEndNs) scheduler.mustReschedule = true;
  return true;
}

/** A context for later; one of an order is due no earlier than those of its order before it. */
export function scheduleContext(kernel: Kernel, request: Parameters<Kernel['schedule']>[0]): void {
  const { afterNs, irql, label, step, order } = request;
  const { orderDueNs } = kernel.parts.scheduler;
  const wanted = kernel.timeNs + Math.max(0, afterNs);
  const dueNs = order === undefined ? wanted : Math.max(wanted, orderDueNs.get(order) ?? 0);
  if (order !== undefined) orderDueNs.set(order, dueNs);
  const id = kernel.parts.scheduler.nextId++;
  enqueue(kernel, { kind: 'context', id, dueNs, irql, label, step, order, dpc: undefined, position: 0, at: 0 });
}

export function scheduleAlarm(kernel: Kernel, subsystem: string, afterNs: number): void {
  const dueNs = kernel.timeNs + Math.max(0, afterNs);
  enqueue(kernel, { kind: 'alarm', id: kernel.parts.scheduler.nextId++, dueNs, subsystem, at: 0 });
}

/** True when it was still in the queue. */
export function cancelTimed(kernel: Kernel, id: number): boolean {
  const { timed, cancellable } = kernel.parts.scheduler;
  const event = cancellable.get(id);
  if (event === undefined) return false;
  cancellable.delete(id);
  remove(timed, event);
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
  // Contexts and alarms are never cancelled.
  if (first.kind !== 'context' && first.kind !== 'alarm') scheduler.cancellable.delete(first.id);
  remove(scheduler.timed, first);
  return first;
}

/** What is due first. */
export function firstTimed({ timed }: SchedulerState): TimedEvent | undefined {
  return timed.length === 0 ? undefined : timed[0];
}

export function nextDueNs(kernel: Kernel): number | undefined {
  return firstTimed(kernel.parts.scheduler)?.dueNs;
}

/** Takes an event out of the heap; the last one takes its place. */
function remove(timed: TimedEvent[], event: TimedEvent): void {
  const last = timed.pop();
  if (last === undefined || last === event) return;
  if (event.at > 0 && isBefore(last, timed[(event.at - 1) >> 1] as TimedEvent)) rise(timed, last, event.at);
  else sink(timed, last, event.at);
}

/** Puts an event where there is a gap, or above it. */
function rise(timed: TimedEvent[], event: TimedEvent, gap: number): void {
  let at = gap;
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = timed[above] as TimedEvent;
    if (!isBefore(event, parent)) break;
    put(timed, parent, at);
    at = above;
  }
  put(timed, event, at);
}

/** Puts an event where there is a gap, or below it. */
function sink(timed: TimedEvent[], event: TimedEvent, gap: number): void {
  let at = gap;
  for (;;) {
    let below = 2 * at + 1;
    if (below >= timed.length) break;
    if (below + 1 < timed.length && isBefore(timed[below + 1] as TimedEvent, timed[below] as TimedEvent)) below++;
    const child = timed[below] as TimedEvent;
    if (!isBefore(child, event)) break;
    put(timed, child, at);
    at = below;
  }
  put(timed, event, at);
}

function put(timed: TimedEvent[], event: TimedEvent, at: number): void {
  timed[at] = event;
  event.at = at;
}

/** Ids are given in the order of requests. */
function isBefore(a: TimedEvent, b: TimedEvent): boolean {
  return a.dueNs < b.dueNs || (a.dueNs === b.dueNs && a.id < b.id);
}
