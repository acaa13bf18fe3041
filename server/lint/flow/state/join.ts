/**
 * Two states that come together become one in which only what both agree on is known.
 *
 * A place with two different values gets a symbol named after the block and the place, whose range is the hull of
 * both. The same symbol from the last round of a loop means something else now, so all that mentions it is forgotten
 * first. At loop heads ranges are widened: a place goes from a value to a symbol once, and each bound is given up
 * once, so that a loop's states come to rest.
 */
import { eventKey, type SendEvent, storyKey } from '../facts/events.ts';
import { type IrpFact, joinFacts } from '../facts/irp.ts';
import { joinKernel } from '../facts/kernel.ts';
import { bothSockets, type SocketFact } from '../facts/sockets.ts';
import { joinWsk } from '../facts/wsk.ts';
import { hull, type Range, rangeKey, widen } from '../values/ranges.ts';
import { ANYTHING, OTHER, sameValue, symbolValue, type Value, ZERO } from '../values/values.ts';
import { forgetAll, hasStale, isNamedAt, keepNameless, staleSymbols } from './forget.ts';
import { isOfSharedChange, isZero, LEFT, unreachedOf } from './memory.ts';
import { isInRegion } from './regions.ts';
import { SharedMap, SharedSet } from './shared.ts';
import {
  type Cell,
  cellWith,
  copyState,
  isInitial,
  isInitialOf,
  isNull,
  madeKey,
  moreChanged,
  rangeOf,
  type State,
} from './state.ts';

export interface JoinOptions {
  /** Names the point: a block's number. */
  readonly point: string;
  readonly isLoopHead: boolean;
}

interface Merged {
  readonly symbol: Value;
  readonly range: Range;
  readonly fact: IrpFact | undefined;
  readonly socket: SocketFact | undefined;
}

/** What two states say of the same places and temporaries. */
interface Pairs {
  /** In the order of the joined cells: their keys, and what is made of two values; undefined where they agree. */
  readonly places: readonly string[];
  readonly merged: readonly (Merged | undefined)[];
  readonly temporaries: ReadonlyMap<number, Merged | Value>;
  /** Keys of cells of which one way only knows that they are in a region: neither knows more of them. */
  readonly unfollowed: readonly string[];
  /** The names that were made. */
  readonly symbols: readonly Value[];
}

export function joinStates(old: State, next: State, options: JoinOptions): State {
  const { point, isLoopHead } = options;
  const pairs = pairsOf(old, next, options);
  const { symbols } = pairs;
  const stale = staleSymbols(`<j${point}:`, symbols);
  const without = (state: State): State => {
    if (symbols.length === 0 || !hasStale(state, stale)) return state;
    const copy = copyState(state);
    forgetAll(copy, stale);
    return copy;
  };
  const [a, b] = [without(old), without(next)];
  // A cell whose place hung on a symbol that was forgotten is gone from both copies.
  const isWhole = a === old || hasSameCells(a, old);
  const joined: State = {
    ...a,
    // In the order of the joined cells; where none is gone from the first, they are that one's, and those of the other.
    cells: isWhole ? new SharedMap(a.cells) : new SharedMap(),
    temporaries: new SharedMap(),
    ranges: joinRanges(a, b, isLoopHead),
    facts: joinAllFacts(a, b),
    kernel: joinKernel(a.kernel, b.kernel, [way(a), way(b)]),
    wsk: joinWsk(a.wsk, b.wsk),
    freed: new SharedMap(a.freed),
    exposed: new SharedMap(a.exposed),
    shared: new SharedSet(a.shared),
    zeroed: new SharedSet(a.zeroed),
    trusted: new SharedSet(a.trusted),
    regions: new SharedMap(a.regions),
    lastChange: symbols.length === 0 && a.lastChange === b.lastChange ? a.lastChange : `j${point}:`,
    marks: bothMarks(a.marks, b.marks),
    changedShared: moreChanged(a.changedShared, b.changedShared),
    failed: a.failed ?? b.failed,
    calls: joinCalls(a.calls, b.calls),
  };
  if (isWhole) for (const key of pairs.unfollowed) joined.cells.delete(key);
  for (const [index, key] of pairs.places.entries()) {
    const made = pairs.merged[index];
    const left = a.cells.get(key);
    const right = b.cells.get(key);
    if (left === right && isWhole && made === undefined) continue;
    const unreached = bothUnreached([old, old.cells.get(key)], [next, next.cells.get(key)]);
    joinCell(joined, { left, right, made, unreached });
  }
  for (const [key, value] of pairs.temporaries) {
    if ('kind' in value) joined.temporaries.set(key, a.temporaries.get(key) ?? ANYTHING);
    else {
      joined.temporaries.set(key, value.symbol);
      keep(joined, value);
    }
  }
  joinSets(joined, a, b);
  const isSameStory = old.events === next.events || storyKey(old.events) === storyKey(next.events);
  joined.isVague = a.isVague || b.isVague || !isSameStory;
  joined.events = isSameStory ? a.events : [];
  return joined;
}

