/** How an event changes what is known of IRPs and of calls in flight. Rules have seen the event before. */
import { builtLasting } from '../calls/apis.ts';
import { isNull, mayBeNull, narrow, rangeOf, resolve, type State } from '../state/state.ts';
import { innermost, type Where } from '../state/where.ts';
import { contains, NOT_ZERO } from '../values/ranges.ts';
import { ANYTHING, initialValue, type Place, placeAt, type Value } from '../values/values.ts';
import {
  eventKey,
  type FlowEvent,
  type Lasting,
  lastingArguments,
  marksPending,
  type SendEvent,
  socketOf,
  type UseEvent,
  type WaitEvent,
} from './events.ts';
import { type Cancel, type Frees, forgotten, type IrpFact, type Life, saysNothing, unknownIrp } from './irp.ts';
import { mayExclude } from './kernel.ts';
import { deedsOf, socketMadeBy, withDeeds } from './sockets.ts';
import { STATUS_PENDING } from './statuses.ts';
import { withClosed, withRegistration } from './wsk.ts';

/** What the completion routine that is set for an IRP does with it. */
export type FreesOf = (state: State, fact: IrpFact) => Frees;

export function transition(state: State, event: FlowEvent, freesOf: FreesOf): void {
  if (event.kind === 'wait') {
    settleAll(state, event);
    return;
  }
  if (event.kind === 'registration') {
    state.wsk = withRegistration(state.wsk, event);
    return;
  }
  if (event.kind === 'send') noteDeed(state, event);
  const { irp } = event;
  if (irp.kind === 'anything' || isNull(state, irp)) {
    // A call without an IRP is done when it returns; one with an IRP that we lost sight of is in flight all the same.
    if (event.kind === 'send' && irp.kind === 'anything' && !event.isIrpOptional) fly(state, event);
    return;
  }
  const fact = state.facts.get(irp.key) ?? unknownIrp(irp);
  if (event.kind === 'send' && event.isIrpOptional && contains(rangeOf(state, irp), 0n)) {
    // It may be a call without an IRP after all. For one that a caller gives, the callers tell at the end.
    if (irp.kind === 'symbol' && irp.source.kind === 'parameter') fly(state, event);
    setFact(state, { ...fact, life: { kind: 'unknown' } });
    return;
  }
  const change = changeBy(state, event, fact, freesOf);
  if (change !== undefined) setFact(state, { ...fact, ...change });
  if (event.kind === 'reuse' || event.kind === 'free') land(state, irp);
  if (event.kind === 'send') fly(state, event);
  if (event.kind === 'free' && irp.kind === 'symbol' && irp.source.kind === 'parameter')
    state.freed.set(irp.key, event.where);
  // What has just been made may be NULL, and so may what is lost sight of; others are used as they are.
  if (event.kind === 'allocate' || event.kind === 'build' || event.kind === 'lose') return;
  if (mayBeNull(state, irp)) state.trusted.add(irp.key);
  narrow(state, irp, NOT_ZERO);
}

function setFact(state: State, fact: IrpFact): void {
  if (saysNothing(fact)) state.facts.delete(fact.irp.key);
  else state.facts.set(fact.irp.key, fact);
}

type IrpEvent = Exclude<FlowEvent, { readonly kind: 'wait' | 'registration' }>;

/** As it comes from the function that makes it, or makes it new. */
const FRESH = { routine: { kind: 'none' }, life: { kind: 'idle' } } as const;
/** The stack location of the driver below is ready. */
const PREPARED = { isPrepared: true, givenUp: undefined } as const;

