/**
 * A queue whose items go in and out in constant time: a ring in an array of a power of two, which doubles when it is full.
 * A queue that has found its size allocates nothing any more, however much passes through it.
 */

export interface Fifo<T> {
  /** Its length is a power of two or 0. What was taken is undefined, so that nothing holds it. */
  items: (T | undefined)[];
  /** Place of the oldest item. */
  head: number;
  count: number;
}

const FIRST_ROOM = 4;
/** More room than this goes when the queue has run empty. */
const ROOM_KEPT = 4096;

export function createFifo<T>(): Fifo<T> {
  return { items: [], head: 0, count: 0 };
}

export function fifoLength<T>(fifo: Fifo<T>): number {
  return fifo.count;
}

/** The oldest item; undefined when there is none. */
export function fifoFirst<T>(fifo: Fifo<T>): T | undefined {
  return fifo.count === 0 ? undefined : fifo.items[fifo.head];
}

export function fifoLast<T>(fifo: Fifo<T>): T | undefined {
  return fifo.count === 0 ? undefined : fifo.items[(fifo.head + fifo.count - 1) & (fifo.items.length - 1)];
}

export function fifoPush<T>(fifo: Fifo<T>, item: T): void {
  if (fifo.count === fifo.items.length) makeRoom(fifo);
  fifo.items[(fifo.head + fifo.count) & (fifo.items.length - 1)] = item;
  fifo.count++;
}

/** Takes the oldest item. */
export function fifoShift<T>(fifo: Fifo<T>): T | undefined {
  const { items, head, count } = fifo;
  if (count === 0) return undefined;
  const item = items[head];
  items[head] = undefined;
  fifo.head = (head + 1) & (items.length - 1);
  fifo.count = count - 1;
  // What a rush has needed is not kept for ever.
  if (count === 1 && items.length > ROOM_KEPT) fifoClear(fifo);
  return item;
}

/** Puts another item into the place of the oldest one. */
export function fifoReplaceFirst<T>(fifo: Fifo<T>, item: T): void {
  fifo.items[fifo.head] = item;
}

/** Everything in it, oldest first. */
export function fifoItems<T>(fifo: Fifo<T>): readonly T[] {
  const { items, head, count } = fifo;
  // Within the count there is no place without an item.
  return Array.from({ length: count }, (_, i) => items[(head + i) & (items.length - 1)] as T);
}

export function fifoClear<T>(fifo: Fifo<T>): void {
  fifo.items = [];
  fifo.head = 0;
  fifo.count = 0;
}

/** Empties a short list that is filled again at once: it keeps its room, which setting the length would give away. */
export function clear(list: unknown[]): void {
  while (list.length > 0) list.pop();
}

/** Twice the room, with the oldest item in the first place. */
function makeRoom<T>(fifo: Fifo<T>): void {
  const items: (T | undefined)[] = [...fifoItems(fifo)];
  const room = Math.max(FIRST_ROOM, 2 * items.length);
  while (items.length < room) items.push(undefined);
  fifo.items = items;
  fifo.head = 0;
}
