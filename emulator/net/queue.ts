/**
 * What is under way on the wire and the timers, by time and then by order of scheduling.
 *
 * Packets with a constant delay arrive in the order in which they were sent: they go through a plain queue. Everything
 * that is to come earlier than the last of that queue, and every timer, goes through a binary heap.
 */
import { createFifo, type Fifo, fifoFirst, fifoItems, fifoLast, fifoPush, fifoShift } from './fifo.ts';

export interface Scheduled<E> {
  readonly atNs: number;
  readonly order: number;
  readonly event: E;
}

export interface EventQueue<E> {
  readonly inOrder: Fifo<Scheduled<E>>;
  readonly heap: Scheduled<E>[];
  nextOrder: number;
}

export function createEventQueue<E>(): EventQueue<E> {
  return { inOrder: createFifo(), heap: [], nextOrder: 0 };
}

/** Schedules a packet. */
export function queuePacket<E>(queue: EventQueue<E>, atNs: number, event: E): void {
  const last = fifoLast(queue.inOrder);
  const scheduled = { atNs, order: queue.nextOrder++, event };
  if (last === undefined || last.atNs <= atNs) fifoPush(queue.inOrder, scheduled);
  else heapPush(queue.heap, scheduled);
}

/** Schedules a timer, which is later than the packets as a rule. */
export function queueTimer<E>(queue: EventQueue<E>, atNs: number, event: E): void {
  heapPush(queue.heap, { atNs, order: queue.nextOrder++, event });
}

/** Time of the earliest event; undefined when there is none. */
export function queueDueNs<E>(queue: EventQueue<E>): number | undefined {
  const packet = fifoFirst(queue.inOrder);
  const timer = queue.heap[0];
  if (packet === undefined) return timer?.atNs;
  return timer !== undefined && isBefore(timer, packet) ? timer.atNs : packet.atNs;
}

/** Takes the earliest event that is due at `nowNs`. */
export function queueTake<E>(queue: EventQueue<E>, nowNs: number): E | undefined {
  const packet = fifoFirst(queue.inOrder);
  const timer = queue.heap[0];
  const isTimer = timer !== undefined && (packet === undefined || isBefore(timer, packet));
  const first = isTimer ? timer : packet;
  if (first === undefined || first.atNs > nowNs) return undefined;
  if (isTimer) heapPop(queue.heap);
  else fifoShift(queue.inOrder);
  return first.event;
}

/** Time of the latest event that is such a one; undefined when there is none. */
export function lastOf<E>(queue: EventQueue<E>, isSuch: (event: E) => boolean): number | undefined {
  let last: number | undefined;
  for (const { atNs, event } of [...fifoItems(queue.inOrder), ...queue.heap])
    if (isSuch(event) && (last === undefined || atNs > last)) last = atNs;
  return last;
}

function isBefore<E>(a: Scheduled<E>, b: Scheduled<E>): boolean {
  return a.atNs < b.atNs || (a.atNs === b.atNs && a.order < b.order);
}

function heapPush<E>(heap: Scheduled<E>[], item: Scheduled<E>): void {
  let at = heap.length;
  heap.push(item);
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above] as Scheduled<E>;
    if (!isBefore(item, parent)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = item;
}

function heapPop<E>(heap: Scheduled<E>[]): void {
  const item = heap.pop();
  if (item === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    let below = 2 * at + 1;
    if (below >= heap.length) break;
    if (below + 1 < heap.length && isBefore(heap[below + 1] as Scheduled<E>, heap[below] as Scheduled<E>)) below++;
    const child = heap[below] as Scheduled<E>;
    if (!isBefore(child, item)) break;
    heap[at] = child;
    at = below;
  }
  heap[at] = item;
}