/** What becomes of the IRP; undefined where nothing does. */
function changeBy(state: State, event: IrpEvent, fact: IrpFact, freesOf: FreesOf): Partial<IrpFact> | undefined {
  const { irp, where } = event;
  switch (event.kind) {
    case 'allocate':
      return { ...unknownIrp(irp), ...FRESH, origin: 'own', originWhere: where, cancel: { kind: 'none' } };
    case 'build': {
      const { api } = event;
      const lasting = builtLasting(api).map((index) => event.arguments[index] ?? ANYTHING);
      return { ...unknownIrp(irp), ...FRESH, origin: 'built', originWhere: where, built: { api, where, lasting } };
    }
    case 'reuse': {
      const fresh = { ...FRESH, routine: { kind: 'none', reused: where } } as const;
      if (fact.origin !== 'unknown') return fresh;
      // It was there before, so somebody has it.
      const isKept = fact.isKept || irp.kind !== 'symbol' || irp.source.kind !== 'new';
      return { ...fresh, origin: 'own', originWhere: where, isKept };
    }
    case 'set-routine': {
      const { routine: value, context } = event;
      return { routine: isNull(state, value) ? { kind: 'none' } : { kind: 'set', value, context, where } };
    }
    case 'send':
      return {
        life: lifeWhileSent(state, event, fact, freesOf),
        isPrepared: fact.origin !== 'received',
        givenUp: undefined,
        cancel: { kind: 'unknown' },
      };
    case 'use':
      if (marksPending(event.by)) return { isMarked: true };
      if (event.cancel !== undefined) return { cancel: cancelAfter(state, fact, event.cancel, where) };
      return !fact.isPrepared && setsLocation(event) ? { isPrepared: true } : undefined;
    case 'free':
      return { life: { kind: 'freed', where } };
    case 'complete':
      return { life: { kind: 'completed', where, status: event.status } };
    case 'lose':
      return forgotten(fact);
    case 'lose-routine':
      return { ...PREPARED, routine: { kind: 'unknown' } };
    case 'prepare':
      return PREPARED;
    case 'clear-routine':
      return { ...PREPARED, routine: { kind: 'none' } };
    case 'give-up':
      return { routine: { kind: 'none' }, isPrepared: true, givenUp: where };
  }
}

function lifeWhileSent(state: State, send: SendEvent, fact: IrpFact, freesOf: FreesOf): Life {
  const { api, where, result, isWsk } = send;
  return {
    kind: 'sent',
    api,
    where,
    result,
    isWaited: false,
    isHelped: false,
    memory: isWsk ? memoryOf(state, send) : [],
    frees: freesOf(state, fact),
    isGivenAway: !isWsk && fact.origin === 'received' && fact.routine.kind === 'none',
    makes: isWsk ? socketMadeBy(api, where, (name) => argumentOf(state, send, name)) : undefined,
  };
}

function cancelAfter(
  state: State,
  { cancel }: IrpFact,
  { routine, isAnswerRead }: NonNullable<UseEvent['cancel']>,
  where: Where,
): Cancel {
  if (routine.kind === 'function') return { kind: 'set', routine: routine.symbol.name, where };
  if (cancel.kind === 'none' && isNull(state, routine)) return cancel;
  return isNull(state, routine) && !isAnswerRead && !mayExclude(state.kernel)
    ? { kind: 'dropped', where }
    : { kind: 'unknown' };
}

/** By hand, without the functions that are there for it. */
function setsLocation({ by, where }: UseEvent): boolean {
  const { node } = innermost(where);
  const name = 'name' in node ? node.name : undefined;
  return by === undefined && (name === 'Tail' || name === 'CurrentLocation');
}

/** The arguments of a call by name, where they are known numbers. */
export function numbersOf(state: State, send: SendEvent): (parameter: string) => bigint | undefined {
  return (parameter) => {
    const known = argumentOf(state, send, parameter);
    return known.kind === 'integer' ? known.value : undefined;
  };
}

function argumentOf(state: State, send: SendEvent, parameter: string): Value {
  return resolve(state, send.arguments[send.parameters.indexOf(parameter)] ?? ANYTHING);
}

/** The MDL that a WSK_BUF leads to, what that describes, and what else must last until the call is done. */
function memoryOf(state: State, send: SendEvent): readonly string[] {
  const buffer = placeAt(argumentOf(state, send, 'Buffer'));
  const mdl = buffer === undefined ? undefined : heldAt(state, buffer);
  const base = mdl === undefined ? undefined : state.kernel.blocks.get(mdl.key)?.base;
  const values = [mdl, base, ...lastingArguments(send).map((index) => send.arguments[index])];
  return values.flatMap((value) => {
    const root = value === undefined ? undefined : placeAt(value)?.root;
    return root?.kind === 'pointee' ? [root.pointer.key] : [];
  });
}

