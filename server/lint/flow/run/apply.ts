/**
 * A helper's outcome in its caller: the helper's names for values become the caller's, then the conditions, events
 * and changes of the outcome happen as if its body stood at the call.
 */

import { INT } from '../../../../cfront/types/make.ts';
import { noteMadeSocket } from '../calls/made-sockets.ts';
import type { ApiCall, FlowEvent } from '../facts/events.ts';
import { mapEvent } from '../facts/events.ts';
import { type Freed, mapDemand } from '../facts/kernel.ts';
import { assume, operate } from '../state/conditions.ts';
import { fresh, type Site } from '../state/forget.ts';
import {
  changeRange,
  changeShared,
  isOfSharedChange,
  isShared,
  keepIrp,
  load,
  type Steady,
  shareAddress,
  store,
  storeAfterAll,
  storeChanged,
} from '../state/memory.ts';
import { addRegion } from '../state/regions.ts';
import { type Cell, copyState, isComparison, narrow, rangeOf, resolve, type State } from '../state/state.ts';
import type { Where } from '../state/where.ts';
import { contains, intersect, type Range, rangeKey, single } from '../values/ranges.ts';
import {
  type AddressValue,
  ANYTHING,
  addressValue,
  element,
  makePlace,
  NEW,
  type OperationValue,
  OTHER,
  type Place,
  placeAt,
  type SymbolValue,
  shift,
  symbolValue,
  type Value,
} from '../values/values.ts';
import type { Ask, Written } from './session.ts';
import type { KernelOutcome, Outcome } from './summary.ts';

export interface Applied {
  readonly state: State;
  readonly returned: Value;
}

export interface ApplyOptions {
  readonly arguments: readonly Value[];
  readonly site: Site;
  readonly whereOf: (event: Pick<FlowEvent, 'where'>) => Where;
  readonly happen: (state: State, event: FlowEvent) => void;
  /** What the helper asks for, before it does anything; what it leaves of locks and blocks, at its end. */
  readonly begin?: (state: State, kernel: KernelOutcome) => void;
  readonly end?: (state: State, kernel: KernelOutcome, returned: Value) => void;
  readonly stored?: (state: State, address: Value, value: Value) => void;
  /** What the helper has put where others find it, by a place that has another value or no name by now. */
  readonly putAway?: (state: State, value: Value) => void;
  /** Memory that the helper's calls write, by the helper's names. */
  readonly written?: Iterable<Written>;
  readonly wrote?: (here: Written) => void;
  /** The outcome is one only if others have changed memory, while the caller waited for them, in a certain way. */
  readonly guessed?: (state: State) => void;
  /** Hears what memory holds in the caller where the helper read this from it. */
  readonly found?: (inner: Value, held: Value) => void;
  /** What nobody changes while the helper only waits. */
  readonly steady?: Steady;
}

