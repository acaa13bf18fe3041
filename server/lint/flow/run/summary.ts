/**
 * What a function does, in terms that a caller understands: its outcomes.
 *
 * Each outcome is one way through (or several that are alike): the conditions on parameters and memory under which it
 * is taken, what happens on it, what memory holds after it, what it returns. Values are given by parameters, by what
 * memory held at the start, and by objects that the function made; whatever else is anything.
 */
import { isCallers } from '../calls/keeping.ts';
import { isSurelyMade, mayBeNone } from '../calls/made-sockets.ts';
import { concernsClient, type FlowEvent, storyKey, tellingArguments } from '../facts/events.ts';
import {
  type Block,
  type Demand,
  type Held,
  type KeptBy,
  type KernelFacts,
  keeperKey,
  type Released,
} from '../facts/kernel.ts';
import type { SocketFact } from '../facts/sockets.ts';
import { STATUS_PENDING } from '../facts/statuses.ts';
import { joinStories } from '../facts/stories.ts';
import { endsUnnamed } from '../facts/wsk.ts';
import { joinStates } from '../state/join.ts';
import { isOfSharedChange } from '../state/memory.ts';
import { fewCells } from '../state/regions.ts';
import { SharedMap } from '../state/shared.ts';
import { type Cell, isInitial, moreChanged, rangeOf, resolve, type SharedChange, type State } from '../state/state.ts';
import { isMeaningful, isNameable } from '../values/meaning.ts';
import { contains, type Range, rangeKey, without } from '../values/ranges.ts';
import { ANYTHING, type Value } from '../values/values.ts';

/** Ways that callers tell apart; a function with more is told as one that could do anything. */
const MAX_OUTCOMES = 6;

/** Beyond this, ways with the same events and result are told as one. */
const FEW_OUTCOMES = 3;

/** Cells that callers hear of at most where nothing is known of them but that they changed. */
const MANY_CELLS = 60;

export interface Outcome {
  readonly returned: Value | undefined;
  readonly conditions: readonly { readonly value: Value; readonly range: Range }[];
  readonly events: readonly FlowEvent[];
  readonly cells: readonly Cell[];
  /** Pointers of the caller's behind whose objects memory has changed in ways that no cell tells. */
  readonly regions: readonly Value[];
  /** Pointers of the caller's whose target others may hold from now on. */
  readonly exposed: readonly Value[];
  /** Memory that others reach may have changed in other ways too. */
  readonly changesShared: SharedChange;
  readonly kernel: KernelOutcome;
  /** Sockets that the callers have a name for now. */
  readonly sockets: readonly SocketFact[];
}

/** What is left of locks and of what the driver has from the kernel, as far as callers have names for it. */
export interface KernelOutcome {
  readonly demands: readonly Demand[];
  readonly released: readonly Released[];
  readonly held: readonly Held[];
  readonly blocks: readonly Block[];
  readonly isVague: boolean;
}

export type Summary = { readonly kind: 'known'; readonly outcomes: readonly Outcome[] } | { readonly kind: 'unknown' };

export interface ReturnState {
  readonly state: State;
  readonly returned: Value | undefined;
}

export function summarise(returns: readonly ReturnState[]): Summary {
  if (returns.some(({ state }) => state.isVague)) return { kind: 'unknown' };
  let outcomes = distinct(returns.map(outcomeOf));
  for (const care of ['what is made', 'nothing', 'failures', 'classes', 'stories'] as const)
    if (outcomes.length > (care === 'what is made' ? FEW_OUTCOMES : MAX_OUTCOMES))
      outcomes = distinct(mergeAlike(returns, care).map(outcomeOf));
  return outcomes.length > MAX_OUTCOMES ? { kind: 'unknown' } : { kind: 'known', outcomes: withOneOrder(outcomes) };
}

/** A function that takes two locks in either order, as by their addresses, asks for none. */
function withOneOrder(outcomes: readonly Outcome[]): readonly Outcome[] {
  const orders = outcomes.flatMap(({ kernel }) => kernel.demands.filter(({ kind }) => kind === 'order'));
  const isEither = (one: Demand): boolean =>
    one.kind === 'order' &&
    orders.some(
      (other) =>
        other.kind === 'order' && other.lock.key === one.outer.lock.key && other.outer.lock.key === one.lock.key,
    );
  if (!orders.some(isEither)) return outcomes;
  return outcomes.map((outcome) => ({
    ...outcome,
    kernel: { ...outcome.kernel, demands: outcome.kernel.demands.filter((one) => !isEither(one)) },
  }));
}

/**
 * What ways are told apart by, besides their events: what they return and, where that is not known, what they make; what
 * they return; the same, but failures are one; the class of what they return alone. In the end ways of a class are one
 * whose stories can be told as one.
 */