/** What memory holds at a place: where nothing was read or written yet, what it held at the start. */
function heldAt(state: State, place: Place): Value {
  return state.cells.get(place.key)?.value ?? initialValue(place);
}

/** What the call does to its socket's life. */
function noteDeed(state: State, event: SendEvent): void {
  const socket = socketOf(event);
  if (socket === undefined) return;
  const { api, where } = event;
  if (api === 'WskCloseSocket' && socket.kind !== 'anything' && !isNull(state, socket)) {
    state.wsk = withClosed(state.wsk, socket, where);
    if (state.kernel.blocks.get(socket.key)?.kind === 'socket') state.kernel.blocks.delete(socket.key);
  }
  if (socket.kind !== 'symbol') return;
  const deeds = deedsOf(api, numbersOf(state, event));
  const sockets = withDeeds(state.wsk.sockets, { socket, api, where, deeds });
  if (sockets !== state.wsk.sockets) state.wsk = { ...state.wsk, sockets };
}

/** Takes note of calls that have completed, as their results say. */
export function settleCompleted(state: State): void {
  state.calls = state.calls.filter((call) => contains(rangeOf(state, call.result), STATUS_PENDING));
  for (const [key, fact] of state.facts) {
    if (fact.life.kind !== 'sent' || fact.life.isWaited || mayBePending(state, fact.life)) continue;
    state.facts.set(key, { ...fact, life: { ...fact.life, isWaited: true } });
  }
}

/** Whether the call can still be running: nobody waited, and its result does not say that it has completed. */
export function mayBePending(state: State, life: Extract<Life, { kind: 'sent' }>): boolean {
  return !life.isWaited && contains(rangeOf(state, life.result), STATUS_PENDING);
}

export function isLocalAddress(value: Value | undefined): boolean {
  return value?.kind === 'address' && value.place.root.kind === 'local';
}

/** The call with what else must last until it is done: what its IRP's completion routine is given, or its IRP was built with. */
export function withLasting(state: State, send: SendEvent): SendEvent {
  const fact = send.lasting === undefined ? state.facts.get(send.irp.key) : undefined;
  const lasting = fact === undefined ? [] : lastingOf(fact);
  return lasting.length === 0 ? send : { ...send, lasting };
}

function fly(state: State, send: SendEvent): void {
  const lasting = (send.lasting ?? []).filter(({ value }) => isLocalAddress(value));
  if (lasting.length === 0 && !lastingArguments(send).some((index) => isLocalAddress(send.arguments[index]))) return;
  if (!state.calls.some((call) => eventKey(call) === eventKey(send))) state.calls = [...state.calls, send];
}

/** What was in flight with this IRP is done, or another rule has told that it is not. */
function land(state: State, irp: Value): void {
  state.calls = state.calls.filter((call) => call.irp.key !== irp.key);
}

function lastingOf({ routine, built }: IrpFact): readonly Lasting[] {
  if (built !== undefined)
    return built.lasting.map((value) => ({ value, user: built.api, kind: 'built', where: built.where }));
  if (routine.kind !== 'set' || routine.value.kind !== 'function') return [];
  return [{ value: routine.context, user: routine.value.symbol.name, kind: 'context', where: routine.where }];
}

function settleAll(state: State, { isForObject, isHelped }: WaitEvent): void {
  // What nobody tells of may still be under way; a socket that is closed gives back all that it had.
  const isAboutOthers = isForObject === true && state.wsk.closed.size === 0;
  state.calls = isAboutOthers ? state.calls.filter(({ isSilent }) => isSilent === true) : [];
  for (const [key, fact] of state.facts) {
    if (fact.life.kind === 'sent' && !fact.life.isWaited)
      state.facts.set(key, { ...fact, life: { ...fact.life, isWaited: true, isHelped: isHelped === true } });
  }
}
