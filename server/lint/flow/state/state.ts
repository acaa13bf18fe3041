/**
 * One abstract state: what holds at a point on one way (or several that were joined) through a function.
 *
 * A state is changed in place while a block runs and copied where ways part; copies share what neither has changed
 * (shared.ts). Its two keys decide what is kept apart: `kindKey` says all that rules can see (facts, calls in flight,
 * events), `fullKey` says everything.
 */
import type { FlowEvent, SendEvent } from '../facts/events.ts';
import { storyKey } from '../facts/events.ts';
import { factKey, type IrpFact } from '../facts/irp.ts';
import { type Block, copyKernel, emptyKernel, type KernelFacts, kernelKey } from '../facts/kernel.ts';
import { NO_WSK, type WskFacts, wskKey } from '../facts/wsk.ts';
import { add, addNumber, addPair, digestOf, numberOf, scanOf, scanText } from '../values/keys.ts';
import {
  contains,
  exactly,
  FULL,
  intersect,
  moved,
  NOT_ZERO,
  type Range,
  scanOfRange,
  single,
  TRUTH,
} from '../values/ranges.ts';
import { ANYTHING, integerValue, makePlace, type OperationValue, type Place, type Value } from '../values/values.ts';
import { SharedMap, SharedSet } from './shared.ts';
import { siteKey, type Where } from './where.ts';

export interface Cell {
  readonly place: Place;
  readonly value: Value;
  /** Bytes. */
  readonly size: number;
  /** Something may have changed it since the function began, and by then nobody here knew what lay there. */
  readonly wasUnknown?: true;
  /** What it was assigned to (`storedName`), where others may reach it. */
  readonly name?: string;
  /** Nobody ever writes there any more. */
  readonly isFixed?: true;
  /** Of memory that a caller gave, since others may have changed it: what it holds where only that caller can reach it. */
  readonly unreached?: Value;
}

/** Another value in the same cell. States make thousands of these, so the members are named and not looked for. */
export function cellWith({ place, size, wasUnknown }: Cell, value: Value): Cell {
  return wasUnknown === true ? { place, value, size, wasUnknown } : { place, value, size };
}

/** Not at all, by those who ran while the function waited, or by anybody. */
export type SharedChange = 'no' | 'waiting' | 'anyhow';

export function moreChanged(a: SharedChange, b: SharedChange): SharedChange {
  if (a === 'no') return b;
  return b === 'anyhow' ? b : a;
}

/** More bytes than any object has. */
const TO_THE_END = 2 ** 31;

/** The bytes that a change of `size` bytes may be of, as a place without an index: of an array all from its start on. */
export function extent(place: Place, size: number): { readonly place: Place; readonly size: number } {
  const index = place.steps.findIndex(({ kind }) => kind === 'index');
  if (index < 0) return { place, size: size === 0 ? TO_THE_END : size };
  return { place: makePlace(place.root, place.steps.slice(0, index)), size: TO_THE_END };
}

/** Cells are gone whose places have no name any more: where memory is zeroed, they still say where it is not. */
export function noteUnnamed(state: State, cells: readonly Cell[]): void {
  for (const { place, size } of cells) {
    if (!state.zeroed.has(place.root.key)) continue;
    const from = extent(place, size);
    const value = state.cells.get(from.place.key)?.value ?? ANYTHING;
    if (from.place.key === place.key) state.zeroed.delete(place.root.key);
    else state.cells.set(from.place.key, { ...from, value });
  }
}

/** The place holds what it held when the function began. */
export function isInitial({ place, value }: Cell): boolean {
  return isInitialOf(place, value);
}

/** The value is what the place held when the function began. */
export function isInitialOf(place: Place, value: Value): boolean {
  return value.kind === 'symbol' && value.source.kind === 'initial' && value.source.place.key === place.key;
}

