/**
 * Lists that are changed under one lock here and under another there: neither keeps the other out, and on a machine with
 * more than one processor both change the links at once. This is Eraser's idea (Savage et al., 1997), for list heads and
 * for locks alone.
 *
 * Comes in: each call of the list functions of wdm.h, told by the compiled call itself (`announcedFunctions`), before the
 * list is changed. What goes out are warnings, one for a list.
 *
 * No false alarm: a change without any lock says nothing, because a list may have one owner for a while. Nor does one by
 * DriverEntry, nor a list on a stack. A list that is handed over once, from one lock to another, is no mistake either: it
 * must come back under the first lock, by another thread than the one that held the second; and twice where one of
 * the two locks is a spin lock and the other is not, which is how a driver that rests looks for once.
 */
import type { Span } from '../../../base/source.ts';
import type { GuestAddress } from '../../machine/native.ts';
import { returnsVoid } from '../../machine/native.ts';
import type { AddressMap } from '../address-map.ts';
import { currentThread } from '../ke/blocking.ts';
import type { Api, Kernel } from '../kernel-types.ts';
import { currentSpan, describeAddress, shortPlace } from '../places.ts';
import { type HeldLock, isLoading, locksHeldBy } from './lock-order.ts';
import { isSpinKind } from './lock-records.ts';

/** Functions of bundled headers, and what is called with their first argument before each call of them. */
export const announcedFunctions: ReadonlyMap<string, string> = new Map([
  ['InitializeListHead', 'KiListMade'],
  ['InsertHeadList', 'KiListChanged'],
  ['InsertTailList', 'KiListChanged'],
  ['RemoveHeadList', 'KiListChanged'],
  ['RemoveTailList', 'KiListChanged'],
  ['AppendTailList', 'KiListChanged'],
  ['RemoveEntryList', 'KiEntryRemoved'],
]);

/** One change of a list under locks. */
interface Change {
  readonly threadId: number;
  readonly threadName: string;
  readonly locks: readonly HeldLock[];
  readonly span: Span | undefined;
  readonly statements: number;
  /** The call itself, within its statement. */
  readonly site: Span | undefined;
}

/** The changes under one set of locks. */
interface Guarded {
  /** What all of them had in common. */
  locks: readonly HeldLock[];
  latest: Change;
  readonly places: Set<string>;
  /** Calls that stand at such places; a call has one span, whenever it is made. */
  readonly seen: Set<Span>;
  /** How often they began again after changes under other locks. */
  turns: number;
}

export interface ListRecord {
  readonly first: Guarded;
  second: Guarded | undefined;
  isSecondLast: boolean;
  isTold: boolean;
}

export type ListRecords = AddressMap<ListRecord>;

/** Links that are followed from an entry to the head of its list. */
const linksMax = 64;
const placesMax = 16;
const seenMax = 64;

const KiListMade: Api = (kernel, { arguments: args }) => {
  if (kernel.parts.lists.size > 0) kernel.parts.lists.delete(args.pointer(0));
  return returnsVoid;
};

const KiListChanged: Api = (kernel, { arguments: args, site }) => {
  if (kernel.parts.lockOrder.held.size > 0) noteListChange(kernel, args.pointer(0), site.span);
  return returnsVoid;
};

/** The head of the entry's list is one that is known, or nobody knows which of the entries it is. */
const KiEntryRemoved: Api = (kernel, { arguments: args, site }) => {
  const { lists, lockOrder } = kernel.parts;
  if (lists.size === 0 || lockOrder.held.size === 0) return returnsVoid;
  if (locksHeldBy(kernel, currentThread(kernel).id).length === 0) return returnsVoid;
  const entry = args.pointer(0);
  let at: GuestAddress | undefined = entry;
  for (let links = 0; links < linksMax; links++) {
    at = kernel.memory.peekPointer(at);
    if (at === undefined || at === entry) break;
    if (!lists.has(at)) continue;
    noteListChange(kernel, at, site.span);
    break;
  }
  return returnsVoid;
};

export const listLockApis = { KiListMade, KiListChanged, KiEntryRemoved };

/** `lock`: one that the function itself takes for the change. `site`: the call that changes the list. */
export function noteListChange(kernel: Kernel, head: GuestAddress, site: Span | undefined, lock?: GuestAddress): void {
  const thread = currentThread(kernel);
  const all = locksHeldBy(kernel, thread.id);
  // Most lists are changed without any lock, and then nothing more is asked.
  if (all.length === 0 && lock === undefined) return;
  const known = kernel.parts.lists.get(head);
  if (known !== undefined && lock === undefined && isNothingNew(known, thread.id, all, site)) return;
  const held = all.filter(({ mode }) => mode === 'exclusive');
  if (held.length === 0 && lock === undefined) return;
  const span = currentSpan(kernel);
  if (lock !== undefined)
    held.push({
      address: lock,
      kind: 'spin lock',
      mode: 'exclusive',
      takenAt: span,
      statements: kernel.machine.statements,
    });
  if (isLoading(kernel, thread) || kernel.memory.regionAt(head)?.kind === 'stack') return;
  const change: Change = {
    threadId: thread.id,
    threadName: thread.name,
    locks: held,
    span,
    statements: kernel.machine.statements,
    site,
  };
  if (known === undefined)
    kernel.parts.lists.set(head, { first: guarded(change), second: undefined, isSecondLast: false, isTold: false });
  else if (!known.isTold) addChange(kernel, head, known, change);
}