/** Undefined where the outcome's conditions do not hold here. The caller's state is used up. */
export function applyOutcome(state: State, outcome: Outcome, options: ApplyOptions): Applied | undefined {
  const { site, whereOf, happen } = options;
  const map = renamer(state, options, outcome.cells);
  let isGuessed = false;
  for (const { value, range } of outcome.conditions) {
    const here = map(value);
    if (isOfSharedChange(here) && !isWithin(rangeOf(state, here), range)) isGuessed = true;
    const truth = truthOf(range);
    // A comparison whose outcome is known says more about its operands than about itself.
    if (here.kind === 'operation' && isComparison(here.operator) && truth !== undefined) {
      if (!assume(state, here, truth)) return undefined;
    } else if (!narrow(state, resolve(state, here), range)) return undefined;
  }
  if (isGuessed) options.guessed?.(state);
  // Every name is looked up in memory as it was before the call, so all of that comes before the first change.
  const stores = outcome.cells.map(({ place, value, size, wasUnknown, name, unreached }) => {
    const address = map(addressValue(place));
    return {
      address,
      value: map(value),
      size,
      wasUnknown,
      name,
      unreached: unreached === undefined ? undefined : map(unreached),
      isOfAll: isOfSharedChange(value) && (unreached === undefined || !isOwn(state, address)),
    };
  });
  const written = [...(options.written ?? [])].flatMap(({ place, size }) => {
    const here = placeAt(map(addressValue(place)));
    return here === undefined ? [] : [{ place: here, size }];
  });
  const regions = outcome.regions.map(map);
  const returned = outcome.returned === undefined ? ANYTHING : map(outcome.returned);
  const exposed = outcome.exposed.map((value) => ({
    address: map(value),
    isNamed: outcome.cells.some((cell) => leadsTo(cell.value, value)),
  }));
  const sockets = outcome.sockets.flatMap((fact) =>
    fact.isGiven
      ? []
      : [
          {
            ...fact,
            socket: map(fact.socket),
            flags: resolve(state, map(fact.flags)),
            family: resolve(state, map(fact.family)),
            dispatch: resolve(state, map(fact.dispatch)),
            // Whether it was made, the helper's own result tells: nobody follows that.
            result: ANYTHING,
            status: ANYTHING,
            known: ANYTHING,
            where: whereOf(fact),
          },
        ],
  );
  const kernel = mapKernel(outcome.kernel, map, (where) => whereOf({ where }));
  options.begin?.(state, kernel);
  for (const event of outcome.events) happen(state, mapEvent(event, map, whereOf(event)));
  if (outcome.changesShared !== 'no')
    changeShared(state, site, outcome.changesShared === 'waiting' ? options.steady : undefined);
  for (const region of regions) addRegion(state, region);
  for (const one of written) {
    options.wrote?.(one);
    changeRange(state, one.place, one.size, site);
  }
  for (const { address, value, size, wasUnknown, name, unreached, isOfAll } of stores) {
    if (wasUnknown === true || isUnknown(value)) keepReplaced(state, address, value);
    if (placeAt(address) === undefined) changeShared(state, site);
    else if (isOfAll && outcome.changesShared !== 'no')
      storeChanged(state, address, unreached === undefined ? { value, size } : { value, size, unreached }, site);
    else if (outcome.changesShared === 'anyhow') storeAfterAll(state, address, value, size, site, name);
    else store(state, address, value, size, site, name);
    options.stored?.(state, address, value);
  }
  options.end?.(state, kernel, returned);
  // The helper's calls have been told already, but not what made the socket.
  for (const fact of sockets)
    if (fact.socket.kind === 'symbol' && state.wsk.sockets.get(fact.socket.key)?.isGiven !== false)
      state.wsk = { ...state.wsk, sockets: new Map(state.wsk.sockets).set(fact.socket.key, fact) };
  for (const { address, isNamed } of exposed) {
    keepIrp(state, address);
    shareAddress(state, address);
    if (!isNamed) options.putAway?.(state, address);
  }
  return { state, returned: returned.kind === 'anything' ? fresh(state, site, 'result') : returned };
}

/** A local that no others can reach. */
function isOwn(state: State, address: Value): boolean {
  const root = placeAt(address)?.root;
  return root?.kind === 'local' && !isShared(state, root);
}

/** What is known already says it. */
function isWithin(known: Range, asked: Range): boolean {
  const both = intersect(known, asked);
  return both !== undefined && rangeKey(both) === rangeKey(known);
}

/** It is the pointer, or an address behind it. */
function leadsTo(value: Value, pointer: Value): boolean {
  const root = placeAt(value)?.root;
  return root?.kind === 'pointee' && root.pointer.key === pointer.key;
}

function isUnknown(value: Value): boolean {
  return value.kind === 'anything' || (value.kind === 'symbol' && value.source.kind === 'other');
}

/** What the helper put there, or what it found there and freed, nobody knows: the IRP that lay there may be it. */
function keepReplaced(state: State, address: Value, value: Value): void {
  const before = state.cells.get(placeAt(address)?.key ?? '')?.value;
  if (before !== undefined && before.key !== value.key) keepIrp(state, before);
}

function mapKernel(kernel: KernelOutcome, map: (value: Value) => Value, at: (where: Where) => Where): KernelOutcome {
  return {
    demands: kernel.demands.map((demand) => mapDemand(demand, map, at)),
    released: kernel.released.map((r) => ({
      ...r,
      lock: map(r.lock),
      where: at(r.where),
      ...(r.handle === undefined ? {} : { handle: map(r.handle) }),
    })),
    held: kernel.held.map((h) => ({
      ...h,
      lock: map(h.lock),
      saved: h.saved === undefined ? undefined : map(h.saved),
      handle: h.handle === undefined ? undefined : map(h.handle),
      where: at(h.where),
    })),
    blocks: kernel.blocks.map((b) => ({
      ...b,
      value: map(b.value),
      base: b.base === undefined ? undefined : map(b.base),
      bytes: b.bytes === undefined ? undefined : map(b.bytes),
      asked: b.asked === undefined ? undefined : { type: map(b.asked.type), tag: map(b.asked.tag) },
      made: b.made === undefined ? undefined : { ...b.made, where: at(b.made.where) },
      freed: b.freed === undefined ? undefined : mapFreed(b.freed, map, at),
      locked: b.locked === undefined ? undefined : at(b.locked),
      ...(b.refused === undefined ? {} : { refused: { ...b.refused, where: at(b.refused.where) } }),
    })),
    isVague: kernel.isVague,
  };
}