export interface State {
  readonly temporaries: SharedMap<number, Value>;
  readonly cells: SharedMap<string, Cell>;
  readonly ranges: SharedMap<string, { readonly value: Value; readonly range: Range }>;
  readonly facts: SharedMap<string, IrpFact>;
  /** Calls that were given the address of a local, and for which nobody has waited. */
  calls: readonly SendEvent[];
  /** The level, locks, and what the driver has from the kernel. */
  readonly kernel: KernelFacts;
  /** Sockets that were closed, registrations, captured NPIs. */
  wsk: WskFacts;
  /** Everything that a caller may care about, in order. */
  events: readonly FlowEvent[];
  /** IRPs that came as parameters and have surely been freed, by key. */
  readonly freed: SharedMap<string, Where>;
  /** Locals (keys of their roots) whose address others may hold. */
  readonly shared: SharedSet<string>;
  /** What callers gave and others may hold from now on, by key. */
  readonly exposed: SharedMap<string, Value>;
  /** Memory (keys of roots) in which everything that has no cell is zero. */
  readonly zeroed: SharedSet<string>;
  /** Values (their keys) that are not NULL only because they were used: what a caller gives may still be NULL. */
  readonly trusted: SharedSet<string>;
  /** Pointers behind whose objects memory may have changed without a cell that tells (regions.ts), by key. */
  readonly regions: SharedMap<string, Value>;
  /** What the names begin with that were given where all shared memory changed last; ways that met since give others. */
  lastChange: string;
  /** What rules have noted on this way, as that a mistake was told already. Not part of the keys. */
  readonly marks: SharedSet<string>;
  /** IRPs of this driver's own that nothing holds any more, though they were neither sent nor freed. */
  leaked: readonly IrpFact[];
  /** Blocks of this function's own that an earlier round of a loop made, and whose last name went with it. */
  lost: readonly Block[];
  /** What could not be made last on this way, and is NULL: it names the NULL that callers get for it. Not part of the keys. */
  failed: Block | undefined;
  /** Names that were given in loops of this function, on any way: one of all its states. Not part of the keys. */
  readonly given: Set<string>;
  /** The block that runs lies in a loop. */
  isLooping: boolean;
  /** Memory that callers can reach has changed in ways that no cell tells. */
  changedShared: SharedChange;
  /** Ways were joined that did different things: the events are not to be relied on. */
  isVague: boolean;
}

export function emptyState(): State {
  return {
    temporaries: new SharedMap(),
    cells: new SharedMap(),
    ranges: new SharedMap(),
    facts: new SharedMap(),
    calls: [],
    kernel: emptyKernel(),
    wsk: NO_WSK,
    events: [],
    freed: new SharedMap(),
    shared: new SharedSet(),
    exposed: new SharedMap(),
    zeroed: new SharedSet(),
    trusted: new SharedSet(),
    regions: new SharedMap(),
    lastChange: '~:',
    marks: new SharedSet(),
    leaked: [],
    lost: [],
    failed: undefined,
    given: new Set(),
    isLooping: false,
    changedShared: 'no',
    isVague: false,
  };
}

export function copyState(state: State): State {
  return {
    temporaries: new SharedMap(state.temporaries),
    cells: new SharedMap(state.cells),
    ranges: new SharedMap(state.ranges),
    facts: new SharedMap(state.facts),
    calls: state.calls,
    kernel: copyKernel(state.kernel),
    wsk: state.wsk,
    events: state.events,
    freed: new SharedMap(state.freed),
    shared: new SharedSet(state.shared),
    exposed: new SharedMap(state.exposed),
    zeroed: new SharedSet(state.zeroed),
    trusted: new SharedSet(state.trusted),
    regions: new SharedMap(state.regions),
    lastChange: state.lastChange,
    marks: new SharedSet(state.marks),
    leaked: state.leaked,
    lost: state.lost,
    failed: state.failed,
    given: state.given,
    isLooping: state.isLooping,
    changedShared: state.changedShared,
    isVague: state.isVague,
  };
}

export function rangeOf(state: State, value: Value): Range {
  switch (value.kind) {
    case 'integer':
      return exactly(value.value);
    case 'function':
    case 'address':
      return NOT_ZERO;
    case 'anything':
      return FULL;
    case 'symbol':
      return state.ranges.get(value.key)?.range ?? FULL;
    case 'operation':
      return rangeOfOperation(state, value);
  }
}

