/**
 * A function's states, from its entry to a fixed point.
 *
 * Blocks are taken in reverse postorder. Ways that come to a block are kept apart as long as rules or callers can tell
 * them apart, and a few more of each kind, so that branches stay correlated; beyond that they are joined. At a loop
 * head all ways of a kind that come round are joined with widening. Kinds are bounded too, so the work ends; where a
 * limit was hit the function's summary is unknown, and the analysis says so.
 */
import type { FunctionSymbol, NodeBase } from '../../../../cfront/parse/ast.ts';
import { sizeOf } from '../../../../cfront/types/layout.ts';
import { isIrpPointer } from '../../irp-type.ts';
import { roleOf } from '../../roles.ts';
import { neverReturns, raises } from '../calls/apis.ts';
import { noteArgument } from '../calls/blocks.ts';
import { currentLevel } from '../calls/demands.ts';
import { asksForPaged } from '../calls/pool.ts';
import { unknownIrp } from '../facts/irp.ts';
import { type PendingMark, pendingMarkOf } from '../facts/pending-mark.ts';
import { STATUS_PENDING } from '../facts/statuses.ts';
import { buildGraph } from '../lower/graph.ts';
import { type Block, type Graph, successors } from '../lower/ir.ts';
import { findLive, type Live } from '../lower/liveness.ts';
import { assume, assumeCase, assumeNotCase } from '../state/conditions.ts';
import { joinStates } from '../state/join.ts';
import { variablePlace } from '../state/memory.ts';
import { prune } from '../state/prune.ts';
import { copyState, emptyState, fullKey, kindKey, narrow, rangeOf, resolve, type State } from '../state/state.ts';
import { type Where, whereOf } from '../state/where.ts';
import { contains, NOT_ZERO } from '../values/ranges.ts';
import { ANYTHING, symbolValue, type Value } from '../values/values.ts';
import { runBlock } from './interpret.ts';
import { forgetCompleted } from './rounds.ts';
import type { Run } from './run.ts';
import type { Analysis, Exit, FunctionInfo, Session } from './session.ts';
import { type ReturnState, summarise } from './summary.ts';

/** States of one kind that a block keeps apart. */
const MAX_ALIKE = 3;
/** Kinds of states that a block keeps apart. */
const MAX_KINDS = 12;
/** Beyond so many kinds, only one state of each is kept. */
const MANY_KINDS = 4;
/** Blocks run for one function, each time counted; in a very long one, so many for each of its blocks. */
const MAX_BLOCK_RUNS = 2_500;
const MAX_RUNS_A_BLOCK = 5;
/**
 * Work for one function: the instructions that were run, each as often as it was, and the memory that was known when
 * their block began, once more for each call, since calls change it. It bounds the time where blocks are long, or much
 * is known.
 */
const MAX_WORK = 1_000_000;

/** What the names of states begin with that come round a loop. */
const BACK = 'back';

/** What has come to a block. */
interface Arrivals {
  readonly seen: Set<string>;
  /** By kind: how many were kept apart, and what the others were joined to. */
  readonly kinds: Map<string, { count: number; joined: State | undefined }>;
  /** States that the block has still to be run with. A joined state that grows before its turn takes its own place. */
  readonly waiting: Map<string, State>;
}

export function analyseFunction(session: Session, fn: FunctionInfo): Analysis {
  const mayRaise = (callee: FunctionSymbol | undefined): boolean => {
    if (callee === undefined || session.functionOf(callee) !== undefined) return false;
    return raises(callee.name) || (!session.isKnownApi(callee) && !neverReturns(callee.name));
  };
  const lacksHeaders = fn.unit.includes.some(({ file }) => file === undefined);
  const graph = buildGraph(fn.definition, { mayRaise, lacksHeaders });
  for (const field of graph.exposedFields) fn.told.fields.other.add(field);
  const live = findLive(graph);
  const run: Run = { session, fn, graph, live, mayFindPaged: asksForPaged(session) };
  const result = explore(run);
  const limit = graph.isCut
    ? 'it has too many statements'
    : result.isCut
      ? 'there are too many ways through it'
      : undefined;
  const isWhole = limit === undefined;
  return {
    summary: isWhole && result.tellsCallers ? summarise(result.returns) : { kind: 'unknown' },
    exits: result.exits,
    frees: isWhole ? freedAlways(result.returns) : new Map(),
    limit,
  };
}