type Care = 'what is made' | 'nothing' | 'failures' | 'classes' | 'stories';

function mergeAlike(returns: readonly ReturnState[], care: Care): readonly ReturnState[] {
  const groups = new Map<string, ReturnState>();
  for (const entry of returns) {
    const { returned: given } = entry;
    const returned = given === undefined ? undefined : resolve(entry.state, given);
    const result = returned === undefined ? '' : resultOf(entry.state, returned, care);
    const { events, kernel } = outcomeOf(entry);
    const isTold = care !== 'what is made' || result !== 'value';
    const made = isTold
      ? []
      : kernel.blocks.flatMap((b) => (b.made === undefined || b.keptBy !== 'nobody' ? [] : b.kind));
    const alike = `${result}|${made.join()}`;
    if (care !== 'stories') {
      const key = `${storyKey(events)}|${alike}`;
      const known = groups.get(key);
      groups.set(key, known === undefined ? entry : merged(known, entry, known.state.events));
      continue;
    }
    let number = 0;
    for (; ; number++) {
      const known = groups.get(`${alike}|${number}`);
      const story = known === undefined ? events : joinStories(known.state.events, events);
      if (story === undefined) continue;
      groups.set(
        `${alike}|${number}`,
        known === undefined ? { ...entry, state: { ...entry.state, events } } : merged(known, entry, story),
      );
      break;
    }
  }
  return [...groups.values()];
}

function merged(one: ReturnState, other: ReturnState, events: readonly FlowEvent[]): ReturnState {
  // The result travels through the join as a temporary.
  const withResult = ({ state, returned: value }: ReturnState): State => {
    const temporaries: State['temporaries'] = new SharedMap();
    if (value !== undefined) temporaries.set(0, value);
    return { ...state, events: [], temporaries };
  };
  const state = joinStates(withResult(one), withResult(other), { point: 'end', isLoopHead: false });
  return { state: { ...state, events }, returned: state.temporaries.get(0) };
}

/** What ways that return it are known by. */
function resultOf(state: State, returned: Value, care: Care): string {
  if (care === 'what is made' || care === 'nothing') return returned.kind === 'integer' ? returned.key : 'value';
  const range = rangeOf(state, returned);
  if (range.max !== undefined && range.max < 0n) return 'failure';
  if (returned.kind === 'integer') {
    const isTold = care === 'failures' || returned.value <= 1n || returned.value === STATUS_PENDING;
    return isTold ? returned.key : 'number';
  }
  return care === 'failures' || contains(range, 0n) ? 'value' : 'number';
}

function distinct(outcomes: readonly Outcome[]): readonly Outcome[] {
  const seen = new Map<string, Outcome>();
  for (const outcome of outcomes) {
    const key = [
      outcome.returned?.key,
      outcome.conditions.map((c) => c.value.key + rangeKey(c.range)).sort(),
      storyKey(outcome.events),
      outcome.cells.map((c) => `${c.place.key}=${c.value.key}|${c.unreached?.key}`).sort(),
      outcome.regions.map((value) => value.key).sort(),
      outcome.exposed.map((value) => value.key).sort(),
      outcome.changesShared,
      outcome.sockets.map(({ socket, did }) => `${socket.key}${did.join('+')}`),
      outcome.kernel.released.map((r) => (r.handle ?? r.lock).key),
      outcome.kernel.held.map((h) => h.lock.key),
      outcome.kernel.blocks.map((b) => `${b.value.key}${b.life}${keeperKey(b.keptBy)}`),
    ].join('\n');
    if (!seen.has(key)) seen.set(key, outcome);
  }
  return [...seen.values()];
}