function pairsOf(old: State, next: State, { point, isLoopHead }: JoinOptions): Pairs {
  const places: string[] = [];
  const merged: (Merged | undefined)[] = [];
  const temporaries = new Map<number, Merged | Value>();
  const symbols: Value[] = [];
  const site = { name: `j${point}`, mayRepeat: false };
  const meet = (name: string, x: Value, y: Value): Merged => {
    const [left, right] = [rangeOf(old, x), rangeOf(next, y)];
    const socket = bothSockets(old.wsk.sockets.get(x.key), next.wsk.sockets.get(y.key));
    const range = isLoopHead ? widen(left, right) : hull(left, right);
    // Where ways meet again, it mostly has that name by now.
    const symbol = isNamedAt(site, name, x) ? x : symbolValue(`${site.name}:${name}`, OTHER);
    symbols.push(symbol);
    return { symbol, range, fact: bothFacts(old, next, x, y), socket };
  };
  const add = ({ place }: Cell, x: Value, y: Value): void => {
    const { key } = place;
    // A way that never looked there has not written there.
    const isLeft = [x, y].every((v) => isOfSharedChange(v) || isInitialOf(place, v) || v === ANYTHING);
    places.push(key);
    merged.push(sameValue(x, y) ? undefined : meet(isLeft ? `${LEFT}${key}` : key, x, y));
  };
  const unfollowed: string[] = [];
  let common = 0;
  for (const cell of old.cells.values()) {
    const { key } = cell.place;
    const other = next.cells.get(key);
    if (other !== undefined) common++;
    if (other === undefined && isInRegion(next, cell.place)) unfollowed.push(key);
    else add(cell, cell.value, other === undefined ? unlooked(next, cell) : other.value);
  }
  const onlyNext = common === next.cells.size ? [] : next.cells.values();
  for (const cell of onlyNext) {
    const { key } = cell.place;
    if (!old.cells.has(key) && !isInRegion(old, cell.place)) add(cell, unlooked(old, cell), cell.value);
  }
  for (const [key, value] of old.temporaries) {
    const other = next.temporaries.get(key);
    if (other !== undefined) temporaries.set(key, sameValue(value, other) ? value : meet(`t${key}`, value, other));
  }
  return { places, merged, temporaries, unfollowed, symbols };
}

/** A cell as the two ways have it now, what is made of their values, and what both have left in it. */
interface CellPair {
  readonly left: Cell | undefined;
  readonly right: Cell | undefined;
  readonly made: Merged | undefined;
  readonly unreached: Value | undefined;
}

function joinCell(joined: State, { left, right, made, unreached }: CellPair): void {
  const isLarger = left !== undefined && right !== undefined && right.size > left.size;
  const one = isLarger ? right : (left ?? right);
  if (one === undefined) return;
  const { root, key } = one.place;
  const wasUnknown = left?.wasUnknown ?? right?.wasUnknown;
  const known = wasUnknown === one.wasUnknown ? one : { ...one, wasUnknown: true as const };
  if (made === undefined) {
    const cell = known.unreached === undefined ? known : withUnreached(known, unreached);
    if (joined.cells.get(key) !== cell) joined.cells.set(key, cell);
    return;
  }
  joined.cells.set(key, withUnreached(cellWith(known, made.symbol), unreached));
  keep(joined, made);
  // A pointer by itself is another thing than an array of them, of which each way may have filled another part.
  if (root.kind === 'local' && root.variable.type.kind === 'pointer') return;
  for (const held of [left, right]) if (held !== undefined) keepNameless(joined, held.value);
}