interface Explored {
  readonly returns: readonly ReturnState[];
  readonly exits: readonly Exit[];
  /** The ways differ in what callers are told no more than the limits allow. */
  readonly tellsCallers: boolean;
  /** A limit was hit before all ways were seen. */
  readonly isCut: boolean;
}

/**
 * First with a record of events for callers. Where the ways differ in too many of them, callers are told nothing, and
 * from there on the ways are told apart by what this function's own rules need.
 */
function explore(run: Run): Explored {
  const { session, fn, graph, live } = run;
  const entries = countEntries(graph);
  const calls = graph.blocks.map(({ instructions }) => instructions.filter(({ op }) => op === 'call').length);
  const arrivals: Arrivals[] = graph.blocks.map(() => ({ seen: new Set(), kinds: new Map(), waiting: new Map() }));
  const returns: ReturnState[] = [];
  const exits: Exit[] = [];
  const runsMax = Math.max(MAX_BLOCK_RUNS, graph.blocks.length * MAX_RUNS_A_BLOCK);
  let tellsCallers = true;
  let isCut = false;
  let runs = 0;
  let work = 0;

  const stopTelling = (): void => {
    tellsCallers = false;
    runs = 0;
    work = 0;
    for (const [order, own] of arrivals.entries())
      forgetEvents(own, graph.blocks[order] as Block, entries[order] === 1);
  };
  const arrive = (block: Block, state: State, from: Block | undefined): void => {
    if (!tellsCallers) loseEvents(state);
    prune(state, live.blocks[block.order] as Live);
    const own = arrivals[block.order] as Arrivals;
    // Where only one way leads in, its states have been told apart already.
    if (entries[block.order] === 1 && from !== undefined) own.waiting.set(`#${own.waiting.size}`, state);
    else {
      const isBack = from !== undefined && from.order >= block.order;
      if (isBack) forgetCompleted(state, graph, from);
      admit(own, block, state, isBack);
    }
    if (tellsCallers && own.kinds.size > MAX_KINDS) stopTelling();
  };
  if (graph.blocks[0] !== undefined) arrive(graph.blocks[0], entryState(session, fn), undefined);

  for (let order = 0; order < graph.blocks.length && !isCut; ) {
    const block = graph.blocks[order] as Block;
    const { waiting } = arrivals[order] as Arrivals;
    const [next] = waiting;
    if (next === undefined) {
      order++;
      continue;
    }
    const [key, state] = next;
    waiting.delete(key);
    work += block.instructions.length + state.cells.size * (1 + (calls[order] ?? 0));
    if (++runs > runsMax || work > MAX_WORK) {
      if (!tellsCallers) isCut = true;
      else {
        stopTelling();
        loseEvents(state);
      }
    }
    let lowest = order;
    for (const after of runBlock(run, block, state, few)) {
      for (const way of leave(block, after)) {
        if (way.to === undefined) {
          const value = way.value === undefined ? undefined : resolve(way.state, way.value);
          const { held, ended, released, isVague } = way.state.kernel;
          const exit: Exit = {
            where: whereOf(way.node),
            value,
            given: way.value,
            isPassedOn: value !== undefined && isPassedOn(way.state, value),
            held: [...held.values()],
            ended: new Set(ended.keys()),
            released: [...released.values()],
            isVague,
            pendingMark: markAt(fn, way.state),
          };
          session.observer.exit(exit, way.state, fn);
          exits.push(exit);
          returns.push({ state: way.state, returned: value });
        } else {
          arrive(way.to, way.state, block);
          lowest = Math.min(lowest, way.to.order);
        }
      }
    }
    order = lowest;
  }
  return { returns, exits, tellsCallers, isCut };
}

function isPassedOn(state: State, value: Value): boolean {
  const isResult = state.events.some((e) => e.kind === 'send' && !e.isWsk && e.result.key === value.key);
  return isResult && contains(rangeOf(state, value), STATUS_PENDING);
}