function rangeOfOperation(state: State, value: OperationValue): Range {
  const known = state.ranges.get(value.key)?.range;
  const { operator, left, right } = value;
  if (isComparison(operator)) return known ?? TRUTH;
  if (right.kind !== 'integer' || (operator !== '+' && operator !== '-')) return known ?? FULL;
  const range = moved(rangeOf(state, left), operator === '+' ? right.value : -right.value);
  return known === undefined ? range : (intersect(known, range) ?? known);
}

/** Narrows what is known; false where nothing is left: the way is impossible. */
export function narrow(state: State, value: Value, range: Range): boolean {
  const both = intersect(rangeOf(state, value), range);
  if (both === undefined) return false;
  if (value.kind === 'symbol' || value.kind === 'operation') state.ranges.set(value.key, { value, range: both });
  return true;
}

/** The value, or the number that it is known to be. */
export function resolve(state: State, value: Value): Value {
  if (value.kind !== 'symbol' && value.kind !== 'operation') return value;
  const only = single(rangeOf(state, value));
  return only === undefined ? value : integerValue(only);
}

export function isNull(state: State, value: Value): boolean {
  return single(rangeOf(state, value)) === 0n;
}

/**
 * The address is that of a member of what NULL points to, which this function has assigned: that a pointer was compared
 * with NULL may be an assertion.
 */
export function isInNull(at: Value): boolean {
  return at.kind === 'integer' && at.value >= 0n && at.value < PAGE_SIZE;
}

const PAGE_SIZE = 4096n;

export function mayBeNull(state: State, value: Value): boolean {
  return contains(rangeOf(state, value), 0n);
}

export function isComparison(operator: string): boolean {
  return ['==', '!=', '<', '>', '<=', '>='].includes(operator);
}

/** Where it was made, which names it when its value's name is another's. */
export function madeKey({ made }: Block): string {
  return made === undefined ? '' : siteKey(made.where);
}

/** What rules and callers can tell apart. */
export function kindKey(state: State, options: { readonly events: boolean }): string {
  // An IRP that is NULL, is there, or may be either: three kinds of state, or checks would lose their meaning in joins.
  const facts =
    state.facts.size === 0
      ? ''
      : [...state.facts.values()]
          .map((fact) => `${factKey(fact)}${isNull(state, fact.irp) ? '0' : mayBeNull(state, fact.irp) ? '?' : ''}`)
          .sort()
          .join(';');
  const calls = `${storyKey(state.calls)};${state.leaked.map(factKey).join(';')};${state.lost.map(madeKey).join(';')}`;
  const events = options.events ? storyKey(state.events) : '';
  const freed = state.freed.size === 0 ? '' : [...state.freed.keys()].sort().join(',');
  return `${facts}|${calls}|${kernelKey(state.kernel)}|${wskKey(state.wsk)}|${events}|${state.isVague}|${freed}`;
}

/**
 * Everything that the rest of the function depends on; `kind` is the state's key with events. The same things in another
 * order make another key: that costs a little work, and no answer.
 */
export function fullKey(state: State, kind = kindKey(state, { events: true })): number {
  const digest = digestOf(kind);
  for (const { place, value, unreached } of state.cells.values()) {
    addPair(digest, scanOf(place), scanOf(value));
    if (unreached !== undefined) add(digest, scanOf(unreached));
  }
  addNumber(digest, 1);
  for (const { value, range } of state.ranges.values()) {
    add(digest, scanOf(value));
    add(digest, scanOfRange(range));
  }
  for (const [temporary, value] of state.temporaries) {
    addNumber(digest, temporary);
    add(digest, scanOf(value));
  }
  if (state.regions.size > 0) {
    add(digest, scanText(state.lastChange));
    for (const region of state.regions.keys()) add(digest, scanText(region));
  }
  for (const roots of [state.shared, state.zeroed]) {
    addNumber(digest, 2);
    for (const root of roots) add(digest, scanText(root));
  }
  return numberOf(digest);
}
