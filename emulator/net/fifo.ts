/**
 * A queue whose first item is taken in constant time: an array and the index of its head. What was taken is dropped
 * from the array in large pieces, so that each item is moved at most once.
 */

export interface Fifo<T> {
  /** What was taken is undefined, so that nothing holds it. */
  items: T[];
  head: number;
}

/** Taken items that may stay in the array before they are dropped. */
const GAP_MAX = 1024;
/** The same where nothing is left: many queues are empty, and an array that is used again is not made again. */
const EMPTY_GAP_MAX = 64;

export function createFifo<T>(): Fifo<T> {
  return { items: [], head: 0 };
}

export function fifoLength<T>(fifo: Fifo<T>): number {
  return fifo.items.length - fifo.head;
}

/** The oldest item; undefined when there is none. */
export function fifoFirst<T>(fifo: Fifo<T>): T | undefined {
  return fifo.items[fifo.head];
}

export function fifoLast<T>(fifo: Fifo<T>): T | undefined {
  return fifo.head === fifo.items.length ? undefined : fifo.items[fifo.items.length - 1];
}

export function fifoPush<T>(fifo: Fifo<T>, item: T): void {
  fifo.items.push(item);
}

/** Takes the oldest item. */
export function fifoShift<T>(fifo: Fifo<T>): T | undefined {
  const { items } = fifo;
  if (fifo.head === items.length) return undefined;
  const item = items[fifo.head];
  (items as (T | undefined)[])[fifo.head++] = undefined;
  if (fifo.head === items.length) {
    if (fifo.head < EMPTY_GAP_MAX) return item;
    fifo.items = [];
    fifo.head = 0;
  } else if (fifo.head > GAP_MAX && fifo.head * 2 > fifo.items.length) {
    fifo.items = fifo.items.slice(fifo.head);
    fifo.head = 0;
  }
  return item;
}

/** Puts another item into the place of the oldest one. */
export function fifoReplaceFirst<T>(fifo: Fifo<T>, item: T): void {
  fifo.items[fifo.head] = item;
}

/** Everything in it, oldest first. */
export function fifoItems<T>(fifo: Fifo<T>): readonly T[] {
  return fifo.head === 0 ? fifo.items : fifo.items.slice(fifo.head);
}

export function fifoClear<T>(fifo: Fifo<T>): void {
  fifo.items = [];
  fifo.head = 0;
}

/** Empties a short list that is filled again at once: it keeps its room, which setting the length would give away. */
export function clear(list: unknown[]): void {
  while (list.length > 0) list.pop();
}