/**
 * Whether a change only repeats the latest: by the same thread, under all of the same locks, from a place that is known.
 * A driver changes its lists all the time, and nearly every change is one of these.
 */
function isNothingNew(
  record: ListRecord,
  threadId: number,
  held: readonly HeldLock[],
  site: Span | undefined,
): boolean {
  if (record.isTold) return true;
  const same = record.isSecondLast && record.second !== undefined ? record.second : record.first;
  if (same.latest.threadId !== threadId || site === undefined || !same.seen.has(site)) return false;
  for (const { address } of same.locks) if (!holdsAlone(held, address)) return false;
  return true;
}

function holdsAlone(held: readonly HeldLock[], address: GuestAddress): boolean {
  for (const lock of held) if (lock.address === address && lock.mode === 'exclusive') return true;
  return false;
}

function addChange(kernel: Kernel, head: GuestAddress, record: ListRecord, change: Change): void {
  const { first, second } = record;
  const isFirst = first.locks.some((lock) => holds(change, lock));
  const isSecond = second?.locks.some((lock) => holds(change, lock)) === true;
  // Whoever holds locks of both keeps everybody out.
  if (isFirst && isSecond) return;
  if (isFirst) {
    const comesBack = second !== undefined && second.latest.threadId !== change.threadId;
    join(first, change, record.isSecondLast);
    record.isSecondLast = false;
    if (comesBack && second.turns >= turnsWanted(first, second)) tell(kernel, head, record, second);
    return;
  }
  if (second === undefined) record.second = guarded(change);
  else if (isSecond) join(second, change, !record.isSecondLast);
  else return;
  record.isSecondLast = true;
}

function guarded(change: Change): Guarded {
  const seen = new Set<Span>();
  const made = { locks: change.locks, latest: change, places: new Set([placeKey(change)]), seen, turns: 1 };
  noteSeen(made, change);
  return made;
}

/** A call in an inline function of a header stands for as many places as the function is called from. */
function noteSeen({ seen }: Guarded, { span, site }: Change): void {
  if (site !== undefined && span?.file === site.file && seen.size < seenMax) seen.add(site);
}

function join(to: Guarded, change: Change, isTurn: boolean): void {
  to.locks = to.locks.filter((lock) => holds(change, lock));
  to.latest = change;
  if (to.places.size < placesMax) to.places.add(placeKey(change));
  noteSeen(to, change);
  if (isTurn) to.turns++;
}

function holds({ locks }: Change, { address }: HeldLock): boolean {
  return locks.some((lock) => lock.address === address);
}

function placeKey({ span }: Change): string {
  return span === undefined ? '' : `${span.file.path}:${span.start}`;
}

function turnsWanted(first: Guarded, second: Guarded): number {
  const isSpin = ({ locks }: Guarded): boolean => locks.some(({ kind }) => isSpinKind(kind));
  return isSpin(first) === isSpin(second) ? 1 : 2;
}

/** It stands where fewer places are: the odd one out is most likely the mistake. */
function tell(kernel: Kernel, head: GuestAddress, record: ListRecord, second: Guarded): void {
  const { first } = record;
  record.isTold = true;
  const [odd, usual] = second.places.size <= first.places.size ? [second, first] : [first, second];
  const name = describeAddress(kernel, head);
  kernel.report({
    rule: 'list-under-two-locks',
    severity: 'warning',
    span: odd.latest.span,
    message: `The list ${name} is changed here under ${lockText(kernel, odd)}, but at ${placeText(usual)} under ${lockText(kernel, usual)}: neither keeps the other out, and when both run at once, the links are lost.`,
    history: [usual, odd].map(({ latest, locks }) => ({
      what: `${latest.threadName} changes ${name} under ${lockText(kernel, { locks })}`,
      span: latest.span,
      statements: latest.statements,
    })),
  });
}

function placeText({ latest }: Guarded): string {
  return latest.span === undefined ? 'another place' : shortPlace(latest.span);
}

function lockText(kernel: Kernel, { locks }: Pick<Guarded, 'locks'>): string {
  return locks.map(({ kind, address }) => `the ${kind} ${describeAddress(kernel, address)}`).join(' and ');
}
