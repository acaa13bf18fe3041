/**
 * One function under analysis: its events, and the summaries it asks for.
 */
import { tellsNobody } from '../../driver/silent-routines.ts';
import {
  concernsClient,
  eventKey,
  type FlowEvent,
  marksPending,
  type SendEvent,
  tellingArguments,
} from '../facts/events.ts';
import type { Frees, IrpFact } from '../facts/irp.ts';
import type { Block, Freed } from '../facts/kernel.ts';
import { transition, withLasting } from '../facts/transition.ts';
import { endsUnnamed } from '../facts/wsk.ts';
import type { Graph } from '../lower/ir.ts';
import type { Liveness } from '../lower/liveness.ts';
import { resolve, type State } from '../state/state.ts';
import { ANYTHING, mentions, type Place, type SymbolValue, type Value } from '../values/values.ts';
import { blocksHere, eventsHere } from './apply.ts';
import { unnoted } from './asked.ts';
import { ringOf } from './rings.ts';
import type { Analysis, FunctionInfo, Session } from './session.ts';
import type { Outcome, Summary } from './summary.ts';

export interface Run {
  readonly session: Session;
  readonly fn: FunctionInfo;
  readonly graph: Graph;
  readonly live: Liveness;
  /** Memory that other functions have put somewhere may be paged pool. */
  readonly mayFindPaged: boolean;
}

/** Events of one way that are kept for callers; a way with more is told as one that could do anything. */
const MAX_EVENTS = 60;

/** Functions whose callers wait for their summaries; below so many, a callee is one that could do anything. */
const MAX_DEPTH = 80;

/** Tells the rules, remembers the event for callers, and changes the state. */
export function happen(run: Run, state: State, what: FlowEvent): void {
  const event = what.kind === 'send' ? withSilence(run.session, state, withLasting(state, what)) : what;
  run.session.observer.event(event, state, run.fn);
  remember(state, event);
  transition(state, event, (at, fact) => freesOf(run.session, at, fact));
}

function withSilence(session: Session, state: State, send: SendEvent): SendEvent {
  const routine = state.facts.get(send.irp.key)?.routine;
  if (routine?.kind !== 'set' || routine.value.kind !== 'function') return send;
  const info = session.functionOf(routine.value.symbol);
  return info !== undefined && tellsNobody(session, info.definition) ? { ...send, isSilent: true } : send;
}

/**
 * The analysis of a function, made when it is first asked for, with those of its ring; undefined while it is being made,
 * or too deep.
 */
export function analysisOf(session: Session, info: FunctionInfo): Analysis | undefined {
  const { asking } = session;
  asking?.told.asked.add(info);
  if (info.analysis === 'running') {
    // Within a ring it is the same each time who waits for whom.
    if (asking !== undefined && !ringOf(session, asking).includes(info)) session.isTangled = true;
    return undefined;
  }
  if (info.analysis !== 'none') return info.analysis;
  if (session.depth >= MAX_DEPTH) {
    session.isTangled = true;
    return undefined;
  }
  const ring = unnoted(session, () => ringOf(session, info));
  const isEntered = ring.some(({ analysis }) => analysis !== 'none');
  for (const member of isEntered ? [info] : ring) if (member.analysis === 'none') analyse(session, member);
  return made(info);
}

function made({ analysis }: FunctionInfo): Analysis | undefined {
  return typeof analysis === 'string' ? undefined : analysis;
}

function analyse(session: Session, info: FunctionInfo): void {
  const { asking } = session;
  session.depth++;
  session.asking = info;
  info.analysis = 'running';
  info.analysed = info.definition;
  // Asked for its own sake: an analysis stands as long as its ring is the same.
  ringOf(session, info);
  info.analysis = session.analyse(session, info);
  session.asking = asking;
  session.depth--;
}

export function summaryOf(session: Session, info: FunctionInfo): Summary {
  return analysisOf(session, info)?.summary ?? { kind: 'unknown' };
}