function outcomeOf({ state, returned }: ReturnState): Outcome {
  const made = new Set<string>();
  const cells: Cell[] = [];
  let changesShared = state.changedShared;
  // An object that is returned or stored where callers find it belongs to them; what it points to does then too.
  for (let before = -1; before !== made.size; ) {
    before = made.size;
    cells.length = 0;
    if (returned !== undefined) handOver(returned, made);
    for (const cell of state.cells.values()) {
      if (isInitial(cell)) continue;
      if (!isNameable(cell.place, made)) {
        const { root } = cell.place;
        if (root.kind === 'pointee' && root.pointer.source.kind !== 'new')
          changesShared = moreChanged(changesShared, isOfSharedChange(cell.value) ? 'waiting' : 'anyhow');
        continue;
      }
      handOver(cell.value, made);
      cells.push(cell);
    }
    for (const event of state.events)
      if ((event.kind === 'send' || event.kind === 'registration') && concerns(event, made))
        handOver(event.result, made);
  }
  const events = state.events.flatMap((event) => {
    if (!concerns(event, made))
      return event.kind === 'registration' && endsUnnamed(event) ? [{ ...event, block: ANYTHING }] : [];
    // An IRP that stays here is told for its stack size alone.
    return [event.kind === 'allocate' && !isMeaningful(event.irp, made) ? { ...event, irp: ANYTHING } : event];
  });
  const conditions = [...state.ranges.values()].flatMap(({ value, range }) => {
    if (!isMeaningful(value, made)) return [];
    // Used without a check: no condition, the event of the use tells.
    const kept = state.trusted.has(value.key) ? without(range, 0n) : range;
    return kept.min === undefined && kept.max === undefined && kept.not.length === 0 ? [] : [{ value, range: kept }];
  });
  const exposed = [...state.exposed.values()].filter((value) => isMeaningful(value, made));
  const kernel = kernelOutcome(state, made, cells);
  const sockets = [...state.wsk.sockets.values()].flatMap((fact): readonly SocketFact[] => {
    if (!isMeaningful(fact.socket, made)) return [];
    // A caller that gets nothing but the socket has to ask itself.
    const isUnchecked = returned?.key === fact.socket.key && mayBeNone(state, fact);
    return [isUnchecked ? { ...fact, isUnchecked } : fact];
  });
  const few = fewCells({ ...state, changedShared: changesShared }, cells, { most: MANY_CELLS, spoken: [returned] });
  const regions = new Set([...state.regions.values(), ...(few?.regions ?? [])]);
  return {
    returned,
    conditions,
    events,
    cells: few?.kept ?? cells,
    regions: [...regions].filter((pointer) => isMeaningful(pointer, made)),
    exposed,
    changesShared,
    kernel,
    sockets,
  };
}

function kernelOutcome(state: State, made: ReadonlySet<string>, cells: readonly Cell[]): KernelOutcome {
  const { kernel, failed } = state;
  const isKnown = (value: Value): boolean => isMeaningful(value, made);
  // What lies where callers look for it is theirs alone.
  const keptByAfter = ({ keptBy, value }: Block): KeptBy => {
    if (keptBy === 'nobody' || keptBy === 'variables') return keptBy;
    const isHandedOut =
      keptBy === 'callers' && cells.some((cell) => cell.value.key === value.key && isCallers(cell.place));
    return isHandedOut ? 'nobody' : 'others';
  };
  const released = [...kernel.released.values()].filter(
    ({ lock, handle, isOnSomeWays }) => isKnown(handle ?? lock) && isOnSomeWays !== true,
  );
  const held = [...kernel.held.values()].filter(({ lock }) => isKnown(lock));
  return {
    demands: [...kernel.demands.values()].filter((d) => {
      if (d.kind === 'lock-free') return isKnown(d.lock);
      if (d.kind === 'order') return isKnown(d.lock) && isKnown(d.outer.lock);
      if (d.kind === 'nonpaged') return isKnown(d.base);
      return d.kind !== 'level' || d.hangsOn === undefined || isKnown(d.hangsOn.value);
    }),
    released,
    held,
    blocks: blocksWith(kernel, failed).flatMap((block) => {
      if (!isKnown(block.value)) return [];
      const isSocket = block.kind === 'socket';
      // What callers could only guess of, they are not told.
      if (isSocket && !isSurelyMade(state, block)) return [];
      const told = { ...block, keptBy: keptByAfter(block) };
      return [isSocket ? { ...told, isChecked: true as const } : told];
    }),
    isVague: kernel.isVague || released.length !== kernel.released.size || held.length !== kernel.held.size,
  };
}

/** The blocks, and what could not be made: it is none of them any more. */
function blocksWith({ blocks }: KernelFacts, failed: Block | undefined): readonly Block[] {
  if (failed === undefined || blocks.has(failed.value.key)) return [...blocks.values()];
  return [...blocks.values(), { ...failed, life: 'none' }];
}

function handOver(value: Value, made: Set<string>): void {
  if (value.kind === 'symbol' && value.source.kind !== 'parameter' && value.source.kind !== 'initial')
    made.add(value.key);
}

/** The event is about an IRP or a buffer that the caller knows. */
function concerns(event: FlowEvent, made: ReadonlySet<string>): boolean {
  const isKnown = (value: Value | undefined): boolean =>
    value !== undefined && value.kind !== 'integer' && value.kind !== 'function' && isMeaningful(value, made);
  if (event.kind === 'wait') return true;
  if (event.kind === 'registration') return isKnown(event.block);
  if (event.kind === 'allocate') return isKnown(event.irp) || isKnown(event.stackSize);
  if (isKnown(event.irp) || concernsClient(event)) return true;
  return event.kind === 'send' && tellingArguments(event).some(isKnown);
}