function markAt(fn: FunctionInfo, state: State): PendingMark | undefined {
  const irp = fn.definition.parameters[1];
  if (irp === undefined || !isCompletionRoutine(fn)) return undefined;
  return pendingMarkOf(state, symbolValue('p1', { kind: 'parameter', index: 1 }), irp.type);
}

function freedAlways(returns: readonly ReturnState[]): ReadonlyMap<number, Where> {
  const frees = new Map<number, Where>();
  const [first] = returns;
  for (const [key, where] of first?.state.freed ?? []) {
    if (returns.every(({ state }) => state.freed.has(key))) frees.set(Number(key.slice(2, -1)), where);
  }
  return frees;
}

type Way =
  | { readonly to: Block; readonly state: State }
  | { readonly to: undefined; readonly state: State; readonly value: Value | undefined; readonly node: NodeBase };

/** Edges into each block, by its order. */
function countEntries(graph: Graph): readonly number[] {
  const entries = graph.blocks.map(() => 0);
  for (const block of graph.blocks)
    for (const next of successors(block.end)) entries[next.order] = (entries[next.order] ?? 0) + 1;
  return entries;
}

/** The ways out of a block, each with its own state. */
function leave(block: Block, state: State): readonly Way[] {
  const { end } = block;
  const get = (temporary: number): Value => state.temporaries.get(temporary) ?? ANYTHING;
  switch (end.kind) {
    case 'jump':
      return [{ to: end.to, state }];
    case 'branch': {
      const condition = get(end.condition);
      const known = resolve(state, condition);
      if (known.kind === 'integer') return [{ to: known.value === 0n ? end.otherwise : end.then, state }];
      const otherwise = copyState(state);
      const ways: Way[] = [];
      if (assume(state, condition, true)) ways.push({ to: end.then, state });
      if (assume(otherwise, condition, false)) ways.push({ to: end.otherwise, state: otherwise });
      return ways;
    }
    case 'switch': {
      const value = get(end.value);
      const ways: Way[] = [];
      const rest = copyState(state);
      let isOpen = true;
      for (const { low, high, block: to } of end.cases) {
        const own = copyState(state);
        if (assumeCase(own, value, low, high, end.type)) ways.push({ to, state: own });
        isOpen = isOpen && assumeNotCase(rest, value, low, high, end.type);
      }
      if (isOpen) ways.push({ to: end.otherwise, state: rest });
      return ways;
    }
    case 'either':
      return end.to.map((to, index) => ({ to, state: index === end.to.length - 1 ? state : copyState(state) }));
    case 'return':
      return [{ to: undefined, state, value: end.value === undefined ? undefined : get(end.value), node: end.node }];
    case 'stop':
      return [];
  }
}

/** How many states of one kind are kept apart where there are so many kinds. */
function alikeOf(kinds: number): number {
  return kinds > MANY_KINDS ? 1 : MAX_ALIKE;
}

function loseEvents(state: State): void {
  state.events = [];
  state.isVague = true;
}

/** What waits for the block is told apart without events from now on. */
function forgetEvents(own: Arrivals, block: Block, isOnlyWay: boolean): void {
  const waiting = [...own.waiting];
  for (const [, state] of waiting) loseEvents(state);
  if (isOnlyWay) return;
  own.seen.clear();
  own.kinds.clear();
  own.waiting.clear();
  for (const [key, state] of waiting) admit(own, block, state, key.startsWith(BACK));
}

/** Lets a state wait for the block, alone or joined with others of its kind, unless it brings nothing new. */
function admit({ seen, kinds, waiting }: Arrivals, block: Block, state: State, isBack: boolean): void {
  const kindWithEvents = kindKey(state, { events: true });
  const full = fullKey(state, kindWithEvents);
  if (seen.has(full)) return;
  seen.add(full);
  // Ways that come round a loop never mix with those that enter it: the first round keeps what is known before it.
  const round = isBack ? BACK : '';
  let kind = `${round}|${kindWithEvents}`;
  if (!kinds.has(kind) && kinds.size >= MAX_KINDS) kind = `${round}|${kindKey(state, { events: false })}`;
  if (!kinds.has(kind) && kinds.size >= 2 * MAX_KINDS) kind = `${round}|all`;
  const alike = kinds.get(kind) ?? { count: 0, joined: undefined };
  kinds.set(kind, alike);
  const most = isBack ? 1 : alikeOf(kinds.size);
  if (alike.count < most) {
    alike.count++;
    const isLast = alike.count === most;
    if (isLast) alike.joined = copyState(state);
    waiting.set(isLast ? kind : `${kind}#${alike.count}`, state);
    return;
  }
  const point = `${block.id}${round}`;
  const joined =
    alike.joined === undefined ? state : joinStates(alike.joined, state, { point, isLoopHead: block.isLoopHead });
  const key = fullKey(joined);
  alike.joined = joined;
  if (seen.has(key)) return;
  seen.add(key);
  waiting.set(kind, copyState(joined));
}

