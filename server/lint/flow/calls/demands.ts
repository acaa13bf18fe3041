/**
 * What the code asks of the level and of locks, and the level itself: told to the rules, and kept for callers where it
 * is theirs to see to.
 */
import type { FunctionSymbol } from '../../../../cfront/parse/ast.ts';
import { INT } from '../../../../cfront/types/make.ts';
import { type Action, type Demand, demandKey, LEVEL_ADDRESS, LEVEL_PLACE } from '../facts/kernel.ts';
import type { Run } from '../run/run.ts';
import { load, store } from '../state/memory.ts';
import { isNull, mayBeNull, rangeOf, resolve, type State } from '../state/state.ts';
import type { Where } from '../state/where.ts';
import { ANYTHING, placeAt, symbolValue, type Value } from '../values/values.ts';
import type { Call } from './call.ts';
import { blocksAlways, runsAnywhere, runsOtherDrivers, timeoutOf } from './kernel-apis.ts';
import { levelsOf } from './levels.ts';

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
    if (at === undefined || blocks(state, values[at] ?? ANYTHING))
      demand(run, state, { kind: 'level', max: 1, reason: 'wait', api: name, where });
    return;
  }
  // Of a function whose body is there, the body says what it needs.
  if (run.session.functionOf(callee)?.isUsers === true || runsAnywhere(name)) return;
  // Its second argument is how long it waits; with none it may be called higher.
  const isWait = name === 'WskCaptureProviderNPI' && !mayBeNull(state, resolve(state, values[1] ?? ANYTHING));
  const max = isWait ? 0 : levelsOf(callee).max;
  if (max !== undefined && max < 2) demand(run, state, { kind: 'level', max, reason: 'call', api: name, where });
}

/** Tells the rules what is asked for, and keeps it for callers where it is theirs to see to. */
export function demand(run: Run, state: State, asked: Demand): void {
  if (asked.kind === 'lock-free') noteOrder(run, state, asked.lock, asked.api, asked.where);
  act(run, state, { kind: 'demand', demand: asked, where: asked.where });
  const key = demandKey(asked);
  if (!state.kernel.demands.has(key) && isCallers(state, asked)) state.kernel.demands.set(key, asked);
}

/** Remembers which locks are held while another is taken. Globals only: behind pointers one name means many locks. */
export function noteOrder(run: Run, state: State, lock: Value, api: string, where: Where): void {
  if (state.kernel.held.size === 0 || !isGlobal(lock)) return;
  const { lockOrders } = run.fn.told;
  for (const outer of state.kernel.held.values()) {
    const key = `${outer.lock.key} ${lock.key}`;
    if (outer.lock.key === lock.key || !isGlobal(outer.lock) || lockOrders.has(key) || !run.fn.isUsers) continue;
    lockOrders.set(key, { outer, inner: { lock, api, where }, held: [...state.kernel.held.keys()] });
  }
}

function isGlobal(lock: Value): boolean {
  return (
    lock.kind === 'address' &&
    lock.place.root.kind === 'global' &&
    lock.place.steps.every((step) => step.kind === 'offset')
  );
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
  }
}

/** A wait with this time-out surely may block. */
function blocks(state: State, timeout: Value): boolean {
  if (isNull(state, timeout)) return true;
  const place = placeAt(resolve(state, timeout));
  const known = place === undefined ? undefined : state.cells.get(place.key);
  if (known === undefined) return false;
  const ticks = resolve(state, known.value);
  return ticks.kind === 'integer' && ticks.value !== 0n;
}

export function act(run: Run, state: State, action: Action): void {
  run.session.observer.act(action, state, run.fn);
}

/** The level of the processor: the value that it had when the function began, as long as nothing changed it. */
export function currentLevel(state: State): Value {
  return load(state, LEVEL_ADDRESS, INT);
}

/** The level at which the function was called. */
export const ENTRY_LEVEL: Value = symbolValue(LEVEL_PLACE.key, { kind: 'initial', place: LEVEL_PLACE });

export function isEntryLevel(value: Value): boolean {
  return value.kind === 'symbol' && value.source.kind === 'initial' && value.source.place.key === LEVEL_PLACE.key;
}

export function setLevel(call: Call, state: State, level: Value): void {
  store(state, LEVEL_ADDRESS, resolve(state, level), 1, call.site);
}