/** What a condition is where its value lies in a range: a flag that only has to be set may be any number but 0. */
function truthOf(range: Range): boolean | undefined {
  if (!contains(range, 0n)) return true;
  return single(range) === 0n ? false : undefined;
}

function mapFreed(freed: Freed, map: (value: Value) => Value, at: (where: Where) => Where): Freed {
  const { askedTag, where } = freed;
  return { ...freed, where: at(where), askedTag: askedTag === undefined ? undefined : map(askedTag) };
}

/** A call that a helper makes, with the caller's values; undefined where the caller's values do not lead to it. */
export function askedHere(
  caller: State,
  { call, conditions }: Ask,
  options: Pick<ApplyOptions, 'arguments' | 'site'>,
): { readonly state: State; readonly call: Pick<ApiCall, 'arguments' | 'behind'> } | undefined {
  const state = copyState(caller);
  const map = renamer(state, options);
  for (const { value, range } of conditions) if (!narrow(state, resolve(state, map(value)), range)) return undefined;
  const behind = call.behind?.map((one) => ({ ...one, value: map(one.value) }));
  return { state, call: { arguments: call.arguments.map(map), ...(behind === undefined ? {} : { behind }) } };
}

/** The blocks of an outcome with the caller's values; nothing happens. Undefined where the outcome is impossible. */
export function blocksHere(
  caller: State,
  outcome: Outcome,
  options: Pick<ApplyOptions, 'arguments' | 'site'>,
): KernelOutcome['blocks'] | undefined {
  let blocks: KernelOutcome['blocks'] = [];
  const begin = (_: State, kernel: KernelOutcome): void => {
    blocks = kernel.blocks;
  };
  const nothing = { whereOf: ({ where }: Pick<FlowEvent, 'where'>): Where => where, happen: (): void => undefined };
  return applyOutcome(copyState(caller), outcome, { ...options, ...nothing, begin }) && blocks;
}

/** The events of an outcome with the caller's values; nothing happens. Undefined where the outcome is impossible. */
export function eventsHere(
  caller: State,
  outcome: Outcome,
  options: Pick<ApplyOptions, 'arguments' | 'site'>,
): readonly FlowEvent[] | undefined {
  const events: FlowEvent[] = [];
  const happen = (_: State, event: FlowEvent): void => {
    events.push(event);
  };
  const applied = applyOutcome(copyState(caller), outcome, { ...options, whereOf: (event) => event.where, happen });
  return applied === undefined ? undefined : events;
}

/** From the helper's values to the caller's, with memory as it is in `state`. */
function renamer(
  state: State,
  options: Pick<ApplyOptions, 'arguments' | 'site' | 'found'>,
  cells: readonly Cell[] = [],
): (value: Value) => Value {
  const known = new Map<string, Value>();
  const map = (value: Value): Value => {
    // These mean the same everywhere.
    if (value.kind === 'integer' || value.kind === 'function' || value.kind === 'anything') return value;
    const seen = known.get(value.key);
    if (seen !== undefined) return seen;
    const mapped = rename(value);
    known.set(value.key, mapped);
    return mapped;
  };
  const rename = (value: SymbolValue | OperationValue | AddressValue): Value => {
    switch (value.kind) {
      case 'operation':
        return operate(state, value.operator, map(value.left), map(value.right), INT);
      case 'address':
        return mapPlace(value.place);
      case 'symbol':
        break;
    }
    const { source } = value;
    switch (source.kind) {
      case 'parameter':
        return options.arguments[source.index] ?? ANYTHING;
      case 'initial': {
        const address = mapPlace(source.place);
        if (address.kind === 'anything') return ANYTHING;
        const held = load(state, address, INT);
        noteMadeSocket(state, address, held);
        options.found?.(value, held);
        return held;
      }
      case 'new':
        return symbolValue(`${options.site.name}/${value.key}`, NEW);
      case 'other':
        return symbolValue(`${options.site.name}/${value.key}`, OTHER);
    }
  };
  const mapPlace = (place: Place): Value => {
    const { root } = place;
    if (root.kind === 'local') return ANYTHING;
    let address: Value = root.kind === 'pointee' ? map(root.pointer) : addressValue(makePlace(root, []));
    for (const step of place.steps) {
      address = step.kind === 'offset' ? shift(address, step.bytes) : element(address, map(step.index), step.size);
    }
    return address;
  };
  // What others could not change in the caller's own memory, they have not changed.
  for (const { place, value, unreached } of cells)
    if (unreached !== undefined && isOwn(state, map(addressValue(place)))) known.set(value.key, map(unreached));
  return map;
}
