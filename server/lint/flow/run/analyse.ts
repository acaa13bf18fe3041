/**
 * A function's states, from its entry to a fixed point.
 *
 * Of the blocks for which something waits the first in order (lower/order.ts) is taken: a way that goes round a loop is
 * followed to its end before others go round, and finds for them what they would have, and what follows the loop is taken
 * when it has come to rest. Ways that come to a block are kept apart as long as rules or callers can tell them apart
 * (arrivals.ts). Where that takes too much, they are followed with less care, and in the end joined wherever they meet: a
 * very large function is still seen to its end, in a time that goes with its length. Kinds of states are bounded, so the
 * work ends; where a limit was hit the function's summary is unknown, and the analysis says so.
 */
import type { FunctionSymbol, NodeBase } from '../../../../cfront/parse/ast.ts';
import { isIrpPointer } from '../../body/irp-type.ts';
import { neverReturns, raises } from '../calls/apis.ts';
import { asksForPaged } from '../calls/pool.ts';
import { type PendingMark, pendingMarkOf } from '../facts/pending-mark.ts';
import { STATUS_PENDING } from '../facts/statuses.ts';
import { buildGraph } from '../lower/graph.ts';
import { type Block, type Graph, successors } from '../lower/ir.ts';
import { findLive, type Live } from '../lower/liveness.ts';
import { findUnset } from '../lower/unset.ts';
import { assume, assumeCase, assumeNotCase } from '../state/conditions.ts';
import { prune } from '../state/prune.ts';
import { copyState, isNull, narrow, rangeOf, resolve, type State } from '../state/state.ts';
import { type Where, whereOf } from '../state/where.ts';
import { contains, exactly, single } from '../values/ranges.ts';
import { ANYTHING, parameterValue, type Value } from '../values/values.ts';
import {
  type Arrivals,
  admit,
  type Care,
  few,
  loseEvents,
  MAX_KINDS,
  noArrivals,
  settle,
  takeLessCare,
} from './arrivals.ts';
import { entryState, isCompletionRoutine } from './entry.ts';
import { runBlock } from './interpret.ts';
import { forgetCompleted } from './rounds.ts';
import type { Run } from './run.ts';
import type { Analysis, Exit, FunctionInfo, MemoryFreed, Session } from './session.ts';
import { type ReturnState, summarise } from './summary.ts';

/** Blocks run for one function, each time counted; in a very long one, so many for each of its blocks. */
const MAX_BLOCK_RUNS = 2_500;
const MAX_RUNS_A_BLOCK = 5;
/**
 * Work for one function: the instructions that were run, each as often as it was, and the memory that was known when
 * their block began, once more for each call, since calls change it. It bounds the time where blocks are long, or much
 * is known.
 */
const MAX_WORK = 1_000_000;
/** How much of these limits may be used once more by ways that are joined wherever they meet: they soon come to rest. */
const JOINED = 0.5;

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
  const isCut = graph.isCut || result.isCut;
  return {
    summary: !isCut && result.care === 'told' ? summarise(result.returns) : { kind: 'unknown' },
    exits: result.exits,
    frees: isCut ? new Map() : freedAlways(result.returns),
    freesMemory: isCut ? new Map() : memoryFreedAlways([...result.returns.map(({ state }) => state), ...result.ends]),
    unset: fn.isUsers ? findUnset(graph) : [],
    limit: limitOf(graph, result),
  };
}

function limitOf(graph: Graph, { isCut, care }: Explored): string | undefined {
  if (graph.isCut) return 'was not checked to the end: it has too many statements';
  if (isCut) return 'was not checked to the end: there are too many ways through it';
  return care === 'joined' ? 'was not checked way by way to the end: there are too many ways through it' : undefined;
}

interface Explored {
  readonly returns: readonly ReturnState[];
  /** Where it ends the thread. */
  readonly ends: readonly State[];
  readonly exits: readonly Exit[];
  /** With how much the last ways were followed: callers are told nothing where that was not enough to tell them all. */
  readonly care: Care;
  /** A limit was hit before all ways were seen. */
  readonly isCut: boolean;
}

/**
 * First with a record of events for callers. Where the ways differ in too many of them, or take too long, callers are told
 * nothing, and from there on the ways are told apart by what this function's own rules need. Where that takes too long
 * too, ways are joined wherever they meet, so that the rest of the function is seen at least as far as all ways agree.
 */