function remember(state: State, event: FlowEvent): void {
  if (state.isVague || !mayConcernCaller(event)) return;
  if (event.kind === 'wait') {
    // A second wait tells nothing new, unless something was sent in between.
    const last = state.events.findLast((e) => e.kind === 'wait' || e.kind === 'send');
    if (last?.kind !== 'wait' || (last.isForObject === true && event.isForObject !== true))
      state.events = [...state.events, event];
    return;
  }
  if (event.kind === 'free' && event.irp.kind === 'symbol' && event.irp.source.kind === 'new') {
    // It was made and freed here: no caller will hear of it.
    state.events = state.events.filter((e) => !('irp' in e) || e.irp.key !== event.irp.key || concernsOthers(e));
    return;
  }
  if (
    event.kind === 'use' &&
    !marksPending(event.by) &&
    event.cancel === undefined &&
    state.events.findLast((e) => 'irp' in e && e.irp.key === event.irp.key)?.kind === 'use'
  )
    return;
  const key = eventKey(event);
  if (state.events.some((e) => eventKey(e) === key)) {
    if (event.kind === 'use' || event.kind === 'registration') return;
    // The same again in a loop: callers are told that what becomes of the IRP is not known, once.
    if (state.isLooping) {
      const last = state.events.findLast((e) => 'irp' in e && e.irp.key === event.irp.key);
      if (last?.kind !== 'lose') state.events = [...state.events, { kind: 'lose', irp: event.irp, where: event.where }];
      return;
    }
  }
  if (state.events.length >= MAX_EVENTS) state.isVague = true;
  else state.events = [...state.events, event];
}

/** A call that a caller's own buffers went to, whatever became of the IRP. */
function concernsOthers(event: FlowEvent): boolean {
  if (concernsClient(event)) return true;
  return event.kind === 'send' && tellingArguments(event).some(isCallersWord);
}

/** The event is about something that a caller may have a name for. */
function mayConcernCaller(event: FlowEvent): boolean {
  if (event.kind === 'registration') return isCallersWord(event.block) || endsUnnamed(event);
  if (event.kind === 'wait' || isCallersWord(event.irp)) return true;
  if (event.kind === 'allocate') return isCallersWord(event.stackSize);
  return concernsOthers(event);
}

/** Given by parameters, memory at the start, and objects made here alone. */
function isCallersWord(value: Value): boolean {
  switch (value.kind) {
    case 'integer':
    case 'function':
    case 'anything':
      return false;
    case 'symbol':
      return value.source.kind === 'initial' ? isCallersPlace(value.source.place) : value.source.kind !== 'other';
    case 'address':
      return isCallersPlace(value.place);
    case 'operation':
      return isCallersWord(value.left) || isCallersWord(value.right);
  }
}

function isCallersPlace({ root, steps }: Place): boolean {
  if (root.kind === 'local' || root.kind === 'literal') return false;
  if (root.kind === 'pointee' && !isCallersWord(root.pointer)) return false;
  return steps.every((step) => step.kind === 'offset' || step.index.kind === 'integer' || isCallersWord(step.index));
}

/** What a completion routine knows its IRP by. */
const IRP_PARAMETER = '<p1>';

/** Memory that the completion routine of an IRP frees on each of its ways, by the names of who sends the IRP. */
export function freedByRoutine(
  session: Session,
  state: State,
  irp: Value,
): { readonly blocks: readonly FreedBlock[]; readonly routine: string } | undefined {
  const routine = state.facts.get(irp.key)?.routine;
  if (routine?.kind !== 'set' || routine.value.kind !== 'function') return undefined;
  const info = session.functionOf(routine.value.symbol);
  const summary = info === undefined ? undefined : summaryOf(session, info);
  if (info === undefined || summary?.kind !== 'known' || !summary.outcomes.every(freesMemory)) return undefined;
  const given = { arguments: [ANYTHING, irp, routine.context], site: { name: 'completion', mayRepeat: false } };
  const ways = summary.outcomes.flatMap((outcome) => {
    const blocks = blocksHere(state, outcome, given);
    return blocks === undefined ? [] : [blocks.flatMap((block) => asFreed(state, block))];
  });
  const [first = [], ...others] = ways;
  const isOnAll = ({ value }: FreedBlock): boolean =>
    others.every((way) => way.some((block) => block.value.key === value.key));
  return { blocks: first.filter(isOnAll), routine: info.definition.symbol.name };
}