/** What one way has come by is there, and what one way has lost is not. `joined` has what `a` has. */
function joinSets(joined: State, a: State, b: State): void {
  for (const key of b.shared) joined.shared.add(key);
  if (!b.exposed.isSharedWith(a.exposed))
    for (const value of b.exposed.values()) if (!a.exposed.has(value.key)) joined.exposed.set(value.key, value);
  for (const key of b.trusted) joined.trusted.add(key);
  for (const [key, pointer] of b.regions) if (!a.regions.has(key)) joined.regions.set(key, pointer);
  for (const key of a.freed.keys()) if (!b.freed.has(key)) joined.freed.delete(key);
  for (const key of a.zeroed) if (!b.zeroed.has(key)) joined.zeroed.delete(key);
  if (a.leaked !== b.leaked)
    joined.leaked = a.leaked.filter((fact) => b.leaked.some((other) => other.irp.key === fact.irp.key));
  if (a.lost !== b.lost)
    joined.lost = a.lost.filter((block) => b.lost.some((other) => madeKey(other) === madeKey(block)));
}

/** What both ways have left in memory of a caller's, where no others reach it. */
function bothUnreached([a, left]: [State, Cell | undefined], [b, right]: [State, Cell | undefined]): Value | undefined {
  if (left?.unreached === undefined && right?.unreached === undefined) return undefined;
  if (left === undefined || right === undefined) return undefined;
  const [x, y] = [unreachedOf(a, left), unreachedOf(b, right)];
  return x !== undefined && y !== undefined && sameValue(x, y) ? x : undefined;
}

function withUnreached(cell: Cell, unreached: Value | undefined): Cell {
  if (cell.unreached === unreached) return cell;
  const { unreached: _, ...rest } = cell;
  return unreached === undefined ? rest : { ...rest, unreached };
}

function way(state: State): { blocks: State['kernel']['blocks']; isNull: (value: Value) => boolean } {
  return { blocks: state.kernel.blocks, isNull: (value) => isNull(state, value) };
}

/** None is gone from the copy, and none has come. */
function hasSameCells(copy: State, state: State): boolean {
  if (copy.cells.size !== state.cells.size) return false;
  for (const key of state.cells.keys()) if (!copy.cells.has(key)) return false;
  return true;
}

/** What a place holds on a way that never looked at it. */
function unlooked(state: State, cell: Cell): Value {
  if (isInitial(cell)) return cell.value;
  return isZero(state, cell.place, cell.size) ? ZERO : ANYTHING;
}

function keep(state: State, { symbol, range, fact, socket }: Merged): void {
  if (symbol.kind !== 'symbol') return;
  if (range.min !== undefined || range.max !== undefined || range.not.length > 0)
    state.ranges.set(symbol.key, { value: symbol, range });
  if (fact !== undefined) state.facts.set(symbol.key, { ...fact, irp: symbol });
  if (socket !== undefined)
    state.wsk = { ...state.wsk, sockets: new Map(state.wsk.sockets).set(symbol.key, { ...socket, socket: symbol }) };
}

function bothFacts(a: State, b: State, x: Value, y: Value): IrpFact | undefined {
  const [left, right] = [a.facts.get(x.key), b.facts.get(y.key)];
  return left === undefined || right === undefined ? undefined : joinFacts(left, right);
}

function joinRanges(a: State, b: State, isLoopHead: boolean): State['ranges'] {
  if (a.ranges.isSharedWith(b.ranges)) return new SharedMap(a.ranges);
  const ranges: State['ranges'] = new SharedMap();
  for (const [key, known] of a.ranges) {
    const other = b.ranges.get(key);
    if (other === undefined) continue;
    const { value, range } = known;
    if (range === other.range) {
      ranges.set(key, known);
      continue;
    }
    const both =
      isLoopHead && rangeKey(range) !== rangeKey(other.range) ? widen(range, other.range) : hull(range, other.range);
    if (both.min !== undefined || both.max !== undefined || both.not.length > 0)
      ranges.set(key, { value, range: both });
  }
  return ranges;
}

function joinAllFacts(a: State, b: State): State['facts'] {
  if (a.facts.isSharedWith(b.facts)) return new SharedMap(a.facts);
  const facts: State['facts'] = new SharedMap();
  for (const [key, fact] of a.facts) {
    const other = b.facts.get(key);
    if (other !== undefined) facts.set(key, joinFacts(fact, other));
  }
  return facts;
}

/** Only what is in flight on both ways is surely in flight. */
function joinCalls(a: readonly SendEvent[], b: readonly SendEvent[]): readonly SendEvent[] {
  const keys = new Set(b.map(eventKey));
  return a.filter((call) => keys.has(eventKey(call)));
}

/** What was said, or is so, on both ways. */
function bothMarks(a: State['marks'], b: State['marks']): State['marks'] {
  const both: State['marks'] = new SharedSet(a);
  if (a.size > 0) for (const mark of a) if (!b.has(mark)) both.delete(mark);
  return both;
}
