/**
 * Calls of functions that are declared in the bundled headers: their events for the IRPs, sockets and registrations
 * that they are given, and what they change in memory.
 */
import { memo } from '../../../../base/memo.ts';
import type { ApiFacts } from '../../../../catalog/model.ts';
import type { Expression, FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { someNode, stripConversions } from '../../../../cfront/parse/walk.ts';
import { calledName } from '../../callee.ts';
import { irpMember, isIrpPointer } from '../../irp-type.ts';
import { nodesIn } from '../../nodes.ts';
import { pointsTo } from '../../record-type.ts';
import type { ApiCall, FlowEvent } from '../facts/events.ts';
import type { Released } from '../facts/kernel.ts';
import { STATUS_TIMEOUT } from '../facts/statuses.ts';
import { isLocalAddress } from '../facts/transition.ts';
import type { RegistrationEvent } from '../facts/wsk.ts';
import { contextFreed, happen, type Run } from '../run/run.ts';
import { fresh, type Site } from '../state/forget.ts';
import { changeRange, changeShared, irpBehind, shareAddress } from '../state/memory.ts';
import { copyState, isNull, mayBeNull, narrow, resolve, type State } from '../state/state.ts';
import { eventSite } from '../state/where.ts';
import { between, exactly, except, NOT_ZERO, rangeKey } from '../values/ranges.ts';
import { ANYTHING, placeAt, shift, symbolValue, type Value } from '../values/values.ts';
import { type ApiEffect, insertsInList, isAlwaysThere, mayWait, queuesIrp, touchesMemory } from './apis.ts';
import { behindLocals } from './behind.ts';
import { newBlock } from './blocks.ts';
import type { Call } from './call.ts';
import { acquire } from './locks.ts';
import { changeOutputs } from './outputs.ts';
import { calledType } from './recognise.ts';
import { steadyIn } from './steady.ts';

function parameterNames({ expression, values }: Call, facts: ApiFacts | undefined): readonly string[] {
  const parameters = calledType(expression)?.parameters ?? [];
  return values.map((_, index) => facts?.parameters?.[index]?.name ?? parameters[index]?.name ?? '');
}

export function tellCall(call: Call, state: State, api: string, facts: ApiFacts | undefined): void {
  const { run, expression, values, where } = call;
  const parameters = parameterNames(call, facts);
  const isWsk = facts !== undefined;
  tellRules(run, state, { api, isWsk, expression, arguments: values, parameters, where });
}

/** Tells the rules, and remembers for callers what depends on what they give. */
export function tellRules(run: Run, state: State, call: ApiCall): void {
  run.session.observer.call(call, state, run.fn);
  const { asks } = run.fn.told;
  const isTold = call.isWsk || TOLD.test(call.api) || fillsRegistration(call);
  if (!isTold || asks.size >= MAX_ASKS) return;
  const behind = call.behind ?? behindLocals(state, call.arguments);
  const values = [...call.arguments, ...behind.map(({ value }) => value)];
  const isThroughNpi = goesThroughNpi(call);
  if (!isThroughNpi && !values.some(isCallers)) return;
  const conditions = [...state.ranges.values()].filter(
    ({ value }) => isCallers(value) || (isThroughNpi && isGlobals(value)),
  );
  const parts = [...values.map(({ key }) => key), ...conditions.map((c) => c.value.key + rangeKey(c.range))];
  asks.set(`${eventSite(call.where)} ${parts.join()}`, { call: { ...call, behind }, conditions });
}

/**
 * Of the kernel's functions those that callers hear of: what waits, what is given memory that the kernel keeps, and what
 * makes memory of a size and with a tag that they may have given.
 */
const TOLD =
  /^(?:KeWaitFor|ExAllocatePool|ObReferenceObjectByHandle$|IoBuildDeviceIoControlRequest$|KeSet(?:Coalescable)?Timer|KeInsertQueueDpc$|ExQueueWorkItem$|IoQueueWorkItem|ExInitialize(?:Resource|N?Paged|Lookaside))/;

/** A call through the provider NPI that no event tells of: whether that is released by then, callers know. */
function goesThroughNpi({ isWsk, api }: ApiCall): boolean {
  return isWsk && (api === 'WskFreeAddressInfo' || api === 'WskControlClient');
}

function isGlobals(value: Value): boolean {
  return value.kind === 'symbol' && value.source.kind === 'initial' && value.source.place.root.kind === 'global';
}

/** What wipes a block of WSK's, or copies one: whether it is registered by then, callers know. */
function fillsRegistration({ api, expression }: ApiCall): boolean {
  const [to] = expression.arguments;
  const type = to === undefined || !touchesMemory(api) ? undefined : stripConversions(to, { casts: true }).type;
  // What a helper of the driver's own wipes it may take for anything.
  return pointsTo(type, '_WSK_REGISTRATION') || (type?.kind === 'pointer' && type.target.kind === 'void');
}

/** Calls of one function that its callers hear of. */
const MAX_ASKS = 16;

function isCallers({ key }: Value): boolean {
  return key.includes('<p');
}

export function callWsk(call: Call, state: State, facts: ApiFacts): Value {
  const { run, expression, values, site, where } = call;
  const parameters = calledType(expression)?.parameters ?? [];
  const names = parameterNames(call, facts);
  changeOutputs(call, state);
  const result = fresh(state, site, 'result');
  const position = names.findIndex(
    (name, index) => name === 'Irp' || isIrpPointer(parameters[index]?.type ?? expression.type),
  );
  if (position < 0) return result;
  const irp = values[position] ?? ANYTHING;
  loseResult(state, irp, expression.arguments[position], site);
  // An IRP that is there for sure makes it a call with an IRP, here and where a caller hears of it.
  const mayDoWithout = facts.irp?.use === 'optional' || facts.irp?.use === 'must-be-null';
  const isIrpOptional = mayDoWithout && mayBeNull(state, irp);
  happen(run, state, {
    kind: 'send',
    irp,
    api: facts.name,
    isWsk: true,
    isIrpOptional,
    arguments: values,
    parameters: names,
    result,
    where,
  });
  freeContext(call, state, irp, facts.name);
  return result;
}

/** The completion routine may run before the call returns: what it frees on all its ways is gone for the caller. */
function freeContext({ run }: Call, state: State, irp: Value, sent: string): void {
  const known = contextFreed(run.session, state, irp);
  if (known?.context.kind !== 'symbol' || isNull(state, known.context)) return;
  const { context, routine, freed } = known;
  const block = state.kernel.blocks.get(context.key) ?? newBlock(known.kind, context, undefined);
  if (block.kind !== known.kind || block.life === 'freed') return;
  const by = { kind: 'completion routine', routine, started: sent, isAtOnce: true } as const;
  state.kernel.blocks.set(context.key, { ...block, life: 'freed', freed: { ...freed, by } });
}

/** Once a call has the IRP, its IoStatus is the call's to write: it is not what it was before, nor after the last call. */
function loseResult(state: State, irp: Value, argument: Expression | undefined, site: Site): void {
  const type = argument === undefined ? undefined : stripConversions(argument, { casts: true }).type;
  const offset = type === undefined ? undefined : irpMember(type, 'IoStatus');
  if (offset === undefined || irp.kind !== 'symbol') return;
  for (const [at, size] of resultMembers) {
    const place = placeAt(shift(irp, offset + at));
    if (place === undefined) continue;
    changeRange(state, place, size, site);
    state.cells.set(place.key, { place, value: fresh(state, site, place.key), size });
  }
}

/** Where IO_STATUS_BLOCK has its Status and its Information, and their sizes. */
const resultMembers = [
  [0, 4],
  [8, 8],
] as const;

export function callApi(call: Call, state: State, name: string, effect: ApiEffect | undefined): Value {
  const { run, values, site, where } = call;
  const at = (index: number): Value => values[index] ?? ANYTHING;
  const tell = (event: FlowEvent): void => happen(run, state, event);
  if (effect === undefined) return callPlainApi(call, state, name);
  switch (effect.kind) {
    case 'allocate-irp': {
      const irp = fresh(state, site, 'irp', 'new');
      tell({ kind: 'allocate', irp, api: name, stackSize: at(effect.stackSize), where });
      return irp;
    }
    case 'build-irp': {
      const irp = fresh(state, site, 'irp', 'new');
      for (const value of values) shareAddress(state, value);
      tell({ kind: 'build', irp, api: name, arguments: values, where });
      return irp;
    }
    case 'reuse-irp':
    case 'free-irp':
      tell({ kind: effect.kind === 'reuse-irp' ? 'reuse' : 'free', irp: at(effect.irp), where });
      return ANYTHING;
    case 'complete-irp': {
      const irp = at(effect.irp);
      const [status, information] = resultOf(state, irp, call.expression.arguments[effect.irp]);
      tell({ kind: 'complete', irp, status, information, where });
      return ANYTHING;
    }
    case 'set-routine': {
      const first = effect.irp + 1;
      // The routine may change what its context leads to. A caller's own context is not counted as given away: that
      // would lose sight of the IRP that is kept beside the event, in every driver that waits.
      if (isLocalAddress(at(first + 1))) shareAddress(state, at(first + 1));
      tell({
        kind: 'set-routine',
        irp: at(effect.irp),
        routine: resolve(state, at(first)),
        context: at(first + 1),
        invokeOn: [at(first + 2), at(first + 3), at(first + 4)].map((v) => resolve(state, v)),
        where,
      });
      return fresh(state, site, 'result');
    }
    case 'send-irp': {
      const result = fresh(state, site, 'result');
      const irp = at(effect.irp);
      tell({
        kind: 'send',
        irp,
        api: name,
        isWsk: false,
        isIrpOptional: false,
        arguments: values,
        parameters: [],
        result,
        where,
      });
      freeContext(call, state, irp, name);
      return result;
    }
    case 'queue-irp': {
      const irp = at(effect.irp);
      tell({ kind: 'use', irp, by: name, where });
      tell({ kind: 'lose', irp, where });
      return ANYTHING;
    }
    case 'use-irp': {
      const irp = at(effect.irp);
      const cancel = { routine: resolve(state, at(effect.irp + 1)), isAnswerRead: call.isResultRead };
      tell({ kind: 'use', irp, by: name, where, ...(name === 'IoSetCancelRoutine' ? { cancel } : {}) });
      // Asked twice for a request from above, it is the same.
      const fact = state.facts.get(irp.key);
      const isCurrent = name === 'IoGetCurrentIrpStackLocation';
      const isSame = isCurrent && fact?.origin === 'received' && !fact.isPrepared;
      const result = isSame ? currentLocation(irp) : fresh(state, site, 'result');
      if (isCurrent) narrow(state, result, NOT_ZERO);
      return result;
    }
    case 'prepare-irp':
      tell({ kind: 'use', irp: at(effect.irp), by: name, where });
      tell({ kind: preparation(run, name), irp: at(effect.irp), where });
      return fresh(state, site, 'result');
    case 'allocate-memory': {
      const block = fresh(state, site, 'memory', 'new');
      const flags = resolve(state, at(0));
      if (block.kind === 'symbol' && effect.isZeroed(flags.kind === 'integer' ? flags.value : undefined)) {
        state.zeroed.add(`*${block.key}`);
      }
      return block;
    }
    case 'wait':
      return ANYTHING;
  }
}

/** What becomes of the completion routine: by hand, the driver's own code may set it where it names the member. */
function preparation({ fn }: Run, name: string): 'prepare' | 'clear-routine' | 'give-up' | 'lose-routine' {
  if (name === 'IoCopyCurrentIrpStackLocationToNext') return 'clear-routine';
  if (name === 'IoSkipCurrentIrpStackLocation') return 'give-up';
  if (name !== 'IoGetNextIrpStackLocation') return 'lose-routine';
  const isByHand =
    nodesIn(fn.definition, 'member').some((node) => node.name === 'CompletionRoutine') ||
    nodesIn(fn.definition, 'assign').some(({ target }) => target.type.kind === 'record');
  return isByHand ? 'lose-routine' : 'prepare';
}

/** The stack location of this driver in a request from above: what the request says when it comes. */
export function currentLocation(irp: Value): Value {
  const place = placeAt(shift(irp, CURRENT_STACK_LOCATION));
  return place === undefined ? ANYTHING : symbolValue(place.key, { kind: 'initial', place });
}

/** Tail.Overlay.CurrentStackLocation, in an IRP of x64. */
const CURRENT_STACK_LOCATION = 0xb8;

/** What memory holds for the IRP's IoStatus: its Status and its Information, without looking further. */
function resultOf(state: State, irp: Value, argument: Expression | undefined): readonly [Value, Value] {
  const type = argument === undefined ? undefined : stripConversions(argument, { casts: true }).type;
  const offset = type === undefined ? undefined : irpMember(type, 'IoStatus');
  const at = (member: number): Value => {
    const place = offset === undefined ? undefined : placeAt(shift(irp, offset + member));
    const value = place === undefined ? undefined : state.cells.get(place.key)?.value;
    return value === undefined ? ANYTHING : resolve(state, value);
  };
  const [[status], [information]] = resultMembers;
  return [at(status), at(information)];
}

/** A function of a bundled header that lint knows nothing more about. */
function callPlainApi(call: Call, state: State, name: string): Value {
  const { run, expression, values, site, where } = call;
  const registration = registrationCalls[name];
  // Looked at before the call may change it.
  const dispatch = registration === 'register' ? dispatchOf(state, values[0] ?? ANYTHING) : ANYTHING;
  changeOutputs(call, state);
  if (registration !== undefined) {
    const result = fresh(state, site, 'result');
    // STATUS_SUCCESS, or a failure: nothing in between.
    narrow(state, result, between(undefined, 0n));
    const block = values[registration === 'register' ? 1 : 0] ?? ANYTHING;
    happen(run, state, {
      kind: 'registration',
      what: registration,
      block: resolve(state, block),
      dispatch,
      timeout: registration === 'capture' ? resolve(state, values[1] ?? ANYTHING) : ANYTHING,
      result,
      where,
    });
    if (mayWait(name)) {
      happen(run, state, { kind: 'wait', where });
      changeShared(state, site, steadyIn(run));
    }
    return result;
  }
  const type = calledType(expression);
  for (const [index, value] of values.entries()) {
    if (isNull(state, value)) continue;
    const into = value.kind === 'address' ? irpBehind(state, value) : undefined;
    if (into !== undefined && insertsInList(name)) {
      state.facts.set(into.irp.key, { ...into, isQueued: true, isKept: true });
      continue;
    }
    if (into !== undefined) happen(run, state, { kind: 'lose', irp: into.irp, where });
    if (queuesIrp(name) && state.facts.has(value.key)) {
      happen(run, state, { kind: 'use', irp: value, by: name, where });
      const fact = state.facts.get(value.key);
      if (fact !== undefined) state.facts.set(value.key, { ...fact, isQueued: true, isKept: true });
      continue;
    }
    if (!isIrp(expression.arguments[index]) && !state.facts.has(value.key)) continue;
    const parameter = type?.parameters[index];
    // A pointer that is printed, or compared as a PVOID, is a number; nothing behind it is touched.
    if (parameter === undefined && type?.isVariadic === true) continue;
    const isTouched = parameter === undefined || isIrpPointer(parameter.type) || touchesMemory(name);
    if (isTouched) happen(run, state, { kind: 'use', irp: value, by: name, where });
    happen(run, state, { kind: 'lose', irp: value, where });
    if (index === 1 && /^_?InterlockedExchangePointer$/.test(name)) publish(state, values[0], value);
  }
  if (mayWait(name)) {
    happen(run, state, { kind: 'wait', where });
    changeShared(state, site, steadyIn(run));
  }
  // Who has held a reference, and asks whether it was the last, may know that what was in flight for it is back.
  if (/^_?InterlockedDecrement/.test(name) && call.isResultRead) happen(run, state, { kind: 'wait', where });
  const result = fresh(state, site, 'result');
  if (isAlwaysThere(name)) narrow(state, result, NOT_ZERO);
  return result;
}

/** It is put at once where others find it: a member of something that they know, or a global. */
function publish(state: State, to: Value | undefined, irp: Value): void {
  const root = to === undefined ? undefined : placeAt(resolve(state, to))?.root;
  const fact = state.facts.get(irp.key);
  if (fact !== undefined && root !== undefined && root.kind !== 'local')
    state.facts.set(irp.key, { ...fact, isQueued: true, isKept: true });
}

const registrationCalls: Readonly<Record<string, RegistrationEvent['what']>> = {
  WskRegister: 'register',
  WskDeregister: 'deregister',
  WskCaptureProviderNPI: 'capture',
  WskReleaseProviderNPI: 'release',
};

/** The client dispatch that a WSK_CLIENT_NPI points to: its second member. */
function dispatchOf(state: State, npi: Value): Value {
  const place = placeAt(shift(npi, 8));
  const value = place === undefined ? undefined : state.cells.get(place.key)?.value;
  return value ?? ANYTHING;
}

export function waitFor(call: Call, state: State, timeout: number | undefined, to: number): readonly State[] {
  const { run, expression, values, site, where } = call;
  const result = fresh(state, site, 'result');
  state.temporaries.set(to, result);
  const limit = timeout === undefined ? undefined : (values[timeout] ?? ANYTHING);
  const waited = (after: State): State => {
    happen(run, after, { kind: 'wait', isForObject: true, where });
    changeShared(after, site, steadyIn(run));
    if (takesMutex(call, after)) {
      acquire(call, after, calledName(expression) ?? '', MUTEX);
      // Where nothing but the mutex ends the wait there is nothing else to hear.
      narrow(after, result, exactly(0n));
    }
    // Nothing that others could have changed is the result of this very call.
    after.temporaries.set(to, result);
    return after;
  };
  if (limit === undefined || limit.kind === 'anything' || isNull(state, limit)) return [waited(state)];
  // Where there may be no limit, a function that asks whether it has passed says that there may be one.
  const isUnsure = mayBeNull(state, limit);
  if (isUnsure && !asksForTimeout(run.fn.definition)) return [waited(state)];
  const early = copyState(state);
  if (isUnsure) narrow(early, limit, NOT_ZERO);
  narrow(early, result, exactly(STATUS_TIMEOUT));
  changeShared(early, site, steadyIn(run));
  narrow(state, result, except(STATUS_TIMEOUT));
  return [early, waited(state)];
}

const asksForTimeout = memo((definition: FunctionDefinition): boolean =>
  someNode(definition.body, (node) => node.kind === 'integer' && node.value === STATUS_TIMEOUT),
);

const MUTEX = { kind: 'acquire', lock: 'mutex', at: 0, raises: undefined, saves: undefined } as const;

/** It waits for a mutex, and nothing but the mutex ends the wait. */
function takesMutex({ expression, values }: Call, state: State): boolean {
  return isMutex(expression.arguments[0]) && values[3] !== undefined && isNull(state, values[3]);
}

function isMutex(object: Expression | undefined): boolean {
  return object !== undefined && pointsTo(stripConversions(object, { casts: true }).type, '_KMUTANT');
}

/**
 * A helper that waits for whatever it is given, which its caller knows to be a mutex. What comes of a wait that may end
 * before nobody follows.
 */
export function takeGivenMutex(call: Call, state: State, asked: ApiCall, released: readonly Released[]): void {
  if (asked.api !== 'KeWaitForSingleObject' || isMutex(asked.expression.arguments[0])) return;
  const [object, , , alertable, timeout] = asked.arguments;
  const at = call.values.findIndex(({ key }) => key === object?.key);
  if (object === undefined || !isMutex(call.expression.arguments[at])) return;
  if (released.some(({ lock }) => lock.key === object.key)) return;
  if ([alertable, timeout].every((value) => value !== undefined && isNull(state, value)))
    acquire({ ...call, values: [object], where: asked.where }, state, asked.api, MUTEX);
  else state.kernel.isVague = true;
}

export function isIrp(argument: Expression | undefined): boolean {
  return argument !== undefined && isIrpPointer(stripConversions(argument, { casts: true }).type);
}
