/**
 * The interrupt contexts that wait for the processor, in the order of their becoming due.
 *
 * Any of them may be next, but for those behind another one of the same order: these wait in a queue of their own, so
 * that however many packets are due at once, taking one costs little. `position` keeps the order over all.
 */
import type { GuestAddress } from '../../machine/native.ts';
import type { Choices } from '../../sim/choices.ts';
import type { PendingContext } from './scheduler-state.ts';

interface Order {
  isWaiting: boolean;
  readonly behind: PendingContext[];
}

export interface PendingContexts {
  /** Those that may be next, by position. */
  readonly firsts: PendingContext[];
  /** By order: whether one of it is among `firsts`, and those behind that one, oldest first. */
  readonly orders: Map<string, Order>;
  nextPosition: number;
  /** Of what goes before all others. */
  previousPosition: number;
}

const NO_CONTEXTS: readonly PendingContext[] = [];

export function createPendingContexts(): PendingContexts {
  return { firsts: [], orders: new Map(), nextPosition: 0, previousPosition: -1 };
}

export function pushPending(pending: PendingContexts, context: PendingContext): void {
  context.position = pending.nextPosition++;
  const { order } = context;
  if (order === undefined) {
    pending.firsts.push(context);
    return;
  }
  let known = pending.orders.get(order);
  if (known === undefined) pending.orders.set(order, (known = { isWaiting: false, behind: [] }));
  if (known.isWaiting) {
    known.behind.push(context);
    return;
  }
  known.isWaiting = true;
  pending.firsts.push(context);
}

/** Before all others; for contexts without an order. */
export function pushPendingFirst(
  pending: PendingContexts,
  context: PendingContext & { readonly order: undefined },
): void {
  context.position = pending.previousPosition--;
  pending.firsts.unshift(context);
}

export function hasPending(pending: PendingContexts): boolean {
  return pending.firsts.length > 0;
}

/** Takes one of those that may be next. */
export function takePending(pending: PendingContexts, choices: Choices): PendingContext | undefined {
  const { firsts } = pending;
  if (firsts.length === 0) return undefined;
  let at = firsts.length === 1 ? 0 : choices.choose({ name: 'interrupt.next', options: firsts.length });
  // DPCs of one processor are a queue: none overtakes another.
  if (firsts[at]?.dpc !== undefined) at = firsts.findIndex(({ dpc }) => dpc !== undefined);
  const taken = at === 0 ? firsts.shift() : firsts.splice(at, 1)[0];
  const order = taken?.order;
  if (order !== undefined) promote(pending, order);
  return taken;
}

/** The DPCs among them, in order: a DPC has no order, so each is among the first. */
export function pendingDpcs(pending: PendingContexts): readonly PendingContext[] {
  let dpcs: PendingContext[] | undefined;
  // Every block that is freed asks, and there is hardly ever one.
  for (const context of pending.firsts) if (context.dpc !== undefined) (dpcs ??= []).push(context);
  return dpcs ?? NO_CONTEXTS;
}

/** Takes a DPC out of its turn; false when it is not there. */
export function removePendingDpc({ firsts }: PendingContexts, dpc: GuestAddress): boolean {
  const at = firsts.findIndex((context) => context.dpc === dpc);
  if (at >= 0) firsts.splice(at, 1);
  return at >= 0;
}

/** The next of an order takes its place among those that may be next. */
function promote({ firsts, orders }: PendingContexts, order: string): void {
  const known = orders.get(order);
  const next = known === undefined || known.behind.length === 0 ? undefined : known.behind.shift();
  if (next === undefined) {
    if (known !== undefined) known.isWaiting = false;
    return;
  }
  let at = firsts.length;
  while (at > 0 && (firsts[at - 1] as PendingContext).position > next.position) at--;
  firsts.splice(at, 0, next);
}
