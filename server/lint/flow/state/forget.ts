/**
 * New symbols, and forgetting the older ones of the same name.
 *
 * A symbol is named after the instruction at which it comes up, so in a loop the name of the last round's is given
 * again, to something else: all that mentions the old one is forgotten first. The whole state has to be looked through
 * for that, so an instruction that makes many symbols has them forgotten all at once; and that a key mentions one of
 * many symbols is found by the beginning that they share, never by trying each.
 */
import { forgetKernel } from '../facts/kernel.ts';
import { STATUS_PENDING } from '../facts/statuses.ts';
import { forgetResults, forgetWsk } from '../facts/wsk.ts';
import { contains } from '../values/ranges.ts';
import { ANYTHING, mentions, symbolValue, type Value } from '../values/values.ts';
import { type Cell, noteUnnamed, rangeOf, type State } from './state.ts';

/** The instruction at which memory changes or something new comes up. */
export interface Site {
  readonly name: string;
  /** Inside a loop: what it made in the last round must be forgotten first. */
  readonly mayRepeat: boolean;
  /** All that it made in the last round has been forgotten already, at once. */
  readonly isForgotten?: boolean;
}

/** A symbol that stands for something new; an older one of the same name (of a loop's last round) is forgotten. */
export function fresh(state: State, site: Site, name: string, source: 'new' | 'other' = 'other'): Value {
  const symbol = symbolValue(`${site.name}:${name}`, { kind: source });
  if (site.mayRepeat && isGivenAgain(state, symbol.key) && site.isForgotten !== true) forget(state, symbol.key);
  return symbol;
}

/** As `fresh`, for several names. */
export function freshAll(state: State, site: Site, names: readonly string[]): readonly Value[] {
  const symbols = names.map((name) => symbolValue(`${site.name}:${name}`, { kind: 'other' }));
  if (!site.mayRepeat) return symbols;
  const again = symbols.filter(({ key }) => isGivenAgain(state, key) && key !== ANYTHING.key);
  if (again.length > 0 && site.isForgotten !== true) forgetAll(state, mentionsOneOf(`<${site.name}:`, again));
  return symbols;
}

/** The name was given before: what mentions it has to be looked for, which takes long. */
export function isGivenAgain(state: State, name: string): boolean {
  if (state.given.has(name)) return true;
  state.given.add(name);
  return false;
}

/** Drops everything that mentions a symbol (or all whose keys begin so); places that held it hold anything. */
export function forget(state: State, symbol: string): void {
  if (symbol !== ANYTHING.key) forgetAll(state, (key) => mentions(key, symbol));
}

/** Whether a key mentions one of the symbols, the keys of all of which begin with `start`. */
export function mentionsOneOf(start: string, symbols: readonly Value[]): (key: string) => boolean {
  // Most states have nothing that begins so: the symbols are put in order when something does.
  let keys: Set<string> | undefined;
  const lengths = new Set<number>();
  return (key) => {
    for (let at = key.indexOf(start); at >= 0; at = key.indexOf(start, at + 1)) {
      if (keys === undefined) {
        keys = new Set();
        for (const symbol of symbols) {
          keys.add(symbol.key);
          lengths.add(symbol.key.length);
        }
      }
      // A symbol's name may have brackets in it too, so each that closes may be its end.
      for (let end = key.indexOf('>', at); end >= 0; end = key.indexOf('>', end + 1))
        if (lengths.has(end + 1 - at) && keys.has(key.slice(at, end + 1))) return true;
    }
    return false;
  };
}

/** As `forget`, for all keys that `isStale` says yes to. */
export function forgetAll(state: State, isStale: (key: string) => boolean): void {
  if (state.calls.some((call) => isStale(call.result.key))) {
    state.calls = state.calls.flatMap((call) => {
      if (!isStale(call.result.key)) return [call];
      return contains(rangeOf(state, call.result), STATUS_PENDING) ? [{ ...call, result: ANYTHING }] : [];
    });
  }
  const unnamed: Cell[] = [];
  for (const [key, cell] of state.cells) {
    if (isStale(key)) {
      state.cells.delete(key);
      unnamed.push(cell);
    } else if (isStale(cell.value.key)) state.cells.set(key, { ...cell, value: ANYTHING });
  }
  for (const [key, fact] of state.facts) {
    if (isStale(key)) state.facts.delete(key);
    else if (fact.life.kind === 'sent' && isStale(fact.life.result.key)) {
      const isDone = !contains(rangeOf(state, fact.life.result), STATUS_PENDING);
      state.facts.set(key, {
        ...fact,
        life: { ...fact.life, result: ANYTHING, isWaited: fact.life.isWaited || isDone },
      });
    }
  }
  forgetKernel(state.kernel, isStale);
  state.wsk = forgetResults(state.wsk, isStale, ({ result }) => {
    const { min } = rangeOf(state, result);
    return min !== undefined && min >= 0n;
  });
  for (const key of state.ranges.keys()) if (isStale(key)) state.ranges.delete(key);
  for (const [key, value] of state.temporaries) if (isStale(value.key)) state.temporaries.set(key, ANYTHING);
  for (const key of state.zeroed) if (isStale(key)) state.zeroed.delete(key);
  noteUnnamed(state, unnamed);
}

/** Whether `forgetAll` would find anything: looking is cheaper than the copy of a state that it would change. */
export function hasStale(state: State, isStale: (key: string) => boolean): boolean {
  for (const [key, cell] of state.cells) if (isStale(key) || isStale(cell.value.key)) return true;
  for (const key of state.ranges.keys()) if (isStale(key)) return true;
  for (const value of state.temporaries.values()) if (isStale(value.key)) return true;
  for (const [key, { life }] of state.facts)
    if (isStale(key) || (life.kind === 'sent' && isStale(life.result.key))) return true;
  for (const { result } of state.calls) if (isStale(result.key)) return true;
  for (const key of state.zeroed) if (isStale(key)) return true;
  const { held, released, ended, blocks, demands } = state.kernel;
  for (const map of [held, released, ended, blocks]) for (const key of map.keys()) if (isStale(key)) return true;
  for (const demand of demands.values()) if (demand.kind === 'lock-free' && isStale(demand.lock.key)) return true;
  return forgetWsk(state.wsk, isStale) !== state.wsk;
}
