/**
 * What the code asks of the level and of locks, and the level itself: told to the rules, and kept for callers where it
 * is theirs to see to.
 */
import { computesOnly } from '../../../../catalog/computations.ts';
import type { FunctionSymbol } from '../../../../cfront/parse/ast.ts';
import { INT } from '../../../../cfront/types/make.ts';
import { roleOf } from '../../driver/roles.ts';
import {
  type Action,
  type Demand,
  demandKey,
  type Held,
  keepsOthersOut,
  LEVEL_ADDRESS,
  LEVEL_PLACE,
} from '../facts/kernel.ts';
import { question } from '../run/asked.ts';
import type { Run } from '../run/run.ts';
import { type LockOrder, ofRun, type Session } from '../run/session.ts';
import { load, store } from '../state/memory.ts';
import { mayBeNull, rangeOf, resolve, type State } from '../state/state.ts';
import type { Where } from '../state/where.ts';
import { ANYTHING, initialValue, placeAt, type Value } from '../values/values.ts';
import { isPassiveCode, isPassiveOnly } from './apis.ts';
import type { Call } from './call.ts';
import { blocksAlways, kernelEffect, runsAnywhere, runsOtherDrivers, timeoutOf } from './kernel-apis.ts';
import { levelsOf, levelsOfArguments } from './levels.ts';
import { commonName, namedPairs } from './lock-names.ts';
import { isPagedType } from './pool.ts';

/** What a call asks of the level and of locks, before it does anything. */
export function askBefore(call: Call, state: State, callee: FunctionSymbol): void {
  const { run, values, where } = call;
  const { name } = callee;
  if (name === '__wsk_paged_code') {
    demand(run, state, { kind: 'level', max: 1, reason: 'paged', api: 'PAGED_CODE', where });
    return;
  }
  if (runsOtherDrivers(name)) demand(run, state, { kind: 'no-spin-lock', api: name, where });
  const at = timeoutOf(name);
  if (at !== undefined || blocksAlways(name)) {
    const hangsOn = at === undefined ? undefined : timeoutAt(state, values[at] ?? ANYTHING);
    const asked = { kind: 'level', max: 1, reason: 'wait', api: name, where } as const;
    demand(run, state, hangsOn === undefined ? asked : { ...asked, hangsOn });
    return;
  }
  const pool = kernelEffect(name);
  if (pool?.kind === 'make' && pool.block === 'pool') {
    if (values[0] !== undefined)
      demand(run, state, {
        ...{ kind: 'level', max: 1, reason: 'call', api: name, where },
        hangsOn: { value: resolve(state, values[0]), kind: 'pool' },
      });
    return;
  }
  const { section } = run.session.functionOf(callee)?.definition ?? {};
  if (section === PAGEABLE) demand(run, state, { kind: 'level', max: 1, reason: 'paged', api: name, where });
  // Of a function whose body is there, the body says what it needs.
  if (run.session.functionOf(callee)?.isUsers === true || runsAnywhere(name)) return;
  if (name === 'WskCaptureProviderNPI') {
    // How long it waits; where it does not, it may be called higher.
    const value = resolve(state, values[1] ?? ANYTHING);
    const asked = { kind: 'level', max: 0, reason: 'call', api: name, where } as const;
    demand(run, state, mayBeNull(state, value) ? { ...asked, hangsOn: { value, kind: 'time-out' } } : asked);
  }
  for (const { index, isAsked, max } of levelsOfArguments(callee)) {
    const value = resolve(state, values[index] ?? ANYTHING);
    if (max < 2 && value.kind === 'integer' && isAsked(value.value))
      demand(run, state, { kind: 'level', max, reason: 'call', api: name, where });
  }
  const stated = levelsOf(callee).max;
  const max = stated === 0 && computesOnly(name) ? 1 : stated;
  if (max !== undefined && (max < 2 || (max === 2 && mayBeOfDevice(run, state))))
    demand(run, state, { kind: 'level', max, reason: 'call', api: name, where });
}

/** Above DISPATCH_LEVEL are only the routines of interrupts, and what they call. */
function mayBeOfDevice({ session }: Run, state: State): boolean {
  const level = currentLevel(state);
  return isEntryLevel(level) ? servesInterrupts(session) : (rangeOf(state, level).min ?? 0n) > 2n;
}

const servesInterrupts = question(
  'serves interrupts',
  ofRun((session: Session): boolean =>
    session.functions.some(
      (fn) =>
        fn.isUsers &&
        /^K(?:SERVICE|SYNCHRONIZE)_ROUTINE$|^EVT_WDF_INTERRUPT_(?:ISR|SYN)/.test(roleOf(session, fn) ?? ''),
    ),
  ),
);

/** Where the code of a driver lies that may be paged out; a section of another name it may lock in memory. */
const PAGEABLE = 'PAGE';

/** What a function of a WSK table asks of the level: one that controls a socket, by its code. */
export function askOfTable({ run, values, where }: Call, state: State, name: string): void {
  const asked = { kind: 'level', max: 0, reason: 'call', api: name, where } as const;
  if (isPassiveOnly(name)) demand(run, state, asked);
  if (name !== 'WskControlSocket') return;
  const [, type, code] = values.map((value) => resolve(state, value));
  if (type?.kind !== 'integer' || type.value !== WSK_IOCTL || code === undefined) return;
  demand(run, state, { ...asked, hangsOn: { value: code, kind: 'code' } });
}

const WSK_IOCTL = 2n;

