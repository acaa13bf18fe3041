/**
 * New symbols, and forgetting the older ones of the same name.
 *
 * A symbol is named after the instruction at which it comes up, so in a loop the name of the last round's is given
 * again, to something else: all that mentions the old one is forgotten first. The whole state has to be looked through
 * for that, so an instruction that makes many symbols has them forgotten all at once; and that a key mentions one of
 * many symbols is found by the beginning that they share, never by trying each.
 */
import { forgetKernel, isKeptByMdlAtMost, isOfStale } from '../facts/kernel.ts';
import { STATUS_PENDING } from '../facts/statuses.ts';
import { forgetResults, forgetWsk } from '../facts/wsk.ts';
import { headBit, type Keyed, scanOf } from '../values/keys.ts';
import { contains } from '../values/ranges.ts';
import { ANYTHING, mentions, NEW, OTHER, symbolValue, type Value } from '../values/values.ts';
import { type Cell, cellWith, isNull, madeKey, noteUnnamed, rangeOf, type State } from './state.ts';

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
  const symbol = symbolValue(`${site.name}:${name}`, source === 'new' ? NEW : OTHER);
  if (site.mayRepeat && isGivenAgain(state, symbol.key) && site.isForgotten !== true) forget(state, symbol.key);
  return symbol;
}

/** The value is what `fresh` gives for this name. */
export function isNamedAt(site: Site, name: string, { key }: Value): boolean {
  const start = site.name.length + 2;
  return (
    key.length === start + name.length + 1 &&
    key.startsWith(site.name, 1) &&
    key[start - 1] === ':' &&
    key.startsWith(name, start)
  );
}

/** As `fresh`, for several names. */
export function freshAll(state: State, site: Site, names: readonly string[]): readonly Value[] {
  const symbols = names.map((name) => symbolValue(`${site.name}:${name}`, OTHER));
  if (!site.mayRepeat) return symbols;
  const again = symbols.filter(({ key }) => isGivenAgain(state, key) && key !== ANYTHING.key);
  if (again.length > 0 && site.isForgotten !== true) forgetAll(state, staleSymbols(`<${site.name}:`, again));
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
  if (symbol !== ANYTHING.key) forgetAll(state, { heads: headBit(symbol), isIn: (key) => mentions(key, symbol) });
}

/** Symbols that mean something else from now on. */
export interface Stale {
  /** The bits of what their names begin with: most keys have none of these. */
  readonly heads: number;
  /** Whether a key mentions one of them. */
  readonly isIn: (key: string) => boolean;
}

function isStale({ heads, isIn }: Stale, keyed: Keyed): boolean {
  return (scanOf(keyed).heads & heads) !== 0 && isIn(keyed.key);
}

/** The symbols, the keys of all of which begin with `start`. */
export function staleSymbols(start: string, symbols: readonly Value[]): Stale {
  return { heads: headBit(start), isIn: mentionsOneOf(start, symbols) };
}

/** All symbols whose keys begin with one of these. */
export function staleBeginnings(starts: readonly string[]): Stale {
  const heads = starts.reduce((bits, start) => bits | headBit(start), 0);
  return { heads, isIn: (key) => starts.some((start) => mentions(key, start)) };
}

function mentionsOneOf(start: string, symbols: readonly Value[]): (key: string) => boolean {
  // Most states have nothing that begins so: the symbols are put in order when something does.
  let keys: Set<string> | undefined;
  const lengths = new Set<number>();
  return (key) => {
    // Most are one of the symbols and nothing else.
    if (keys?.has(key) === true) return true;
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

/** As `forget`, for several symbols. */
export function forgetAll(state: State, stale: Stale): void {
  const { isIn } = stale;
  if (state.calls.some((call) => isStale(stale, call.result))) {
    state.calls = state.calls.flatMap((call) => {
      if (!isStale(stale, call.result)) return [call];
      return contains(rangeOf(state, call.result), STATUS_PENDING) ? [{ ...call, result: ANYTHING }] : [];
    });
  }
  noteLost(state, isIn);
  const unnamed: Cell[] = [];
  for (const cell of state.cells.values()) {
    const { place, value } = cell;
    if (isStale(stale, place)) {
      state.cells.delete(place.key);
      keepNameless(state, value);
      unnamed.push(cell);
    } else if (isStale(stale, value)) state.cells.set(place.key, cellWith(cell, ANYTHING));
  }
  for (const [key, fact] of state.facts) {
    if (isIn(key)) state.facts.delete(key);
    else if (fact.life.kind === 'sent' && isIn(fact.life.result.key)) {
      const isDone = !contains(rangeOf(state, fact.life.result), STATUS_PENDING);
      state.facts.set(key, {
        ...fact,
        life: { ...fact.life, result: ANYTHING, isWaited: fact.life.isWaited || isDone },
      });
    }
  }
  forgetKernel(state.kernel, isIn);
  if (state.failed !== undefined && isIn(state.failed.value.key)) state.failed = undefined;
  state.wsk = forgetResults(state.wsk, isIn, ({ result }) => {
    const { min } = rangeOf(state, result);
    return min !== undefined && min >= 0n;
  });
  for (const { value } of state.ranges.values()) if (isStale(stale, value)) state.ranges.delete(value.key);
  for (const [key, value] of state.temporaries) if (isStale(stale, value)) state.temporaries.set(key, ANYTHING);
  for (const key of state.zeroed) if (isIn(key)) state.zeroed.delete(key);
  noteUnnamed(state, unnamed);
}

/** What lies there still does, by no name: whether it is given back, nobody can tell any more. */
export function keepNameless({ kernel: { blocks } }: State, value: Value): void {
  const block = blocks.get(value.key);
  if (block !== undefined && isKeptByMdlAtMost(block)) blocks.set(value.key, { ...block, keptBy: 'others' });
}

/** A block that is to be given back, and that nothing in this state leads to: the name was the last that anybody had. */
function noteLost(state: State, isIn: Stale['isIn']): void {
  for (const [key, block] of state.kernel.blocks) {
    const { made, life, keptBy, value } = block;
    if (!isIn(key) || made === undefined || life !== 'live' || keptBy !== 'nobody' || isNull(state, value)) continue;
    if ([...state.temporaries.values()].some((held) => mentions(held.key, key))) continue;
    if ([...state.cells.values()].some((cell) => mentions(cell.value.key, key))) continue;
    if (!state.lost.some((other) => madeKey(other) === madeKey(block))) state.lost = [...state.lost, block];
  }
}

/** Whether `forgetAll` would find anything: looking is cheaper than the copy of a state that it would change. */
export function hasStale(state: State, stale: Stale): boolean {
  const { isIn } = stale;
  for (const { place, value } of state.cells.values()) if (isStale(stale, place) || isStale(stale, value)) return true;
  for (const { value } of state.ranges.values()) if (isStale(stale, value)) return true;
  for (const value of state.temporaries.values()) if (isStale(stale, value)) return true;
  for (const [key, { life }] of state.facts)
    if (isIn(key) || (life.kind === 'sent' && isIn(life.result.key))) return true;
  for (const { result } of state.calls) if (isStale(stale, result)) return true;
  for (const key of state.zeroed) if (isIn(key)) return true;
  const { held, released, ended, blocks, demands } = state.kernel;
  for (const map of [held, released, ended, blocks]) for (const key of map.keys()) if (isIn(key)) return true;
  for (const demand of demands.values()) if (isOfStale(demand, isIn)) return true;
  if (state.failed !== undefined && isIn(state.failed.value.key)) return true;
  return forgetWsk(state.wsk, isIn) !== state.wsk;
}