function explore(run: Run): Explored {
  const { session, fn, graph, live } = run;
  const entries = countEntries(graph);
  const calls = graph.blocks.map(({ instructions }) => instructions.filter(({ op }) => op === 'call').length);
  const arrivals = graph.blocks.map(noArrivals);
  const returns: ReturnState[] = [];
  const ends: State[] = [];
  const exits: Exit[] = [];
  const runsMax = Math.max(MAX_BLOCK_RUNS, graph.blocks.length * MAX_RUNS_A_BLOCK);
  const spent: { care: Care; runs: number; work: number } = { care: 'told', runs: 0, work: 0 };
  let isCut = false;

  const takeLess = (): void => {
    spent.care = spent.care === 'told' ? 'untold' : 'joined';
    spent.runs = 0;
    spent.work = 0;
    for (const [order, own] of arrivals.entries())
      takeLessCare(own, graph.blocks[order] as Block, { care: spent.care, isOnlyWay: entries[order] === 1 });
  };
  const arrive = (block: Block, state: State, from: Block | undefined): void => {
    if (spent.care !== 'told') loseEvents(state);
    prune(state, live.blocks[block.order] as Live);
    const own = arrivals[block.order] as Arrivals;
    // Where only one way leads in, its states have been told apart already.
    if (entries[block.order] === 1 && from !== undefined) own.waiting.set(`#${own.passed++}`, state);
    else {
      const isBack = from !== undefined && from.order >= block.order;
      if (isBack) forgetCompleted(state, graph, from);
      admit(own, block, state, { care: spent.care, isBack });
    }
    if (spent.care === 'told' && own.kinds.size > MAX_KINDS) takeLess();
  };
  const loops = loopsOf(graph);
  const waits = (order: number): boolean => (arrivals[order]?.waiting.size ?? 0) > 0;
  if (graph.blocks[0] !== undefined) arrive(graph.blocks[0], entryState(session, fn), undefined);

  for (let order = 0; order < graph.blocks.length && !isCut; ) {
    const block = graph.blocks[order] as Block;
    const own = arrivals[order] as Arrivals;
    settle(own, block);
    const { waiting } = own;
    const [next] = waiting;
    if (next === undefined) {
      // Round the innermost loop that ends here, as long as something waits at its head.
      const head = loops.find((loop) => loop.end === order && waits(loop.head));
      order = head === undefined ? order + 1 : head.head;
      continue;
    }
    const [key, state] = next;
    waiting.delete(key);
    spent.work += block.instructions.length + state.cells.size * (1 + (calls[order] ?? 0));
    const share = spent.care === 'joined' ? JOINED : 1;
    if (++spent.runs > runsMax * share || spent.work > MAX_WORK * share) {
      if (spent.care === 'joined') isCut = true;
      else {
        takeLess();
        loseEvents(state);
      }
    }
    for (const after of runBlock(run, block, state, (states) => few(states, spent.care))) {
      if (block.end.kind === 'stop' && block.end.endsThread === true) ends.push(after);
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
            lacksContext: lacksContext(fn, way.state),
            pendingMark: markAt(fn, way.state),
          };
          session.observer.exit(exit, way.state, fn);
          exits.push(exit);
          returns.push({ state: way.state, returned: nameOfNull(way.state, fn, value) });
        } else arrive(way.to, way.state, block);
      }
    }
  }
  return { returns, ends, exits, care: spent.care, isCut };
}

/**
 * NULL goes back because an allocation failed on this way: callers get it by the name of what was not allocated, so that
 * they know whence it comes. Any other value as it is.
 */
function nameOfNull(state: State, fn: FunctionInfo, value: Value | undefined): Value | undefined {
  const { result } = fn.definition.symbol.type;
  if (value?.kind !== 'integer' || value.value !== 0n || result.kind !== 'pointer') return value;
  const { failed } = state;
  if (isIrpPointer(result) || failed === undefined) {
    for (const { value: made, range } of state.ranges.values())
      if (made.kind === 'symbol' && made.source.kind === 'new' && single(range) === 0n) return made;
    return value;
  }
  return narrow(state, failed.value, exactly(0n)) ? failed.value : value;
}

function isPassedOn(state: State, value: Value): boolean {
  const isResult = state.events.some((e) => e.kind === 'send' && !e.isWsk && e.result.key === value.key);
  return isResult && contains(rangeOf(state, value), STATUS_PENDING);
}

function lacksContext(fn: FunctionInfo, state: State): boolean {
  return isCompletionRoutine(fn) && isNull(state, parameterValue(2));
}

function markAt(fn: FunctionInfo, state: State): PendingMark | undefined {
  const irp = fn.definition.parameters[1];
  if (irp === undefined || !isCompletionRoutine(fn)) return undefined;
  return pendingMarkOf(state, parameterValue(1), irp.type);
}

function freedAlways(returns: readonly ReturnState[]): ReadonlyMap<number, Where> {
  const frees = new Map<number, Where>();
  const [first] = returns;
  for (const [key, where] of first?.state.freed ?? []) {
    if (returns.every(({ state }) => state.freed.has(key))) frees.set(Number(key.slice(2, -1)), where);
  }
  return frees;
}

function memoryFreedAlways(states: readonly State[]): ReadonlyMap<number, MemoryFreed> {
  const frees = new Map<number, MemoryFreed>();
  const [first, ...others] = states;
  for (const [key, { kind, freed }] of first?.kernel.blocks ?? []) {
    const parameter = /^<p(\d+)>$/.exec(key)?.[1];
    if (parameter === undefined || freed === undefined || (kind !== 'pool' && kind !== 'entry')) continue;
    if (others.every(({ kernel }) => kernel.blocks.get(key)?.life === 'freed'))
      frees.set(Number(parameter), { kind, freed });
  }
  return frees;
}

type Way =
  | { readonly to: Block; readonly state: State }
  | { readonly to: undefined; readonly state: State; readonly value: Value | undefined; readonly node: NodeBase };

/** Where the blocks of a loop begin and end, by their order; inner loops first. */
interface Loop {
  readonly head: number;
  /** The last block from which a way leads back: whoever waits at the head waits until all of these have been run. */
  readonly end: number;
}

function loopsOf(graph: Graph): readonly Loop[] {
  const ends = new Map<number, number>();
  for (const { order, end } of graph.blocks)
    for (const next of successors(end))
      if (next.order <= order) ends.set(next.order, Math.max(ends.get(next.order) ?? 0, order));
  return [...ends].map(([head, end]) => ({ head, end })).sort((a, b) => b.head - a.head);
}

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