/** Tells the rules what is asked for, and keeps it for callers where it is theirs to see to. */
export function demand(run: Run, state: State, given: Demand): void {
  const asked = decided(state, given);
  if (asked === undefined) return;
  if (asked.kind === 'level' && asked.hangsOn !== undefined) {
    state.kernel.demands.set(demandKey(asked), asked);
    return;
  }
  if (asked.kind === 'order') {
    noteAskedOrder(run, state, asked);
    return;
  }
  if (asked.kind === 'lock-free') noteOrder(run, state, asked.lock, asked.api, asked.where);
  act(run, state, { kind: 'demand', demand: asked, where: asked.where });
  const key = demandKey(asked);
  if (!state.kernel.demands.has(key) && isCallers(state, asked)) state.kernel.demands.set(key, asked);
}

/** Remembers which locks are held while another is taken, where they have names that other functions use as well. */
export function noteOrder(run: Run, state: State, lock: Value, api: string, where: Where): void {
  if (state.kernel.held.size === 0 || !run.fn.isUsers) return;
  const gates = [...state.kernel.held.values()].filter(keepsOthersOut);
  for (const outer of state.kernel.held.values()) {
    if (rememberOrder(run, { outer, inner: { lock, api, where } }, gates) || gates.length > 1) continue;
    keepOrder(state, { kind: 'order', outer, lock, api, where });
  }
}

/** The order in which a helper takes two locks that are given to it. */
function noteAskedOrder(run: Run, state: State, asked: Extract<Demand, { kind: 'order' }>): void {
  const { outer, lock, api, where } = asked;
  const gates = [...state.kernel.held.values()].filter(keepsOthersOut);
  if (!run.fn.isUsers || rememberOrder(run, { outer, inner: { lock, api, where } }, [...gates, outer])) return;
  if (gates.length === 0) keepOrder(state, asked);
}

/** False where the two have no names. */
function rememberOrder(
  run: Run,
  { outer, inner }: Pick<LockOrder, 'outer' | 'inner'>,
  gates: readonly Held[],
): boolean {
  const { lockOrders } = run.fn.told;
  const pairs = namedPairs(outer, inner);
  for (const pair of pairs) {
    const key = `${pair.outer.key} ${pair.inner.key}${pair.alike === undefined ? '' : ' alike'}`;
    if (pair.outer.key === pair.inner.key || lockOrders.has(key)) continue;
    lockOrders.set(key, {
      outer: { ...outer, lock: pair.outer },
      inner: { ...inner, lock: pair.inner },
      held: gates.map((other) => (commonName(other) ?? other.lock).key),
      alike: pair.alike,
    });
  }
  return pairs.length > 0;
}

/** Callers may know which locks they give. */
function keepOrder(state: State, asked: Extract<Demand, { kind: 'order' }>): void {
  if (isGiven(asked.lock) || isGiven(asked.outer.lock)) state.kernel.demands.set(demandKey(asked), asked);
}

function isGiven({ key }: Value): boolean {
  return key.includes('<p');
}

function isCallers(state: State, asked: Demand): boolean {
  const { released } = state.kernel;
  switch (asked.kind) {
    case 'level': {
      const level = currentLevel(state);
      const { max } = rangeOf(state, level);
      return isEntryLevel(level) && (max === undefined || max > BigInt(asked.max));
    }
    case 'lock-free':
      return !released.has(asked.lock.key);
    case 'no-spin-lock':
      return released.size === 0;
    case 'order':
      return isGiven(asked.lock) || isGiven(asked.outer.lock);
    case 'nonpaged':
      return isGiven(asked.base);
  }
}

type Hanging = NonNullable<Extract<Demand, { kind: 'level' }>['hangsOn']>;

/** What a wait is given, as far as it is known: the time-out where memory holds one, else the pointer to it. */
function timeoutAt(state: State, pointer: Value): Hanging {
  const value = resolve(state, pointer);
  const place = placeAt(value);
  const known = place === undefined ? undefined : state.cells.get(place.key);
  return known === undefined ? { value, kind: 'pointer' } : { value: resolve(state, known.value), kind: 'time-out' };
}

/** A demand that hangs on a value: without it where that surely asks it, as it is where callers know, or none. */
function decided(state: State, asked: Demand): Demand | undefined {
  if (asked.kind !== 'level' || asked.hangsOn === undefined) return asked;
  const { hangsOn, ...always } = asked;
  const { value, kind } = hangsOn.kind === 'pointer' ? timeoutAt(state, hangsOn.value) : hangsOn;
  const known = resolve(state, value);
  if (known.kind === 'integer') return isAsked(known.value, kind, asked.api) ? always : undefined;
  return isGiven(known) && isCallers(state, always) ? { ...always, hangsOn: { value: known, kind } } : undefined;
}

function isAsked(value: bigint, kind: Hanging['kind'], api: string): boolean {
  switch (kind) {
    case 'code':
      return isPassiveCode(value);
    case 'pool':
      return isPagedType(api, value);
    case 'pointer':
      return value === 0n;
    case 'time-out':
      return value !== 0n;
  }
}

export function act(run: Run, state: State, action: Action): void {
  run.session.observer.act(action, state, run.fn);
}

/** The level of the processor: the value that it had when the function began, as long as nothing changed it. */
export function currentLevel(state: State): Value {
  return load(state, LEVEL_ADDRESS, INT);
}

/** The level at which the function was called. */
export const ENTRY_LEVEL: Value = initialValue(LEVEL_PLACE);

export function isEntryLevel(value: Value): boolean {
  return value.kind === 'symbol' && value.source.kind === 'initial' && value.source.place.key === LEVEL_PLACE.key;
}

export function setLevel(call: Call, state: State, level: Value): void {
  store(state, LEVEL_ADDRESS, resolve(state, level), 1, call.site);
}