export interface FreedBlock {
  readonly value: SymbolValue;
  readonly freed: Freed;
  readonly kind: Block['kind'];
}

function freesMemory({ kernel }: Outcome): boolean {
  return kernel.blocks.some(isFreedMemory);
}

function isFreedMemory({ kind, life }: Block): boolean {
  return (kind === 'pool' || kind === 'entry' || kind === 'mdl') && life === 'freed';
}

function asFreed(state: State, block: Block): readonly FreedBlock[] {
  const { freed, kind } = block;
  const value = resolve(state, block.value);
  return isFreedMemory(block) && freed !== undefined && value.kind === 'symbol' ? [{ value, freed, kind }] : [];
}

/** Other requests (their keys) that the completion routine of an IRP completes on each of its ways; and its name. */
export function completedBy(
  session: Session,
  state: State,
  irp: Value,
): { readonly irps: readonly string[]; readonly routine: string } | undefined {
  const routine = state.facts.get(irp.key)?.routine;
  if (routine?.kind !== 'set' || routine.value.kind !== 'function') return undefined;
  const info = session.functionOf(routine.value.symbol);
  const summary = info === undefined ? undefined : summaryOf(session, info);
  if (info === undefined || summary?.kind !== 'known') return undefined;
  if (!summary.outcomes.every(({ events }) => events.some(({ kind }) => kind === 'complete'))) return undefined;
  const given = { arguments: [ANYTHING, irp, routine.context], site: { name: 'completion', mayRepeat: false } };
  const ways = summary.outcomes.flatMap((outcome) => {
    const events = eventsHere(state, outcome, given);
    return events === undefined ? [] : [events.flatMap((e) => (e.kind === 'complete' ? [e.irp.key] : []))];
  });
  const irps = (ways[0] ?? []).filter((key) => key !== irp.key && ways.every((way) => way.includes(key)));
  return { irps, routine: info.definition.symbol.name };
}

/** Runs the completion routine's summary with the IRP and context that it will be given. */
function freesOf(session: Session, state: State, fact: IrpFact): Frees {
  const { routine, irp } = fact;
  if (routine.kind !== 'set' || routine.value.kind !== 'function') return { kind: 'unknown' };
  const info = session.functionOf(routine.value.symbol);
  const analysis = info === undefined ? undefined : analysisOf(session, info);
  if (info === undefined || analysis === undefined) return { kind: 'unknown' };
  const surely = analysis.frees.get(1);
  if (surely !== undefined) return { kind: 'always', where: surely, routine: info.definition.symbol.name };
  const { summary } = analysis;
  if (summary.kind === 'unknown') return { kind: 'unknown' };
  let ways = 0;
  let freeing = 0;
  let always: Frees = { kind: 'unknown' };
  let isLost = false;
  let reuses = false;
  let keeps = false;
  for (const outcome of summary.outcomes) {
    const site = { name: 'completion', mayRepeat: false };
    const events = eventsHere(state, outcome, { arguments: [ANYTHING, irp, routine.context], site });
    if (events === undefined) continue;
    ways++;
    const free = events.find((e) => e.kind === 'free' && e.irp.key === irp.key);
    if (free !== undefined) {
      freeing++;
      always = { kind: 'always', where: free.where, routine: info.definition.symbol.name };
    }
    if (events.some((e) => e.kind === 'reuse')) reuses = true;
    const { cells, exposed } = outcome;
    if ([...cells.map((cell) => cell.value), ...exposed].some(({ key }) => mentions(key, IRP_PARAMETER))) keeps = true;
    if (events.some((e) => e.kind === 'lose' || (e.kind === 'free' && e.irp.kind === 'anything'))) isLost = true;
  }
  if (ways > 0 && freeing === ways) return always;
  return freeing === 0 && ways > 0 && !isLost ? { kind: 'never', reuses, keeps } : { kind: 'unknown' };
}