/** Keeps the states within a block to a number that the rest of the block can bear. */
function few(states: readonly State[]): readonly State[] {
  if (states.length <= MAX_ALIKE) return states;
  const seen = new Set<string>();
  const different = states.filter((state) => {
    const key = fullKey(state);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  const kinds = grouped(different, (state) => kindKey(state, { events: true }));
  if (kinds.length <= MAX_KINDS) return kinds.flatMap((alike) => joinBeyond(alike, alikeOf(kinds.length)));
  const facts = grouped(different, (state) => kindKey(state, { events: false }));
  if (facts.length <= MAX_KINDS) return facts.flatMap((alike) => joinBeyond(alike, 1));
  return joinBeyond(different, 1);
}

function grouped(states: readonly State[], keyOf: (state: State) => string): readonly (readonly State[])[] {
  const groups = new Map<string, State[]>();
  for (const state of states) {
    const key = keyOf(state);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [state]);
    else group.push(state);
  }
  return [...groups.values()];
}

/** The first `most` states, all others joined into the last of them. */
function joinBeyond(states: readonly State[], most: number): readonly State[] {
  if (states.length <= most) return states;
  const rest = states.slice(most - 1);
  const joined = rest.reduce((old, next) => joinStates(old, next, { point: 'call', isLoopHead: false }));
  return [...states.slice(0, most - 1), joined];
}

function entryState(session: Session, fn: FunctionInfo): State {
  const state = emptyState();
  const { parameters } = fn.definition;
  currentLevel(state);
  // A completion routine is given an IRP, always; a dispatch routine a device too.
  const isCompletion = isCompletionRoutine(fn);
  const isDispatch =
    parameters[1] !== undefined && isIrpPointer(parameters[1].type) && roleOf(session, fn) === 'DRIVER_DISPATCH';
  const nullable = nullableArgument(roleOf(session, fn));
  for (const [index, parameter] of parameters.entries()) {
    const value = symbolValue(`p${index}`, { kind: 'parameter', index });
    const place = variablePlace(session.names, parameter);
    state.cells.set(place.key, { place, value, size: Math.max(1, sizeOf(parameter.type)) });
    if ((index === 1 && isCompletion) || (index <= 1 && isDispatch)) narrow(state, value, NOT_ZERO);
    if (index === nullable) noteArgument(state, value);
    if (index === 1 && isDispatch)
      state.facts.set(value.key, {
        ...unknownIrp(value),
        origin: 'received',
        originWhere: whereOf(fn.definition),
        life: { kind: 'idle' },
        isPrepared: false,
        cancel: { kind: 'none' },
      });
  }
  return state;
}

/** Position of what WSK gives to an event callback, or NULL where the socket has failed. */
function nullableArgument(role: string | undefined): number | undefined {
  switch (role) {
    case 'WSK_ACCEPT_EVENT':
      return 4;
    case 'WSK_INSPECT_EVENT':
      return 3;
    case 'WSK_RECEIVE_EVENT':
    case 'WSK_RECEIVE_FROM_EVENT':
      return 2;
    default:
      return undefined;
  }
}

/** Takes (device object, IRP, context) and returns a status: what can stand as a completion routine. */
function isCompletionRoutine({ definition }: FunctionInfo): boolean {
  const [, irp, context, more] = definition.parameters;
  if (irp === undefined || context === undefined || more !== undefined) return false;
  return isIrpPointer(irp.type) && context.type.kind === 'pointer' && definition.symbol.type.result.kind === 'integer';
}
