/**
 * Drops from a state what nothing can ask about any more, so that ways that differ only in that become one.
 *
 * Kept are: live temporaries and locals, shared memory, facts, events, and of the ranges those of values that are
 * still held somewhere, and of what callers can name (parameters and initial memory), which become conditions of the
 * function's outcomes.
 */
import { eventValues } from '../facts/events.ts';
import type { IrpFact } from '../facts/irp.ts';
import type { Block } from '../facts/kernel.ts';
import { mayBePending, settleCompleted } from '../facts/transition.ts';
import { wskValues } from '../facts/wsk.ts';
import type { Live } from '../lower/liveness.ts';
import { isUnshared } from '../lower/liveness.ts';
import { mentions, placeAt, type Step, type Value } from '../values/values.ts';
import { isOfSharedChange } from './memory.ts';
import { addRegion, fewCells } from './regions.ts';
import { type Cell, isInitial, isNull, moreChanged, noteUnnamed, type State } from './state.ts';

export function prune(state: State, live: Live): void {
  settleCompleted(state);
  for (const key of state.temporaries.keys()) if (!live.temporaries.has(key)) state.temporaries.delete(key);
  drop(state, live.variables);
}

/** As `prune`, in the midst of a block, where every temporary and local may still be read. */
export function dropNameless(state: State): void {
  drop(state, undefined);
}

/** `read`: the locals that only their names reach and that are still read; undefined where all of them may be. */
function drop(state: State, read: Live['variables'] | undefined): void {
  const held = dropUnreachable(state, read);
  for (const [key, fact] of state.facts) {
    if (fact.irp.kind === 'symbol' && fact.irp.source.kind !== 'parameter' && !held.has(key)) {
      if (isUsing(state, fact)) continue;
      if (isLost(state, fact)) state.leaked = [...state.leaked, fact];
      state.facts.delete(key);
    }
  }
  for (const fact of state.facts.values()) if (fact.life.kind === 'sent') hold(fact.life.result, held);
  pruneBlocks(state, held);
  for (const event of state.events) for (const value of eventValues(event)) hold(value, held);
  for (const value of wskValues(state.wsk)) hold(value, held);
  for (const { value } of state.ranges.values()) if (!isHeld(value, held)) state.ranges.delete(value.key);
  unfollow(state);
}

/** Cells that a state has at most of memory of which nothing is known but that it changed; from there on, regions tell. */
const MANY_CELLS = 200;

function unfollow(state: State): void {
  const few = fewCells(state, state.cells.values(), { most: MANY_CELLS, spoken: [] });
  if (few === undefined) return;
  state.cells.clear();
  for (const cell of few.kept) state.cells.set(cell.place.key, cell);
  for (const pointer of few.regions) addRegion(state, pointer);
}

/**
 * It was made for this driver, is not freed nor put anywhere, and now nobody has its address: it was not sent, or is back
 * from a call whose completion routine leaves it to the function.
 */
export function isLost(state: State, { origin, life, isKept, irp }: IrpFact): boolean {
  if (origin !== 'own' || isKept || isNull(state, irp)) return false;
  if (life.kind !== 'sent') return life.kind === 'idle';
  return life.frees.kind === 'never' && !life.frees.keeps && (!life.frees.reuses || !mayBePending(state, life));
}

/** The call that has it may still be using memory that the function can give back, itself or with a request. */
function isUsing(state: State, { life, routine }: IrpFact): boolean {
  if (life.kind !== 'sent' || !mayBePending(state, life)) return false;
  const isOfRequest = (key: string): boolean =>
    [...state.facts.values()].some((fact) => fact.origin === 'received' && mentions(key, fact.irp.key));
  const isThere = (key: string): boolean => state.kernel.blocks.get(key)?.life === 'live';
  const context = routine.kind === 'set' ? placeAt(routine.context)?.root : undefined;
  if (context?.kind === 'pointee' && isThere(context.pointer.key)) return true;
  return life.memory.some((key) => isThere(key) || isOfRequest(key));
}

/** What was not made is nothing to give back; what was given back and has no name any more, nobody can use. */
function pruneBlocks(state: State, held: Set<string>): void {
  const { blocks } = state.kernel;
  // By its MDL paged memory is reached for as long as that is there.
  for (const { kind, value, life, base } of blocks.values())
    if (kind === 'mdl' && life === 'live' && base?.kind === 'symbol' && blocks.get(base.key)?.isPaged === true)
      if (isHeld(value, held)) held.add(base.key);
  for (const [key, found] of blocks) {
    const block = isByNobody(state, found) ? { ...found, keptBy: 'nobody' as const } : found;
    if (block !== found) blocks.set(key, block);
    const { value, life, keptBy } = block;
    const isNameless = !isHeld(value, held);
    const isNone = isNull(state, value);
    if (isNone && block.made !== undefined && block.isNullable) state.failed = block;
    // A caller of what could not make it has not looked yet.
    const isToldOf = life === 'none' && !isNameless;
    if ((isNone && !isToldOf) || (isNameless && (life === 'freed' || keptBy !== 'nobody'))) blocks.delete(key);
    else held.add(key);
  }
}

