/**
 * Locks that calls take and release. A lock that is released where it is not held is a caller's: the summary tells so.
 * The level that a release goes back to is the one that was saved, unless the call gives a number.
 */
import { CANCEL_LOCK, type Held, type LockKind, type Released } from '../facts/kernel.ts';
import { shareAddress, store } from '../state/memory.ts';
import { resolve, type State } from '../state/state.ts';
import { ANYTHING, addressValue, integerValue, makePlace, type Value } from '../values/values.ts';
import type { Call } from './call.ts';
import { act, currentLevel, demand, noteOrder, setLevel } from './demands.ts';
import type { KernelEffect } from './kernel-apis.ts';

export function acquire(
  call: Call,
  state: State,
  name: string,
  effect: Extract<KernelEffect, { kind: 'acquire' }>,
): Value {
  const { run, site, where } = call;
  const lock = resolve(state, lockValue(call, effect.lock, effect.at));
  const before = currentLevel(state);
  const held: Held = {
    lock,
    kind: effect.lock,
    api: name,
    where,
    saved: effect.raises === undefined ? undefined : before,
    handle: effect.handle === undefined ? undefined : resolve(state, call.values[effect.handle] ?? ANYTHING),
  };
  act(run, state, { kind: 'acquire', held, where });
  if (['spin', 'cancel', 'fast-mutex'].includes(effect.lock) && lock.kind !== 'anything')
    demand(run, state, { kind: 'lock-free', lock, api: name, where });
  // Who does not wait for it has not to wait for anybody.
  else if (effect.mayFail === undefined) noteOrder(run, state, lock, name, where);
  takeLock(state, held);
  if (effect.raises !== undefined) setLevel(call, state, integerValue(BigInt(effect.raises)));
  if (typeof effect.saves === 'number') store(state, call.values[effect.saves] ?? ANYTHING, before, 1, site);
  for (const value of call.values) shareAddress(state, value);
  return effect.saves === 'result' ? before : ANYTHING;
}

export function release(
  call: Call,
  state: State,
  name: string,
  effect: Extract<KernelEffect, { kind: 'release' }>,
): Value {
  const { run, where } = call;
  const { kernel } = state;
  const handle = effect.handle === undefined ? undefined : resolve(state, call.values[effect.handle] ?? ANYTHING);
  const byHandle = handle === undefined ? undefined : heldBy(state, handle);
  if (handle !== undefined && byHandle === undefined) {
    if (kernel.ended.has(handle.key))
      act(run, state, { kind: 'release', released: { lock: handle, kind: effect.lock, api: name, where }, where });
    if (handle.kind !== 'anything')
      kernel.released.set(`by ${handle.key}`, { lock: ANYTHING, kind: effect.lock, api: name, where, handle });
    kernel.isVague = true;
    setLevel(call, state, ANYTHING);
    return ANYTHING;
  }
  const lock = byHandle?.lock ?? resolve(state, lockValue(call, effect.lock, effect.at));
  if (effect.lock === 'remove-lock') putLast(state, lock, resolve(state, call.values[TAG] ?? ANYTHING));
  act(run, state, { kind: 'release', released: { lock, kind: effect.lock, api: name, where }, where });
  const held = endLock(state, { lock, kind: effect.lock, api: name, where });
  if (effect.restores === undefined) return ANYTHING;
  const given = effect.restores === 'saved' ? ANYTHING : resolve(state, call.values[effect.restores] ?? ANYTHING);
  setLevel(call, state, given.kind === 'integer' ? given : (held?.saved ?? ANYTHING));
  return ANYTHING;
}

/** What was taken with a KLOCK_QUEUE_HANDLE. */
export function heldBy({ kernel }: State, { key }: Value): Held | undefined {
  return [...kernel.held.values()].find(({ handle }) => handle?.key === key);
}

/** The lock is released: what was known of its taking; undefined where it was not taken on this way. */
export function endLock(state: State, released: Released): Held | undefined {
  const { kernel } = state;
  const { where, handle } = released;
  const byHandle = handle === undefined ? undefined : heldBy(state, handle);
  if (handle !== undefined && byHandle === undefined) kernel.released.set(`by ${handle.key}`, released);
  const lock = byHandle?.lock ?? released.lock;
  if (lock.kind === 'anything') {
    kernel.isVague = true;
    return undefined;
  }
  let { key } = lock;
  while (kernel.held.has(`${key}+`)) key += '+';
  const held = kernel.held.get(key);
  if (held === undefined) {
    const [other] = [...kernel.held].filter(([, h]) => h.kind === released.kind && isUnsure(h.lock, lock)).reverse();
    if (other !== undefined) {
      // It may be the same lock by another name: memory that held its address has changed in between.
      kernel.held.delete(other[0]);
      kernel.isVague = true;
      return other[1];
    }
    if (!kernel.ended.has(key)) kernel.released.set(key, released);
    return undefined;
  }
  kernel.held.delete(key);
  kernel.ended.set(key, where);
  // Who releases a queued spin lock names its handle alone.
  if (held.kind === 'spin' && held.handle !== undefined) kernel.ended.set(held.handle.key, where);
  return held;
}

/** Regions and readers nest, so each taking has a name of its own. */
const MAX_NESTED = 3;

export function takeLock({ kernel }: State, held: Held): void {
  const { lock } = held;
  if (lock.kind === 'anything') {
    kernel.isVague = true;
    return;
  }
  let { key } = lock;
  for (let depth = 0; depth < MAX_NESTED && kernel.held.has(key); depth++) key += '+';
  kernel.held.set(key, held);
  kernel.ended.delete(key);
  if (held.handle !== undefined) kernel.ended.delete(held.handle.key);
}

/** Position of the tag of a remove lock, which says which of its takings is released. */
const TAG = 1;

/** The taking of that tag becomes the last one, which is what a release ends. */
function putLast({ kernel: { held } }: State, { key }: Value, tag: Value): void {
  let last = key;
  let own = key;
  for (let at = key; held.has(at); at += '+') {
    last = at;
    if (held.get(at)?.handle?.key === tag.key) own = at;
  }
  const [one, other] = [held.get(last), held.get(own)];
  if (last === own || one === undefined || other === undefined) return;
  held.set(last, other);
  held.set(own, one);
}

/** Two locks with different names that may be one. */
function isUnsure(a: Value, b: Value): boolean {
  return [a, b].some((value) => value.kind !== 'address' || value.place.root.kind === 'pointee');
}

function lockValue(call: Call, kind: LockKind, at: number | undefined): Value {
  if (at !== undefined) return call.values[at] ?? ANYTHING;
  if (kind === 'cancel') return CANCEL_LOCK;
  return addressValue(makePlace({ kind: 'processor', key: `${kind};` }, []));
}