/** The MDL that was to lead others to the memory could not be made. */
function isByNobody(state: State, { keptBy }: Block): boolean {
  return typeof keptBy === 'object' && isNull(state, keptBy.mdl);
}

/** Drops cells of locals that nobody reads and behind pointers that nothing holds any more; gives the symbols that are held. */
function dropUnreachable(state: State, read: Live['variables'] | undefined): Set<string> {
  const held = new Set<string>();
  for (const value of state.temporaries.values()) hold(value, held);
  for (const send of state.calls) for (const value of eventValues(send)) hold(value, held);
  holdLosers(state, held);
  const keep = (cell: Cell): boolean => {
    if (!isReachable(state, cell, held)) return false;
    const { root, steps } = cell.place;
    hold(cell.value, held);
    if (root.kind === 'pointee') held.add(root.pointer.key);
    for (const step of steps) if (step.kind === 'index') hold(step.index, held);
    return true;
  };
  // Nearly all are reached at once; the few others are tried again as long as that holds more.
  let open: Cell[] = [];
  for (const cell of state.cells.values()) {
    const { root, key } = cell.place;
    const isOver = read !== undefined && root.kind === 'local' && !read.has(root.variable) && isUnshared(root.variable);
    if (isOver) state.cells.delete(key);
    else if (!keep(cell)) open.push(cell);
  }
  for (let count = -1; count !== open.length; ) {
    count = open.length;
    open = open.filter((cell) => !keep(cell));
  }
  for (const cell of open) {
    const { root } = cell.place;
    // A change that no caller could be told of by name is still a change.
    if (root.kind === 'pointee' && root.pointer.source.kind !== 'new') {
      const isAsBefore = isInitial(cell) || isOfSharedChange(cell.value);
      if (root.pointer.source.kind === 'other' || !isInitial(cell))
        state.changedShared = moreChanged(state.changedShared, isAsBefore ? 'waiting' : 'anyhow');
    }
    state.cells.delete(cell.place.key);
  }
  noteUnnamed(state, open);
  return held;
}

/** Memory that was given back and leads to a live MDL or socket, which nobody else may lead to: its end is where that is told. */
function holdLosers(state: State, held: Set<string>): void {
  const { blocks } = state.kernel;
  for (const { kind, made, life, keptBy, value } of blocks.values()) {
    if ((kind !== 'mdl' && kind !== 'socket') || made === undefined || life !== 'live' || keptBy === 'nobody') continue;
    for (const { place, value: found } of state.cells.values()) {
      if (place.root.kind !== 'pointee' || !mentions(found.key, value.key)) continue;
      const { key } = place.root.pointer;
      if (blocks.get(key)?.freed !== undefined || state.facts.get(key)?.life.kind === 'freed') held.add(key);
    }
  }
}

function isReachable(state: State, cell: Cell, held: ReadonlySet<string>): boolean {
  const { root, steps } = cell.place;
  if (root.kind === 'pointee') {
    if (held.has(root.pointer.key)) return areIndexesHeld(steps, held) || isTelling(state, cell);
    // What callers can name stays where it has been changed.
    return !isInitial(cell) && isHeld(root.pointer, held);
  }
  return areIndexesHeld(steps, held) || isTelling(state, cell);
}

/** Where nobody has an index any more, nobody reads or writes the element by its name again. */
function areIndexesHeld(steps: readonly Step[], held: ReadonlySet<string>): boolean {
  for (const step of steps) if (step.kind === 'index' && !isHeld(step.index, held)) return false;
  return true;
}

/** The cell says more than that its place has some value. */
function isTelling(state: State, cell: Cell): boolean {
  const { value } = cell;
  if (isInitial(cell) || value.kind === 'anything') return false;
  if (value.kind !== 'symbol' || value.source.kind !== 'other') return true;
  return state.facts.has(value.key) || state.kernel.blocks.has(value.key) || state.wsk.sockets.has(value.key);
}

function hold(value: Value, held: Set<string>): void {
  if (value.kind === 'symbol') held.add(value.key);
  else if (value.kind === 'operation') {
    hold(value.left, held);
    hold(value.right, held);
  } else if (value.kind === 'address' && value.place.root.kind === 'pointee') hold(value.place.root.pointer, held);
}

/** Somebody has the value, or can make it from what they have: the function itself, or its callers. */
function isHeld(value: Value, held: ReadonlySet<string>): boolean {
  switch (value.kind) {
    case 'symbol':
      if (held.has(value.key)) return true;
      switch (value.source.kind) {
        case 'parameter':
          return true;
        case 'initial': {
          const { root, steps } = value.source.place;
          return (root.kind !== 'pointee' || isHeld(root.pointer, held)) && areIndexesHeld(steps, held);
        }
        case 'new':
        case 'other':
          return false;
      }
      break;
    case 'operation':
      return isHeld(value.left, held) && isHeld(value.right, held);
    case 'integer':
    case 'function':
    case 'address':
    case 'anything':
      return true;
  }
}
